"""Pages of groups: the check-in lists, the rota of each stand, the appointments of each agent.

Check-in lists have a line for each person: they are drawn without tables, in half the time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from reportlab.lib.colors import Color, black
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from salon.paper.documents.pdf_frame import (
    BODY_TOP,
    GREY,
    HAIR,
    LEFT,
    RIGHT,
    ROOM,
    TOP,
    WIDTH,
    box,
    one_line,
    rule,
    ticked_box,
    write,
    write_right,
)
from salon.paper.engine.paging import Heading
from salon.paper.presenters.content import CheckInLine, MeetingLine, RotaLine
from salon.platform.documents.pdf.report import Fitted, draw_flowable, paragraph, table
from salon.platform.documents.pdf.text import LEADING, width_of
from salon.platform.words.formats import NBSP
from salon.platform.words.typography import of

ROW, HEADING, COLUMNS = 16.2, 25.0, 13.0
LIST_ROOM = ROOM - COLUMNS
SIDE = 10.0
HOURS = 96.0

BLANKS = (
    "Porte\u00a0: ______    De\u00a0: _____ h _____    "
    "à\u00a0: _____ h _____    Hôte\u00a0: ______________"
)
"""Fields that the host fills in by hand, for the person who types the page back."""

CODE, NAME, FUNCTION, PLACE, CATEGORY, MARKS = (
    LEFT + 19,
    LEFT + 72,
    LEFT + 212,
    LEFT + 328,
    LEFT + 426,
    LEFT + 474,
)
"""Left edges of the columns of a check-in list."""


def check_in_page(
    canvas: Canvas,
    rows: Sequence[Heading | int],
    lines: Mapping[int, CheckInLine],
    says_place: bool,
) -> None:
    """Draw the rows of a page of a check-in list; `lines` by badge.

    `says_place`: print the place on each line, where no heading names it.
    """
    write(canvas, one_line(BLANKS, WIDTH - 90, 11), LEFT, TOP - 58)
    top = _column_heads(canvas, says_place)
    for row in rows:
        if isinstance(row, Heading):
            top = heading(canvas, row, top)
        elif row in lines:
            _line(canvas, lines[row], top, says_place)
            top -= ROW


def span_of(rows: Sequence[Heading | int], lines: Mapping[int, CheckInLine]) -> str:
    """Return « de BASTIDE à FABRE » for a page."""
    names = [lines[row].last_name for row in rows if not isinstance(row, Heading) and row in lines]
    if not names or names[0] == names[-1]:
        return names[0] if names else ""
    return f"{of(names[0])} à {names[-1]}"


def _column_heads(canvas: Canvas, says_place: bool) -> float:
    y = BODY_TOP - 7
    for x, words in (
        (LEFT, "Entré"),
        (CODE + 6, "Code"),
        (NAME, "Nom, prénom"),
        (FUNCTION, "Fonction"),
        (PLACE, "Commune ou organisme" if says_place else ""),
        (CATEGORY, "Badge"),
        (MARKS, "À savoir"),
    ):
        write(canvas, one_line(words, 100, 7), x, y)
    rule(canvas, y - 3)
    return BODY_TOP - COLUMNS


def heading(canvas: Canvas, row: Heading, top: float) -> float:
    """Draw a group's heading; return where its first row begins."""
    words = row.words + (" (suite)" if row.goes_on else "")
    title = one_line(words, WIDTH * 0.62, 14, 9, True)
    y = top - HEADING + 7
    write(canvas, title, LEFT, y)
    if row.note:
        write_right(canvas, one_line(row.note, WIDTH * 0.36, 9, 6.5), RIGHT, y)
    rule(canvas, y - 5, 1.1)
    return top - HEADING


def _line(canvas: Canvas, line: CheckInLine, top: float, says_place: bool) -> None:
    y = top - ROW + 5
    draw_box = ticked_box if line.entered else box
    draw_box(canvas, LEFT + 1, y - 1.6, SIDE)
    number, _, check = line.code.partition(" ")
    write_right(canvas, one_line(number, 36, 9.4), NAME - 23, y)
    write_right(canvas, one_line(check, 14, 9.4, 0, True), NAME - 8, y)
    last = one_line(line.last_name, 100, 10.2, 7.2, True)
    write(canvas, last, NAME, y)
    after = NAME + width_of(*last) + 4
    write(canvas, one_line(line.first_name, FUNCTION - 5 - after, 9.6, 7), after, y)
    room = PLACE - FUNCTION - 5 if says_place else CATEGORY - FUNCTION - 5
    write(canvas, one_line(line.function, room, 8.6, 6.4), FUNCTION, y)
    if says_place:
        write(canvas, one_line(line.place, CATEGORY - PLACE - 5, 8.8, 6.6), PLACE, y)
    write(canvas, one_line(line.category, MARKS - CATEGORY - 4, 8.2, 6), CATEGORY, y)
    marks = [text for text in (line.marks, line.entered) if text]
    for place, words in enumerate(marks):
        size = 8 if len(marks) == 1 else 6.6
        up = 0 if len(marks) == 1 else 3.6 - 7 * place
        write(canvas, one_line(words, RIGHT - MARKS, size, 5.6, True), MARKS, y + up)
    canvas.setStrokeGray(GREY)
    rule(canvas, top - ROW, HAIR)
    canvas.setStrokeColor(black)


Row = TypeVar("Row")


def grouped_page(
    canvas: Canvas, rows: Sequence[Heading | Row], row_of: Callable[[Row], Flowable]
) -> None:
    """Draw groups one under the other, each of their rows as `row_of` makes it."""
    top = BODY_TOP
    for row in rows:
        if isinstance(row, Heading):
            top = heading(canvas, row, top)
        else:
            top = draw_flowable(canvas, row_of(row), LEFT, top, WIDTH)


def rota_row(line: RotaLine) -> Flowable:
    """Return a shift and its agents, on as many lines as needed; no name is cut in two."""
    names = ", ".join(name.replace(" ", NBSP) for name in line.names.split(", "))
    cells = [
        Fitted(line.hours, 10.5, bold=True, smallest=8),
        paragraph(names, 10.5, leading=LEADING),
    ]
    return _row(cells, (HOURS, WIDTH - HOURS))


def meeting_row(line: MeetingLine) -> Flowable:
    """Return an appointment with its box to tick."""
    to_tick = table([[""]], (SIDE,), [("BOX", (0, 0), (-1, -1), 0.9, black)], heights=(SIDE,))
    cells = [
        to_tick,
        Fitted(line.hours, 10.2, bold=True, smallest=8),
        Fitted(line.visitor, 10.2, smallest=7.4),
        Fitted(line.place, 9.2, smallest=7),
        Fitted(line.theme, 9.2, smallest=7),
    ]
    return _row(cells, (19, 93, 142, 117, WIDTH - 371))


def _row(cells: list[Any], widths: Sequence[float]) -> Flowable:
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), HAIR, Color(GREY, GREY, GREY)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if len(cells) > 2 else "TOP"),
        ("RIGHTPADDING", (0, 0), (-2, -1), 4),
    ]
    return table([cells], widths, style, padding=(0, 2.5))


def row_height(row: Flowable) -> float:
    return row.wrap(WIDTH, 0)[1]
