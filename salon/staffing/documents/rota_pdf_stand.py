"""Print a stand's rota, A4, for the door of the stand."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.fair.models import PartnerBody
from salon.platform.formats import day as day_words
from salon.platform.formats import plural
from salon.platform.pdf.sheet import FOOT, MARGIN, draw_qr
from salon.platform.pdf.text import Block, draw, fit, put, top_around
from salon.staffing.documents.rota_pdf import SOFT, Page, write_pages
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
"""Of a line, above and below the names together."""


def stands_pdf(
    rota: PublishedRota, bodies: Sequence[PartnerBody], address_of: Callable[[str], str]
) -> bytes:
    """Return one page per stand and day, or more when it does not fit.

    `address_of`: the page that an agent opens on arriving at the stand of this number.
    """
    pages = [
        page
        for body in bodies
        for day in rota.days
        for page in _pages(rota, body, day, address_of(body.stand.number))
    ]
    alone = f" du stand {bodies[0].short_name}" if len(bodies) == 1 else " de chaque stand"
    return write_pages(f"Planning{alone}", pages, rota, A4)


def _pages(rota: PublishedRota, body: PartnerBody, day: DayFrame, address: str) -> Iterator[Page]:
    lines = stand_lines(rota, body.stand_id, day)
    room = A4[1] - MARGIN - HEAD - FOOT - 10
    name = LARGEST
    while name > SMALLEST and sum(_height(line, name) for line in lines) > room:
        name = max(SMALLEST, name - 0.5)
    parts: list[list[StandLine]] = [[]]
    for line in lines:
        if sum(_height(part_line, name) for part_line in (*parts[-1], line)) > room:
            parts.append([])
        parts[-1].append(line)
    when = f", {day_words(day.day_on)}" if len(rota.days) > 1 else ""
    for number, part in enumerate(parts):
        more = " (suite)" if number else ""
        title = f"{body.short_name}{when}{more}"
        yield Page(title, partial(_draw, body, day, part, name, more, address))


def _height(line: StandLine, name: float) -> float:
    return (-(-len(_names(line)) // _columns(name)) + PADDING) * name


def _draw(
    body: PartnerBody,
    day: DayFrame,
    lines: Sequence[StandLine],
    name: float,
    more: str,
    address: str,
    canvas: Canvas,
) -> None:
    _head(canvas, body, day, more)
    top = A4[1] - MARGIN
    draw_qr(canvas, address, MARGIN + WIDTH - QR_SIDE, top - QR_SIDE - 30, QR_SIDE)
    put(canvas, QR_WORDS, MARGIN + WIDTH - QR_SIDE, top - QR_SIDE - 34, QR_SIDE, 9)
    top = A4[1] - MARGIN - HEAD
    if not lines:
        put(canvas, "Personne n’est prévu sur ce stand.", MARGIN, top - 12, WIDTH, 16)
    for line in lines:
        height = _height(line, name)
        _line(canvas, line, top, height, name)
        top -= height


def _head(canvas: Canvas, body: PartnerBody, day: DayFrame, more: str) -> None:
    top = A4[1] - MARGIN
    canvas.setFillColor(black)
    put(canvas, f"Village Hérault – {day_words(day.day_on)}", MARGIN, top, WIDTH, 13)
    put(canvas, body.short_name, MARGIN, top - 22, WIDTH - QR_SIDE - 12, 50, bold=True, smallest=22)
    place = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
    put(canvas, place, MARGIN, top - 88, WIDTH - QR_SIDE - 12, 30, bold=True)
    put(canvas, f"Qui est sur ce stand{more}", MARGIN, top - 130, WIDTH, 13)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(2)
    canvas.line(MARGIN, top - HEAD + 4, MARGIN + WIDTH, top - HEAD + 4)
    canvas.setLineWidth(0.6)


def _line(canvas: Canvas, line: StandLine, top: float, height: float, name: float) -> None:
    canvas.setStrokeGray(SOFT)
    canvas.line(MARGIN, top - height, MARGIN + WIDTH, top - height)
    size = min(17, name * 0.66)
    first = HOURS if _columns(name) == 1 else NARROW_HOURS
    hours = fit(line.hours, first - 8, name, size, 7, True)
    middle = top - PADDING * name / 2 - name / 2
    draw(canvas, hours, MARGIN + 2, top_around(hours, middle))
    width = (WIDTH - first) / _columns(name)
    for number, text in enumerate(_names(line)):
        down, across = divmod(number, _columns(name))
        block = fit(text, width - 12, name, size, 5.5, TO_FILL in text)
        left = MARGIN + first + across * width
        if TO_FILL in text:
            _to_fill(canvas, block, left, middle - down * name, name)
        draw(canvas, block, left + 8, top_around(block, middle - down * name))


def _columns(name: float) -> int:
    return 1 if name >= TWO_BY_TWO else 2 if name >= THREE_BY_THREE else 3


def _to_fill(canvas: Canvas, block: Block, left: float, middle: float, name: float) -> None:
    """Draw a box with room to write a name by hand."""
    canvas.setStrokeColor(black)
    canvas.setFillColor(white)
    canvas.setLineWidth(1.4)
    width = MARGIN + WIDTH - left
    canvas.rect(left, middle - name / 2 + 1.5, width, name - 3, fill=1)
    canvas.setFillColor(black)
    canvas.setLineWidth(0.6)
    canvas.setDash(1, 2)
    dots = left + 16 + block.width
    canvas.line(dots, middle - name * 0.2, MARGIN + WIDTH - 8, middle - name * 0.2)
    canvas.setDash()


def _names(line: StandLine) -> list[str]:
    gap = [f"{plural(line.missing, 'poste')} {TO_FILL}"] if line.missing else []
    return [*(agent.polite_name for agent in line.agents), *gap]
