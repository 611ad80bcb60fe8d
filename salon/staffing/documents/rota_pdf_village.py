"""Print the whole village on A3: stands × half hours with cover in figures, agents × half hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A3, landscape
from reportlab.pdfgen.canvas import Canvas

from salon.fair.models import PartnerBody
from salon.platform.clock import local
from salon.platform.formats import day as day_words
from salon.platform.formats import hour
from salon.platform.pdf.sheet import FOOT, MARGIN
from salon.platform.pdf.text import draw, fit, put, top_around
from salon.staffing.documents.rota_pdf import PALE, SOFT, Page, write_pages
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.models import Agent
from salon.staffing.presenters.papers import covers, length_of, shifts_on, staffed_agents
from salon.staffing.queries.papers import PublishedRota

PAGE = landscape(A3)
WIDTH = PAGE[0] - 2 * MARGIN
NAMES, TOTALS = 215.0, 52.0
HEAD, HOURS, GAP = 40.0, 24.0, 14.0
LARGEST, SMALLEST = 24.0, 15.0
"""Heights of a row; rows that do not fit at the smallest go on overleaf."""
ROUNDING = 1e-6


@dataclass(frozen=True)
class _Part:
    """Rows of one kind on one page, below a line of hours."""

    title: str
    rows: Sequence[PartnerBody | Agent]


def village_pdf(rota: PublishedRota) -> bytes:
    """Return each day on as few pages as it takes."""
    pages = [page for day in rota.days for page in _pages(rota, day)]
    return write_pages("Planning du village Hérault", pages, rota, PAGE)


def _pages(rota: PublishedRota, day: DayFrame) -> Iterator[Page]:
    bodies, agents = list(rota.bodies.values()), staffed_agents(rota)
    room = PAGE[1] - 2 * MARGIN - HEAD - FOOT
    height = (room - 2 * HOURS - GAP) / max(1, len(bodies) + len(agents))
    height = min(LARGEST, max(SMALLEST, height))
    left, parts = room, list[list[_Part]]([[]])
    kinds: list[tuple[str, Sequence[PartnerBody | Agent]]]
    kinds = [("Stands", bodies), ("Agents", agents)]
    for title, rows in kinds:
        waiting = list(rows)
        while waiting:
            fitting = int((left - HOURS) / height + ROUNDING)
            if fitting < min(2, len(waiting)):
                parts.append([])
                left = room
                continue
            part, waiting = waiting[:fitting], waiting[fitting:]
            parts[-1].append(_Part(title, part))
            left -= HOURS + len(part) * height + GAP
    name = day_words(day.day_on)
    for number, part_list in enumerate(parts):
        title = name if number == 0 else f"{name} (suite)"
        yield Page(title.capitalize(), partial(_draw, rota, day, title, part_list, height))


def _draw(
    rota: PublishedRota,
    day: DayFrame,
    title: str,
    parts: Sequence[_Part],
    height: float,
    canvas: Canvas,
) -> None:
    top = PAGE[1] - MARGIN
    canvas.setFillColor(black)
    put(canvas, f"Village Hérault – {title}", MARGIN, top, WIDTH * 0.6, 22, bold=True)
    legend = "Stands\u00a0: présents / minimum, en noir quand il manque quelqu’un."
    words = fit(legend, WIDTH * 0.38, 14, 11, 7)
    draw(canvas, words, MARGIN + WIDTH - words.width, top - 8)
    top -= HEAD
    for part in parts:
        _hours(canvas, day, part.title, top)
        top -= HOURS
        for row in part.rows:
            if isinstance(row, Agent):
                _agent(canvas, rota, day, row, top, height)
            else:
                _stand(canvas, rota, day, row, top, height)
            top -= height
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.8)
        canvas.line(MARGIN, top, MARGIN + WIDTH, top)
        top -= GAP


def _column(day: DayFrame) -> float:
    return (WIDTH - NAMES - TOTALS) / len(day.starts)


def _hours(canvas: Canvas, day: DayFrame, title: str, top: float) -> None:
    """Draw the hours over the columns, and the head of the first."""
    canvas.setFillColor(black)
    put(canvas, title, MARGIN + 2, top - 6, NAMES, 13, bold=True)
    width = _column(day)
    for number, start in enumerate(day.starts):
        if local(start).minute == 0 or number == 0:
            room = width if number == 0 and local(start).minute else 2 * width
            words = fit(hour(start), room - 2, 12, 10, 6, True)
            draw(canvas, words, MARGIN + NAMES + number * width + 2, top - 9)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, top - HOURS, MARGIN + WIDTH, top - HOURS)


def _frame(canvas: Canvas, day: DayFrame, top: float, height: float) -> None:
    """Draw the lines of a row: thin at the half hours, darker at the hours."""
    width = _column(day)
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(SOFT)
    canvas.line(MARGIN, top, MARGIN + WIDTH, top)
    for number in range(len(day.starts) + 1):
        is_hour = number == len(day.starts) or local(day.starts[number]).minute == 0
        canvas.setStrokeGray(SOFT if is_hour else 0.8)
        across = MARGIN + NAMES + number * width
        canvas.line(across, top, across, top - height)


def _stand(
    canvas: Canvas,
    rota: PublishedRota,
    day: DayFrame,
    body: PartnerBody,
    top: float,
    height: float,
) -> None:
    _frame(canvas, day, top, height)
    place = f"hall {body.stand.hall.name}, stand {body.stand.number}"
    _name(canvas, body.short_name, place, top, height)
    width, middle = _column(day), top - height / 2
    for number, cover in enumerate(covers(rota, body.stand_id, day)):
        if not cover.present and not cover.minimum:
            continue
        left = MARGIN + NAMES + number * width
        canvas.setFillColor(black)
        if cover.is_short:
            canvas.rect(left, top - height, width, height, stroke=0, fill=1)
            canvas.setFillColor(white)
        words = f"{cover.present}/{cover.minimum}"
        figures = fit(words, width - 4, height, 11, 6, cover.is_short)
        draw(canvas, figures, left + width / 2, top_around(figures, middle), "centre")
    canvas.setFillColor(black)


def _agent(
    canvas: Canvas, rota: PublishedRota, day: DayFrame, agent: Agent, top: float, height: float
) -> None:
    _frame(canvas, day, top, height)
    _name(canvas, f"{agent.last_name} {agent.first_name}", agent.body.short_name, top, height)
    shifts = [shift for shift in shifts_on(rota, day) if shift.agent_id == agent.id]
    width, middle = _column(day), top - height / 2
    for shift in shifts:
        left = MARGIN + NAMES + (shift.starts_at - day.starts_at) / HALF_HOUR * width
        length = (shift.ends_at - shift.starts_at) / HALF_HOUR * width
        canvas.setFillGray(PALE)
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.8)
        canvas.rect(left + 0.5, top - height + 1.5, length - 1, height - 3, fill=1)
        canvas.setFillColor(black)
        name = fit(rota.bodies[shift.stand_id].short_name, length - 6, height - 4, 10, 5.5, True)
        draw(canvas, name, left + length / 2, top_around(name, middle), "centre")
    words = fit(length_of(shifts) if shifts else "–", TOTALS - 6, height, 10, 6)
    draw(canvas, words, MARGIN + WIDTH - 2 - words.width, top_around(words, middle))


def _name(canvas: Canvas, name: str, more: str, top: float, height: float) -> None:
    """Draw the head of a row: a name, then its group in small."""
    canvas.setFillColor(black)
    middle = top - height / 2
    block = fit(name, NAMES * 0.6, height - 2, 11, 5.5, True)
    draw(canvas, block, MARGIN + 2, top_around(block, middle))
    small = fit(more, NAMES * 0.37, height - 2, 8, 5.5)
    draw(canvas, small, MARGIN + NAMES - 4 - small.width, top_around(small, middle))
