"""Pages of groups: the check-in lists, the rota of each stand, the appointments of each agent."""

from collections.abc import Mapping, Sequence

from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from salon.paper.documents.pdf_frame import (
    BODY_TOP,
    GREY,
    HAIR,
    LEFT,
    RIGHT,
    ROOM,
    THIN,
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
from salon.paper.presenters.content import Line, MeetingLine, RotaLine
from salon.platform.pdf.text import printable, width_of
from salon.platform.typography import of

ROW, HEADING, COLUMNS = 16.2, 25.0, 13.0
LIST_ROOM = ROOM - COLUMNS
SIDE = 10.0
ROTA_ROW, ROTA_LEADING, ROTA_SIZE = 17.0, 13.0, 10.5
HOURS = 96.0
MEETING_ROW = 18.0

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
"""Where the columns of a check-in list begin."""


def check_in_page(
    canvas: Canvas, rows: Sequence[Heading | int], lines: Mapping[int, Line], says_place: bool
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


def span_of(rows: Sequence[Heading | int], lines: Mapping[int, Line]) -> str:
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


def _line(canvas: Canvas, line: Line, top: float, says_place: bool) -> None:
    y = top - ROW + 5
    draw_box = ticked_box if line.entered else box
    draw_box(canvas, LEFT + 1, y - 1.6, SIDE)
    number, _, check = line.code.partition(" ")
    write_right(canvas, one_line(number, 36, 9.4), NAME - 23, y)
    write_right(canvas, one_line(check, 14, 9.4, 0, True), NAME - 8, y)
    last = one_line(line.last_name, 100, 10.2, 7.2, True)
    write(canvas, last, NAME, y)
    after = NAME + _width(last) + 4
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


def _width(written: tuple[str, str, float]) -> float:
    return width_of(*written)


def rota_height(line: RotaLine) -> float:
    """Return the height of a line of the rota, whose names take as many lines as needed."""
    return ROTA_ROW + ROTA_LEADING * (len(_wrapped(line)) - 1)


def _wrapped(line: RotaLine) -> list[str]:
    """Return the names on lines no wider than the column, none of them cut in two."""
    lines = [""]
    for words in line.names.split(", "):
        longer = f"{lines[-1]}, {words}" if lines[-1] else words
        clean, name = printable(longer)
        if lines[-1] and width_of(clean, name, ROTA_SIZE) > WIDTH - HOURS:
            lines[-1] += ","
            lines.append(words)
        else:
            lines[-1] = longer
    return lines


def rota_page(canvas: Canvas, rows: Sequence[Heading | RotaLine]) -> None:
    """Draw stands one under the other, with the agents of each shift."""
    top = BODY_TOP
    for row in rows:
        if isinstance(row, Heading):
            top = heading(canvas, row, top)
            continue
        y = top - 12.5
        write(canvas, one_line(row.hours, HOURS - 6, ROTA_SIZE, 8, True), LEFT, y)
        for place, words in enumerate(_wrapped(row)):
            hours = one_line(words, WIDTH - HOURS, ROTA_SIZE)
            write(canvas, hours, LEFT + HOURS, y - place * ROTA_LEADING)
        top -= rota_height(row)
        canvas.setStrokeGray(GREY)
        rule(canvas, top, HAIR)
        canvas.setStrokeColor(black)


def meeting_height(line: MeetingLine) -> float:
    return MEETING_ROW


def meetings_page(canvas: Canvas, rows: Sequence[Heading | MeetingLine]) -> None:
    """Draw agents one under the other, with their visitors and a box to tick for each."""
    top = BODY_TOP
    for row in rows:
        if isinstance(row, Heading):
            top = heading(canvas, row, top)
            continue
        y = top - 12.8
        box(canvas, LEFT + 1, y - 1.6, SIDE)
        write(canvas, one_line(row.hours, 92, 10.2, 8, True), LEFT + 19, y)
        write(canvas, one_line(row.visitor, 138, 10.2, 7.4), LEFT + 112, y)
        write(canvas, one_line(row.place, 112, 9.2, 7), LEFT + 254, y)
        write(canvas, one_line(row.theme, RIGHT - LEFT - 371, 9.2, 7), LEFT + 371, y)
        top -= MEETING_ROW
        canvas.setStrokeGray(GREY)
        rule(canvas, top, HAIR)
        canvas.setStrokeColor(black)
    canvas.setLineWidth(THIN)
