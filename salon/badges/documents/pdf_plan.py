"""Plan of the park with its labelled stands, on an A6 panel. In points."""

from collections.abc import Sequence

from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from salon.badges.documents.pdf_panels import HEAD, HEIGHT, HILLS, MARGIN, ROOM, heading
from salon.badges.models.badge_layouts import FairFace, HallShape, StandShape
from salon.fair.engine.geometry import Box
from salon.fair.engine.plan_frames import name_place
from salon.platform.documents.pdf.colours import GREY, INK, LINE, SAND, SEA
from salon.platform.documents.pdf.text import draw, fit, top_around

SMALLEST_ROW = 2.7 * mm


def draw_plan(canvas: Canvas, fair: FairFace) -> None:
    named_stands = sorted(
        (stand for stand in fair.stands if stand[6]), key=lambda number: (len(number[0]), number[0])
    )
    heading(canvas, "Plan", f"{fair.place}")
    room = HEIGHT - HEAD - HILLS - 5 * mm
    room -= min(_legend_shape(len(named_stands))[1] * 5.4 * mm, room * 0.45)
    if not fair.halls:
        canvas.setFillColor(INK)
        draw(canvas, fit("À venir", ROOM, 10 * mm, 11, 11), MARGIN, HEIGHT - HEAD)
        return
    bottom = _halls(canvas, fair, room)
    _legend(canvas, named_stands, bottom - 5 * mm)


def _halls(canvas: Canvas, fair: FairFace, room: float) -> float:
    """Draw the park to scale in the width of the panel; return where it ends."""
    left = min(x for _, _, _, x, _ in fair.halls)
    up = min(y for _, _, _, _, y in fair.halls)
    park_width = max(x + width for _, width, _, x, _ in fair.halls) - left
    park_depth = max(y + depth for _, _, depth, _, y in fair.halls) - up
    scale = min(ROOM / park_width, room / park_depth)
    start = MARGIN + (ROOM - park_width * scale) / 2
    top = HEIGHT - HEAD
    corners = {}
    for name, width, depth, x, y in fair.halls:
        corner = start + (x - left) * scale, top - (y - up) * scale
        corners[name] = corner
        canvas.setFillColor(SAND)
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.9)
        canvas.rect(corner[0], corner[1] - depth * scale, width * scale, depth * scale, fill=1)
    for stand in fair.stands:
        if not stand[6]:
            _stand(canvas, stand, corners[stand[1]], scale)
    for hall in fair.halls:
        named_stands = [stand for stand in fair.stands if stand[6] and stand[1] == hall[0]]
        _hall_name(canvas, hall, corners[hall[0]], scale, named_stands)
        for stand in named_stands:
            _stand(canvas, stand, corners[hall[0]], scale)
    return top - park_depth * scale


def _stand(canvas: Canvas, stand: StandShape, corner: tuple[float, float], scale: float) -> None:
    number, _, x, y, width, depth, label = stand
    box_x, box_y = corner[0] + x * scale, corner[1] - (y + depth) * scale
    canvas.setFillColor(SEA if label else white)
    canvas.setStrokeColor(SEA if label else LINE)
    canvas.setLineWidth(0.4)
    canvas.rect(box_x, box_y, width * scale, depth * scale, fill=1)
    if label:
        canvas.setFillColor(white)
        text = fit(number, width * scale * 0.9, depth * scale, depth * scale * 0.8, 2, True)
        top = top_around(text, box_y + depth * scale / 2)
        draw(canvas, text, box_x + width * scale / 2, top, "centre")


def _hall_name(
    canvas: Canvas,
    hall: HallShape,
    corner: tuple[float, float],
    scale: float,
    named_stands: Sequence[StandShape],
) -> None:
    """Draw the name where it hides the fewest named stands."""
    name, width, depth, _, _ = hall
    title = name if name.lower().startswith("hall") else f"Hall {name}"
    text = fit(title, width * scale * 0.9, depth * scale * 0.4, 9, 5, True)
    across, down = text.width / scale + 2, text.height / scale
    boxes = [Box(*stand[2:6]) for stand in named_stands]
    x, y = name_place(width, depth, boxes, across, down)
    left, middle = corner[0] + x * scale, corner[1] - y * scale
    canvas.setFillColor(SAND)
    box = left - text.width / 2 - 2, middle - text.height / 2, text.width + 4, text.height
    canvas.rect(*box, stroke=0, fill=1)
    canvas.setFillColor(INK)
    draw(canvas, text, left, top_around(text, middle), "centre")


def _legend(canvas: Canvas, named_stands: Sequence[StandShape], top: float) -> None:
    """Draw the number and name of the labelled stands in columns, and how many did not fit."""
    columns, rows = _legend_shape(len(named_stands))
    row = min(7 * mm, (top - HILLS) / max(rows, 1))
    if row < SMALLEST_ROW:
        row, rows = SMALLEST_ROW, int((top - HILLS) / SMALLEST_ROW)
    shown_count = len(named_stands) if len(named_stands) <= rows * columns else rows * columns - 1
    column, size = ROOM / columns, min(10.5, row * 0.6)
    box = size * 2.2
    for place, (number, _, _, _, _, _, label) in enumerate(named_stands[:shown_count]):
        across, down = divmod(place, rows)
        x, middle = MARGIN + across * column, top - (down + 0.5) * row
        canvas.setFillColor(SEA)
        canvas.roundRect(x, middle - row * 0.4, box, row * 0.8, row * 0.1, stroke=0, fill=1)
        canvas.setFillColor(white)
        text = fit(number, box * 0.9, row, size, 3, True)
        draw(canvas, text, x + box / 2, top_around(text, middle), "centre")
        canvas.setFillColor(INK)
        text = fit(label, column - box - 3 * mm, size * 1.15, size, size * 0.7)
        draw(canvas, text, x + box + 1.5 * mm, top_around(text, middle))
    if shown_count < len(named_stands):
        x, middle = MARGIN + (columns - 1) * column, top - (rows - 0.5) * row
        text = fit(
            f"… et {len(named_stands) - shown_count} autres stands", column, size * 1.15, size, 3
        )
        draw(canvas, text, x, top_around(text, middle))


def _legend_shape(count: int) -> tuple[int, int]:
    """Return (columns, rows)"""
    columns = 2 if count <= 20 else 3
    return columns, -(-count // columns)
