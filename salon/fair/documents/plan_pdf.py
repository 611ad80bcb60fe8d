"""The plan of a hall or of the park on A3, in vectors. In points; y goes down as on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from salon.fair.engine.geometry import Rectangle
from salon.fair.engine.plan_frames import squares
from salon.fair.models import Edition, Hall
from salon.fair.presenters.stand_labels import lettering
from salon.fair.queries import StandOnPlan
from salon.platform import formats
from salon.platform.pdf.sheet import Sheet
from salon.platform.pdf.text import draw, fit, printable, top_around, width_of

INK, SEA, SOFT = HexColor("#14232E"), HexColor("#0B5670"), HexColor("#45555F")
SAND, SUN, PALE = HexColor("#F6F1E7"), HexColor("#F2B632"), HexColor("#E3EFF3")
DARK_SAND = HexColor("#E6DCC6")
MARGIN = 14 * mm
HEAD, FOOT = 24 * mm, 20 * mm
PAGE = landscape(A3)
READABLE = 6.0
"""Points: names smaller than this on the drawing are read in the list alone."""
ROW = 5.6 * mm
COLUMNS, SHORTEST_COLUMN = 4, 12
LISTED = HEAD + 10 * mm
"""From the top of a page to its list."""
NAME_ROOM = 5.0
"""Metres north of the park, for the names of its first halls."""


@dataclass(frozen=True)
class Scale:
    """Conversion from metres on the floor to points on the paper."""

    left: float
    top: float
    size: float

    def box(
        self, rectangle: Rectangle, x: float = 0, y: float = 0
    ) -> tuple[float, float, float, float]:
        """Return left, bottom, width, height; `x`, `y` is the corner of the rectangle's hall."""
        height = rectangle.depth * self.size
        bottom = self.top - (y + rectangle.y) * self.size - height
        return (
            self.left + (x + rectangle.x) * self.size,
            bottom,
            rectangle.width * self.size,
            height,
        )


@dataclass(frozen=True)
class Ground:
    """A rectangle of floor."""

    x: float
    y: float
    width: float
    depth: float


def hall_pdf(
    edition: Edition, hall: Hall, stands: Sequence[StandOnPlan], printed_at: datetime
) -> bytes:
    """Return a page with the drawing of the hall, then the list of its occupants."""
    named = [stand for stand in stands if stand.who]
    pages = 1 + _pages_for(len(named))
    size = f"{formats.number(round(hall.area))} m², {formats.metres(hall.width)} × "
    size += f"{formats.metres(hall.depth)} m"
    sheet = _Sheet(edition, f"Plan du hall {hall.name}", size, hall.version, printed_at, pages)
    ground = Ground(0, 0, hall.width, hall.depth)
    scale = sheet.fitted(ground)
    sheet.floor(scale.box(ground), 1.6)
    sheet.squares(ground, scale)
    for stand in stands:
        _stand(sheet.canvas, scale, stand)
    sheet.foot(scale, with_squares=True)
    sheet.list(named)
    return sheet.finished()


def park_pdf(
    edition: Edition, halls: Sequence[Hall], stands: Sequence[StandOnPlan], printed_at: datetime
) -> bytes:
    """Return a page with all the halls, then the list of their occupants."""
    named = [stand for stand in stands if stand.who]
    pages = 1 + _pages_for(len(named))
    size = f"{formats.plural(len(halls), 'hall')}, "
    size += f"{formats.number(round(sum(hall.area for hall in halls)))} m²"
    version = sum(hall.version for hall in halls)
    sheet = _Sheet(edition, "Plan du salon", size, version, printed_at, pages)
    left = min((hall.x for hall in halls), default=0)
    up = min((hall.y for hall in halls), default=0) - NAME_ROOM
    right = max((hall.x + hall.width for hall in halls), default=1)
    low = max((hall.y + hall.depth for hall in halls), default=1)
    scale = sheet.fitted(Ground(left, up, right - left, low - up))
    corners = {hall.name: (hall.x, hall.y) for hall in halls}
    for hall in halls:
        box = scale.box(Ground(hall.x, hall.y, hall.width, hall.depth))
        sheet.floor(box, 1.2)
        name = fit(f"Hall {hall.name}", box[2], 7 * mm, 15, 6, bold=True)
        sheet.canvas.setFillColor(INK)
        draw(sheet.canvas, name, box[0], box[1] + box[3] + name.height + 1.2 * mm)
    for stand in stands:
        _stand(sheet.canvas, scale, stand, *corners[stand.hall])
    sheet.foot(scale)
    sheet.list(named, with_hall=True)
    return sheet.finished()


class _Sheet:
    """Pages with the same head and foot."""

    def __init__(
        self,
        edition: Edition,
        title: str,
        size: str,
        version: int,
        printed_at: datetime,
        pages: int,
    ) -> None:
        self.buffer = BytesIO()
        name = f"{title} – {edition.short_name}"
        self.canvas = Sheet(self.buffer, PAGE, title=name, author=edition.organiser)
        self.edition, self.title, self.size = edition, title, size
        self.pages, self.page = pages, 1
        self.printed = f"Plan version {version}, imprimé le {formats.short_moment(printed_at)}"
        self._frame()

    def _frame(self) -> None:
        canvas, (width, height) = self.canvas, PAGE
        canvas.setFillColor(INK)
        title = fit(self.title, width / 3, 12 * mm, 26, 12, bold=True)
        draw(canvas, title, MARGIN, height - 10 * mm)
        size = fit(self.size, width / 5, 10 * mm, 14, 8)
        canvas.setFillColor(SOFT)
        draw(canvas, size, MARGIN + title.width + 6 * mm, height - 13 * mm)
        when = f"{self.edition.short_name}, {self.edition.day_label}, {self.edition.place}"
        words = fit(when, width / 2 - 2 * MARGIN, 10 * mm, 12, 7)
        canvas.setFillColor(SOFT)
        draw(canvas, words, width - MARGIN - words.width, height - 12 * mm)
        foot = fit(f"{self.printed}. Page {self.page} sur {self.pages}", width / 2, 5 * mm, 9, 7)
        draw(canvas, foot, width - MARGIN - foot.width, 11 * mm)

    def fitted(self, ground: Rectangle) -> Scale:
        """Return the scale at which the ground fills the page, centred."""
        width, height = PAGE
        room = width - 2 * MARGIN, height - HEAD - FOOT - 10 * mm
        size = min(room[0] / ground.width, room[1] / ground.depth)
        left = MARGIN + (room[0] - ground.width * size) / 2
        top = height - HEAD - 4 * mm - (room[1] - ground.depth * size) / 2
        return Scale(left - ground.x * size, top + ground.y * size, size)

    def floor(self, box: tuple[float, float, float, float], wall: float) -> None:
        self.canvas.setFillColor(SAND)
        self.canvas.setStrokeColor(SOFT)
        self.canvas.setLineWidth(wall)
        self.canvas.rect(*box, fill=1)

    def squares(self, ground: Ground, scale: Scale) -> None:
        """Draw lines every five metres."""
        self.canvas.setStrokeColor(DARK_SAND)
        self.canvas.setLineWidth(0.5)
        left, bottom, width, height = scale.box(ground)
        for x in squares(ground.width):
            across = left + x * scale.size
            self.canvas.line(across, bottom, across, bottom + height)
        for y in squares(ground.depth):
            down = bottom + height - y * scale.size
            self.canvas.line(left, down, left + width, down)

    def foot(self, scale: Scale, with_squares: bool = False) -> None:
        """Draw the scale bar, the north, and the legend of colours and squares."""
        canvas, bottom = self.canvas, 11 * mm
        metres = next(length for length in (5, 10, 20, 50) if length * scale.size > 25 * mm)
        canvas.setFillColor(INK)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        end = MARGIN + metres * scale.size
        canvas.line(MARGIN, bottom, end, bottom)
        for x in (MARGIN, end):
            canvas.line(x, bottom - 3, x, bottom + 3)
        self._words(f"{metres} m", end + 2 * mm, bottom)
        x = end + 18 * mm
        arrow = canvas.beginPath()
        arrow.moveTo(x, bottom + 8)
        arrow.lineTo(x - 4, bottom - 5)
        arrow.lineTo(x, bottom - 2)
        arrow.lineTo(x + 4, bottom - 5)
        arrow.close()
        canvas.drawPath(arrow, fill=1, stroke=0)
        self._words("Nord", x + 3 * mm, bottom)
        x += 22 * mm
        for word, colour, line in (
            ("village Hérault", SUN, INK),
            ("exposant", PALE, SEA),
            ("libre", white, SOFT),
        ):
            canvas.setFillColor(colour)
            canvas.setStrokeColor(line)
            canvas.rect(x, bottom - 2 * mm, 6 * mm, 4 * mm, fill=1)
            x += 8 * mm + self._words(word, x + 8 * mm, bottom) + 8 * mm
        if with_squares:
            self._words("un carreau : 5 m", x, bottom)

    def _words(self, text: str, x: float, middle: float) -> float:
        block = fit(text, 60 * mm, 6 * mm, 10, 10)
        self.canvas.setFillColor(INK)
        draw(self.canvas, block, x, top_around(block, middle))
        return block.width

    def list(self, named: Sequence[StandOnPlan], with_hall: bool = False) -> None:
        """Draw the occupants in columns, on as many pages as needed."""
        width, height = PAGE
        column = (width - 2 * MARGIN) / COLUMNS
        rows = min(_rows(), max(SHORTEST_COLUMN, -(-len(named) // COLUMNS)))
        for place, stand in enumerate(named):
            at = place % (rows * COLUMNS)
            if at == 0:
                self.canvas.showPage()
                self.page += 1
                self._frame()
                self.canvas.setFillColor(INK)
                head = fit("Qui est sur quel stand", width / 2, 8 * mm, 15, 15, bold=True)
                draw(self.canvas, head, MARGIN, height - HEAD)
            across, down = divmod(at, rows)
            x, middle = MARGIN + across * column, height - LISTED - (down + 0.5) * ROW
            number = fit(stand.number, 16 * mm, ROW, 11, 6, bold=True)
            self.canvas.setFillColor(SEA)
            draw(self.canvas, number, x, top_around(number, middle))
            self.canvas.setFillColor(INK)
            text = f"{stand.who} (hall {stand.hall})" if with_hall else stand.who
            name = fit(text, column - 22 * mm, ROW, 11, 7.5)
            draw(self.canvas, name, x + 18 * mm, top_around(name, middle))

    def finished(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()


def _rows() -> int:
    return int((PAGE[1] - LISTED - FOOT) / ROW)


def _pages_for(count: int) -> int:
    return -(-count // (_rows() * COLUMNS))


def _stand(canvas: Canvas, scale: Scale, stand: StandOnPlan, x: float = 0, y: float = 0) -> None:
    """Draw the stand with its number, and the name where it is readable."""
    left, bottom, width, height = scale.box(stand, x, y)
    fill, line = _colours(stand)
    canvas.setFillColor(fill)
    canvas.setStrokeColor(line)
    canvas.setLineWidth(0.8)
    canvas.rect(left, bottom, width, height, fill=1)
    letters = lettering(stand.number, stand.who, stand.width, stand.depth)
    if letters.name_size * scale.size < READABLE:
        letters = lettering(stand.number, "", stand.width, stand.depth)
    canvas.setFillColor(INK)
    middle, top = left + width / 2, bottom + height
    _centred(
        canvas,
        stand.number,
        middle,
        top - letters.number_y * scale.size,
        letters.number_size * scale.size,
        width,
        True,
    )
    for text, down in letters.lines:
        _centred(
            canvas,
            text,
            middle,
            top - down * scale.size,
            letters.name_size * scale.size,
            width,
            False,
        )


def _centred(
    canvas: Canvas, text: str, middle: float, baseline: float, size: float, width: float, bold: bool
) -> None:
    clean, name = printable(text, bold=bold)
    size = min(size, 0.94 * width / max(width_of(clean, name, 1), 0.01))
    canvas.setFont(name, size)
    canvas.drawCentredString(middle, baseline, clean)


def _colours(stand: StandOnPlan) -> tuple[Color, Color]:
    if stand.body:
        return SUN, INK
    return (PALE, SEA) if stand.who else (white, SOFT)
