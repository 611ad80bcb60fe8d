"""The plan of a hall or of the park on A3, in vectors. In points; y goes down as on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.colors import Color, white
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.units import mm

from salon.fair.engine.geometry import Rectangle
from salon.fair.engine.plan_frames import squares
from salon.fair.models import Edition, Hall, Landmark, LandmarkKind
from salon.fair.presenters.plan_drawing import outdoors
from salon.fair.presenters.stand_labels import lettering
from salon.fair.queries import StandOnPlan
from salon.platform.documents.pdf.colours import DARK_SAND, GREY, INK, PALE_SEA, SAND, SEA, SUN
from salon.platform.documents.pdf.report import Fitted, draw_flowable, table
from salon.platform.documents.pdf.sheet import About, Sheet
from salon.platform.documents.pdf.text import draw, fit, printable, put, top_around, width_of
from salon.platform.words import formats

MARGIN = 14 * mm
HEAD, FOOT = 24 * mm, 20 * mm
PAGE = landscape(A3)
READABLE = 6.0
"""Points: names smaller than this on the drawing are read in the list alone."""
ROW = 5.6 * mm
COLUMNS, SHORTEST_COLUMN = 4, 12
LISTED = HEAD + 10 * mm
"""From the top of a page to its list."""
MOST_ROWS = int((PAGE[1] - LISTED - FOOT) / ROW)
SIGN = 2.4 * mm
"""Radius of the circle of a landmark."""
NAMED = (LandmarkKind.ENTRANCE, LandmarkKind.OTHER)
LEGEND_LINE = 6 * mm
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
    edition: Edition,
    hall: Hall,
    stands: Sequence[StandOnPlan],
    landmarks: Sequence[Landmark],
    printed_at: datetime,
) -> bytes:
    """Return a page with the drawing of the hall, then the list of its occupants."""
    occupants = [(stand.number, stand.who) for stand in stands if stand.who]
    occupants += [(landmark.sign, landmark.label) for landmark in landmarks]
    size = f"{formats.number(round(hall.area))} m², {formats.metres(hall.width)} × "
    size += f"{formats.metres(hall.depth)} m"
    sheet = _PlanSheet(edition, f"Plan du hall {hall.name}", size, hall.version, printed_at)
    ground = Ground(0, 0, hall.width, hall.depth)
    scale = sheet.fitted(ground)
    sheet.floor(scale.box(ground), 1.6)
    sheet.squares(ground, scale)
    for stand in stands:
        _stand(sheet, scale, stand)
    for landmark in landmarks:
        _landmark(sheet, scale, landmark, (landmark.x, landmark.y))
    sheet.legend(scale, landmarks, with_squares=True)
    sheet.list(occupants)
    return sheet.finished()


def park_pdf(
    edition: Edition,
    halls: Sequence[Hall],
    stands: Sequence[StandOnPlan],
    landmarks: Sequence[Landmark],
    printed_at: datetime,
) -> bytes:
    """Return a page with all the halls, then the list of their occupants."""
    occupants = [
        (stand.number, f"{stand.who} (hall {stand.hall})") for stand in stands if stand.who
    ]
    occupants += [(mark.sign, f"{mark.label} ({mark.place_label})") for mark in landmarks]
    size = f"{formats.plural(len(halls), 'hall')}, "
    size += f"{formats.number(round(sum(hall.area for hall in halls)))} m²"
    version = sum(hall.version for hall in halls)
    sheet = _PlanSheet(edition, "Plan du salon", size, version, printed_at)
    outside = outdoors(landmarks)
    left = min((*(hall.x for hall in halls), *(x for x, _ in outside)), default=0)
    up = min((*(hall.y for hall in halls), *(y for _, y in outside)), default=0) - NAME_ROOM
    right = max((*(hall.x + hall.width for hall in halls), *(x for x, _ in outside)), default=1)
    low = max((*(hall.y + hall.depth for hall in halls), *(y for _, y in outside)), default=1)
    scale = sheet.fitted(Ground(left, up, right - left, low - up))
    corners = {hall.name: (hall.x, hall.y) for hall in halls}
    for hall in halls:
        box = scale.box(Ground(hall.x, hall.y, hall.width, hall.depth))
        sheet.floor(box, 1.2)
        name = fit(f"Hall {hall.name}", box[2], 7 * mm, 15, 6, bold=True)
        sheet.setFillColor(INK)
        draw(sheet, name, box[0], box[1] + box[3] + name.height + 1.2 * mm)
    for stand in stands:
        _stand(sheet, scale, stand, *corners[stand.hall])
    for landmark in landmarks:
        _landmark(sheet, scale, landmark, (landmark.park_x, landmark.park_y))
    sheet.legend(scale, landmarks)
    sheet.list(occupants)
    return sheet.finished()


class _PlanSheet(Sheet):
    """A PDF whose pages share a head and a foot."""

    def __init__(
        self, edition: Edition, title: str, size: str, version: int, printed_at: datetime
    ) -> None:
        version_line = f"Plan version {version}, imprimé le {formats.short_moment(printed_at)}"
        name = f"{title} – {edition.short_name}"
        super().__init__(
            About(name, edition.organiser, foot=[version_line]), None, PAGE, margin=MARGIN
        )
        self.village_name = edition.village_name
        self.head = title, size, f"{edition.short_name}, {edition.day_label}, {edition.place}"
        self._draw_head()

    def _draw_head(self) -> None:
        (width, height), (title, size, drawn_on) = PAGE, self.head
        self.setFillColor(INK)
        block = put(self, title, MARGIN, height - 10 * mm, width / 3, 26, bold=True, smallest=12)
        self.setFillColor(GREY)
        left = MARGIN + block.width + 6 * mm
        put(self, size, left, height - 13 * mm, width / 5, 14, smallest=8)
        room = width / 2 - 2 * MARGIN
        put(self, drawn_on, width - MARGIN, height - 12 * mm, room, 12, smallest=7, align="right")

    def fitted(self, ground: Rectangle) -> Scale:
        """Return the scale at which the ground fills the page, centred."""
        width, height = PAGE
        room = width - 2 * MARGIN, height - HEAD - FOOT - 10 * mm - LEGEND_LINE
        size = min(room[0] / ground.width, room[1] / ground.depth)
        left = MARGIN + (room[0] - ground.width * size) / 2
        top = height - HEAD - 4 * mm - (room[1] - ground.depth * size) / 2
        return Scale(left - ground.x * size, top + ground.y * size, size)

    def floor(self, box: tuple[float, float, float, float], wall: float) -> None:
        self.setFillColor(SAND)
        self.setStrokeColor(GREY)
        self.setLineWidth(wall)
        self.rect(*box, fill=1)

    def squares(self, ground: Ground, scale: Scale) -> None:
        """Draw lines every five metres."""
        self.setStrokeColor(DARK_SAND)
        self.setLineWidth(0.5)
        left, bottom, width, height = scale.box(ground)
        for x in squares(ground.width):
            across = left + x * scale.size
            self.line(across, bottom, across, bottom + height)
        for y in squares(ground.depth):
            down = bottom + height - y * scale.size
            self.line(left, down, left + width, down)

    def legend(
        self, scale: Scale, landmarks: Sequence[Landmark], with_squares: bool = False
    ) -> None:
        """Draw the scale bar, the north, and the legend of colours, squares and landmarks."""
        bottom = 18 * mm + LEGEND_LINE
        metres = next(length for length in (5, 10, 20, 50) if length * scale.size > 25 * mm)
        self.setFillColor(INK)
        self.setStrokeColor(INK)
        self.setLineWidth(1.2)
        end = MARGIN + metres * scale.size
        self.line(MARGIN, bottom, end, bottom)
        for x in (MARGIN, end):
            self.line(x, bottom - 3, x, bottom + 3)
        self._words(f"{metres} m", end + 2 * mm, bottom)
        x = end + 18 * mm
        arrow = self.beginPath()
        arrow.moveTo(x, bottom + 8)
        arrow.lineTo(x - 4, bottom - 5)
        arrow.lineTo(x, bottom - 2)
        arrow.lineTo(x + 4, bottom - 5)
        arrow.close()
        self.drawPath(arrow, fill=1, stroke=0)
        self._words("Nord", x + 3 * mm, bottom)
        x += 22 * mm
        for word, colour, line in (
            (self.village_name, SUN, INK),
            ("exposant", PALE_SEA, SEA),
            ("libre", white, GREY),
        ):
            self.setFillColor(colour)
            self.setStrokeColor(line)
            self.rect(x, bottom - 2 * mm, 6 * mm, 4 * mm, fill=1)
            x += 8 * mm + self._words(word, x + 8 * mm, bottom) + 8 * mm
        if with_squares:
            self._words("un carreau : 5 m", x, bottom)
        self._signs(landmarks, MARGIN, bottom - LEGEND_LINE)

    def _signs(self, landmarks: Sequence[Landmark], x: float, middle: float) -> None:
        """Name the landmarks after their signs, on one line, as many as it holds."""
        named: dict[str, list[str]] = {}
        for landmark in landmarks:
            is_named = landmark.kind in NAMED
            words = landmark.name if is_named else landmark.kind.label
            if words not in named.setdefault(landmark.sign, []):
                named[landmark.sign].append(words)
        for sign, names in named.items():
            text = ", ".join(names)
            if x + fit(text, 60 * mm, 6 * mm, 10, 10).width + 7 * mm > PAGE[0] - MARGIN:
                return
            _sign(self, sign, x + SIGN, middle)
            x += 7 * mm + self._words(text, x + 7 * mm, middle) + 5 * mm

    def _words(self, text: str, x: float, middle: float) -> float:
        block = fit(text, 60 * mm, 6 * mm, 10, 10)
        self.setFillColor(INK)
        draw(self, block, x, top_around(block, middle))
        return block.width

    def list(self, occupants: Sequence[tuple[str, str]]) -> None:
        """Draw (number, name) in columns, on as many pages as needed."""
        self.showPage()
        column = (PAGE[0] - 2 * MARGIN) / COLUMNS
        rows = min(MOST_ROWS, max(SHORTEST_COLUMN, -(-len(occupants) // COLUMNS)))
        for start in range(0, len(occupants), rows * COLUMNS):
            self._draw_head()
            self.setFillColor(INK)
            put(
                self,
                "Qui est sur quel stand, et les repères",
                MARGIN,
                PAGE[1] - HEAD,
                90 * mm,
                15,
                bold=True,
            )
            cells: list[list[object]] = [[] for _ in range(rows)]
            for place, (number, text) in enumerate(occupants[start : start + rows * COLUMNS]):
                sign = Fitted(number, 11, bold=True, colour=SEA)
                cells[place % rows] += [sign, Fitted(text, 11, smallest=7.5, colour=INK)]
            filled = [[*row, *[""] * (2 * COLUMNS - len(row))] for row in cells]
            widths = [18 * mm, column - 18 * mm] * COLUMNS
            gaps = [("RIGHTPADDING", (0, 0), (-1, -1), 3 * mm)]
            listed = table(filled, widths, gaps, heights=[ROW] * rows)
            draw_flowable(self, listed, MARGIN, PAGE[1] - LISTED, PAGE[0])
            self.showPage()


def _stand(sheet: Sheet, scale: Scale, stand: StandOnPlan, x: float = 0, y: float = 0) -> None:
    """Draw the stand with its number, and the name where it is readable."""
    left, bottom, width, height = scale.box(stand, x, y)
    fill, line = _colours(stand)
    sheet.setFillColor(fill)
    sheet.setStrokeColor(line)
    sheet.setLineWidth(0.8)
    sheet.rect(left, bottom, width, height, fill=1)
    letters = lettering(stand.number, stand.who, stand.width, stand.depth)
    if letters.name_size * scale.size < READABLE:
        letters = lettering(stand.number, "", stand.width, stand.depth)
    sheet.setFillColor(INK)
    names = [(text, down, letters.name_size, False) for text, down in letters.lines]
    for text, down, metres, bold in (
        (stand.number, letters.number_y, letters.number_size, True),
        *names,
    ):
        clean, name = printable(text, bold=bold)
        size = min(metres * scale.size, 0.94 * width / max(width_of(clean, name, 1), 0.01))
        sheet.setFont(name, size)
        baseline = bottom + height - down * scale.size
        sheet.drawCentredString(left + width / 2, baseline, clean)


def _landmark(sheet: Sheet, scale: Scale, landmark: Landmark, place: tuple[float, float]) -> None:
    x, y = scale.left + place[0] * scale.size, scale.top - place[1] * scale.size
    _sign(sheet, landmark.sign, x, y)


def _sign(sheet: Sheet, sign: str, x: float, y: float) -> None:
    """Draw the sign of a landmark in its circle."""
    sheet.setFillColor(white)
    sheet.setStrokeColor(INK)
    sheet.setLineWidth(1.2)
    sheet.circle(x, y, SIGN, fill=1)
    clean, font = printable(sign, bold=True)
    size = min(9, 1.5 * SIGN / width_of(clean, font, 1))
    sheet.setFillColor(INK)
    sheet.setFont(font, size)
    sheet.drawCentredString(x, y - size * 0.36, clean)


def _colours(stand: StandOnPlan) -> tuple[Color, Color]:
    if stand.body:
        return SUN, INK
    return (PALE_SEA, SEA) if stand.who else (white, GREY)
