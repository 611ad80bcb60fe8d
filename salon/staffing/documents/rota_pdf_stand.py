"""Print a stand's rota, A4, for the door of the stand."""

from collections.abc import Callable, Sequence
from functools import partial

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable

from salon.fair.models import PartnerBody
from salon.platform.documents.pdf.report import Fitted, flow_pages, table
from salon.platform.documents.pdf.sheet import FOOT, MARGIN, Sheet, draw_qr
from salon.platform.documents.pdf.text import put
from salon.platform.words.formats import day as day_words
from salon.platform.words.formats import plural
from salon.staffing.documents.rota_pdf import SOFT, draw_thick_rule, open_rota_sheet
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.presenters.papers import TO_FILL, StandLine, stand_lines
from salon.staffing.queries.papers import PublishedRota

WIDTH = A4[0] - 2 * MARGIN
HEAD = 158.0
"""From the top of the page to the first line."""
HOURS, NARROW_HOURS = 150.0, 104.0
QR_SIDE = 84.0
QR_WORDS = "Agents\u00a0: j’arrive"
LARGEST, SMALLEST = 34.0, 13.0
"""Heights of a name's line; what does not fit at the smallest goes on overleaf."""
TWO_BY_TWO, THREE_BY_THREE = 23.0, 18.0
"""Below these heights names stand side by side."""
PADDING = 0.35
"""Share of a line's height, above and below its names together."""


def stands_pdf(
    rota: PublishedRota, bodies: Sequence[PartnerBody], address_of: Callable[[str], str]
) -> bytes:
    """Return one page per stand and day, or more when it does not fit.

    `address_of`: the page that an agent opens on arriving at the stand of this number.
    """
    of_stand = f" du stand {bodies[0].short_name}" if len(bodies) == 1 else " de chaque stand"
    sheet = open_rota_sheet(rota, f"Planning{of_stand}")
    for body in bodies:
        for day in rota.days:
            head = partial(_head, rota, body, day, address_of(body.stand.number))
            flow_pages(sheet, [_table(stand_lines(rota, body.stand_id, day))], head, FOOT + 10)
    return sheet.finished()


def _head(
    rota: PublishedRota,
    body: PartnerBody,
    day: DayFrame,
    address: str,
    sheet: Sheet,
    is_first: bool,
) -> float:
    suffix = "" if is_first else " (suite)"
    day_text = f", {day_words(day.day_on)}" if len(rota.days) > 1 else ""
    sheet.bookmark = f"{body.short_name}{day_text}{suffix}"
    top, room = A4[1] - MARGIN, WIDTH - QR_SIDE - 12
    put(sheet, f"{rota.edition.village_title} – {day_words(day.day_on)}", MARGIN, top, WIDTH, 13)
    put(sheet, body.short_name, MARGIN, top - 22, room, 50, bold=True, smallest=22)
    place = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
    put(sheet, place, MARGIN, top - 88, room, 30, bold=True)
    put(sheet, f"Qui est sur ce stand{suffix}", MARGIN, top - 130, WIDTH, 13)
    draw_thick_rule(sheet, top - HEAD + 4)
    left = MARGIN + WIDTH - QR_SIDE
    draw_qr(sheet, address, left, top - QR_SIDE - 30, QR_SIDE)
    put(sheet, QR_WORDS, left + QR_SIDE / 2, top - QR_SIDE - 34, QR_SIDE, 9, align="centre")
    return top - HEAD


def _table(lines: Sequence[StandLine]) -> Flowable:
    """Return the hours and names, as large as a page allows."""
    if not lines:
        return Fitted("Personne n’est prévu sur ce stand.", 16)
    room = A4[1] - MARGIN - HEAD - FOOT - 10
    name = LARGEST
    while name > SMALLEST and sum(_height(line, name) for line in lines) > room:
        name = max(SMALLEST, name - 0.5)
    hours = HOURS if _columns(name) == 1 else NARROW_HOURS
    rows = [
        [Fitted(line.hours, min(17, name * 0.66), bold=True), _names(line, name, WIDTH - hours)]
        for line in lines
    ]
    heights = [_height(line, name) for line in lines]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.6, SOFT),
        ("TOPPADDING", (0, 0), (0, -1), (PADDING / 2 + 0.12) * name),
    ]
    return table(
        rows, (hours, WIDTH - hours), style, heights=heights, padding=(2, PADDING * name / 2)
    )


def _height(line: StandLine, name: float) -> float:
    return (-(-len(_texts(line)) // _columns(name)) + PADDING) * name


def _columns(name: float) -> int:
    return 1 if name >= TWO_BY_TWO else 2 if name >= THREE_BY_THREE else 3


def _names(line: StandLine, name: float, width: float) -> Flowable:
    """Return the names side by side; a post to fill is a box with room to write by hand."""
    texts, columns, style = _texts(line), _columns(name), []
    size = min(17, name * 0.66)
    cells: list[object] = [Fitted(text, size, bold=TO_FILL in text, smallest=5.5) for text in texts]
    rows = [[*cells[at : at + columns]] for at in range(0, len(cells), columns)]
    if line.missing:
        last = (len(rows[-1]) - 1, len(rows) - 1)
        style = [("BOX", last, (-1, -1), 1.4, black)]
    rows[-1] += [""] * (columns - len(rows[-1]))
    heights = [name] * len(rows)
    return table(
        rows, [(width - 4) / columns] * columns, style, heights=heights, padding=(8, name * 0.12)
    )


def _texts(line: StandLine) -> list[str]:
    gap = [f"{plural(line.missing, 'poste')} {TO_FILL}"] if line.missing else []
    return [*(agent.polite_name for agent in line.agents), *gap]
