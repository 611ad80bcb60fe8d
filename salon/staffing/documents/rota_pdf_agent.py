"""Print an agent's rota on one A4 page: hours, stands, colleagues, plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.platform.formats import NBSP
from salon.platform.formats import day as day_words
from salon.platform.pdf.sheet import FOOT, MARGIN, draw_qr
from salon.platform.pdf.text import LEADING, draw, fit, flow, put, top_around, width_of
from salon.platform.typography import of
from salon.staffing.documents.rota_pdf import SOFT, Page, write_pages
from salon.staffing.models import Agent
from salon.staffing.presenters.papers import AgentLine, agent_lines, length_of
from salon.staffing.queries.papers import PublishedRota

WIDTH = A4[0] - 2 * MARGIN
HEAD = 116.0
HOURS = 150.0
QR_SIDE = 96.0
LOW = FOOT + QR_SIDE + 30
"""Above the QR code and its words."""
LARGEST, SMALLEST, TITLE_HEIGHT = 62.0, 42.0, 34.0
PLAN, LOWEST_PLAN = 150.0, 80.0
MOST_HALLS = 2


@dataclass(frozen=True)
class QrTarget:
    """The address that the QR code opens, and the words beside it."""

    address: str
    words: str


def agents_pdf(rota: PublishedRota, agents: Sequence[Agent], opened: QrTarget) -> bytes:
    """Return one page per agent."""
    pages = [
        Page(f"{agent.last_name} {agent.first_name}", partial(_draw, rota, agent, opened))
        for agent in agents
    ]
    alone = f" {of(agents[0].full_name)}" if len(agents) == 1 else " de chaque agent"
    return write_pages(f"Planning{alone}", pages, rota, A4)


def _draw(rota: PublishedRota, agent: Agent, opened: QrTarget, canvas: Canvas) -> None:
    _head(canvas, rota, agent)
    rows = list(_rows(rota, agent))
    lines = [row for row in rows if isinstance(row, AgentLine)]
    top = A4[1] - MARGIN - HEAD
    room = top - LOW
    titles = TITLE_HEIGHT * (len(rows) - len(lines))
    plan = PLAN if lines else 0.0
    height = min(LARGEST, (room - plan - titles) / max(1, len(lines)))
    if height < SMALLEST:
        # The plan shrinks before the words.
        height = min(SMALLEST, (room - titles) / max(1, len(lines)))
    for row in rows:
        if isinstance(row, AgentLine):
            _line(canvas, rota, row, top, height)
            top -= height
        else:
            put(canvas, row, MARGIN, top - 8, WIDTH, 16, bold=True)
            top -= TITLE_HEIGHT
    if lines:
        _plans(canvas, rota, lines, top - 14, min(PLAN + 60, top - 14 - LOW))
    else:
        put(canvas, "Aucune vacation dans cette version.", MARGIN, top - 12, WIDTH, 16)
    _opened(canvas, opened)


def _rows(rota: PublishedRota, agent: Agent) -> Iterator[AgentLine | str]:
    for day in rota.days:
        lines = agent_lines(rota, agent, day)
        if lines and len(rota.days) > 1:
            yield day_words(day.day_on).capitalize()
        yield from lines


def _head(canvas: Canvas, rota: PublishedRota, agent: Agent) -> None:
    top = A4[1] - MARGIN
    canvas.setFillColor(black)
    days = " et ".join(day_words(day.day_on) for day in rota.days)
    put(canvas, f"Village Hérault – {days}", MARGIN, top, WIDTH, 13)
    put(canvas, agent.polite_name, MARGIN, top - 22, WIDTH, 30, bold=True, smallest=14)
    shifts = [shift for shift in rota.shifts if shift.agent_id == agent.id]
    place = f"{rota.edition.place}, {rota.edition.address}"
    hours = f" – {length_of(shifts)} en tout" if shifts else ""
    put(canvas, f"{agent.body.short_name}{hours}", MARGIN, top - 62, WIDTH, 12, smallest=7)
    put(canvas, place, MARGIN, top - 80, WIDTH, 12)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(2)
    canvas.line(MARGIN, top - HEAD + 8, MARGIN + WIDTH, top - HEAD + 8)
    canvas.setLineWidth(0.6)


def _line(canvas: Canvas, rota: PublishedRota, line: AgentLine, top: float, height: float) -> None:
    canvas.setStrokeGray(SOFT)
    canvas.line(MARGIN, top - height, MARGIN + WIDTH, top - height)
    canvas.setFillColor(black)
    size = min(19, height * 0.42)
    hours = fit(line.hours, HOURS - 12, height, size, 7, True)
    body = rota.bodies[line.shift.stand_id]
    where = f"hall {body.stand.hall.name}, stand {body.stand.number}"
    place = fit(where, WIDTH / 3, height * 0.5, size * 0.9, 7, True)
    room = WIDTH - HOURS - 24 - place.width
    name = fit(body.short_name, room, size * LEADING, size, 7, True)
    first = top - height * 0.3
    draw(canvas, hours, MARGIN + 2, top_around(hours, first))
    draw(canvas, name, MARGIN + HOURS + 8, top_around(name, first))
    draw(canvas, place, MARGIN + WIDTH - 2 - place.width, top_around(place, first))
    names = [name_of_colleague.replace(" ", NBSP) for name_of_colleague in line.colleagues]
    words = "Avec " + ", ".join(names) if names else "Personne d’autre sur ce stand"
    low = height * 0.46
    company = flow(words, WIDTH - HOURS - 8, low, min(12, low / 1.2), min(7, low / 1.2))
    draw(canvas, company, MARGIN + HOURS + 8, top - height * 0.52)


def _plans(
    canvas: Canvas, rota: PublishedRota, lines: Sequence[AgentLine], top: float, height: float
) -> None:
    """Draw the halls where the agent works, side by side, their stands marked."""
    if height < LOWEST_PLAN:
        return
    marked = {line.shift.stand_id for line in lines}
    halls = list(dict.fromkeys(rota.bodies[line.shift.stand_id].stand.hall.name for line in lines))[
        :MOST_HALLS
    ]
    gap = 16.0
    width = (WIDTH - gap * (len(halls) - 1)) / len(halls)
    for number, hall in enumerate(halls):
        _plan(canvas, rota, hall, marked, MARGIN + number * (width + gap), top, width, height)


def _plan(
    canvas: Canvas,
    rota: PublishedRota,
    name: str,
    marked: set[int],
    left: float,
    top: float,
    width: float,
    height: float,
) -> None:
    hall = rota.halls[name]
    put(canvas, f"Hall {name} (nord en haut)", left, top, width, 10)
    top -= 16
    scale = min(width / hall.width, (height - 16) / hall.depth)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(1.2)
    canvas.rect(left, top - hall.depth * scale, hall.width * scale, hall.depth * scale)
    for stand in rota.plan:
        if stand.hall != name:
            continue
        box = (left + stand.x * scale, top - (stand.y + stand.depth) * scale)
        size = (stand.width * scale, stand.depth * scale)
        is_marked = stand.id in marked
        canvas.setFillColor(black if is_marked else white)
        canvas.setStrokeGray(0 if is_marked else SOFT)
        canvas.setLineWidth(0.4)
        canvas.rect(*box, *size, fill=1)
        if is_marked:
            canvas.setFillColor(white)
            _number(canvas, stand.number, *box, *size)
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.6)


def _number(
    canvas: Canvas, number: str, left: float, bottom: float, width: float, height: float
) -> None:
    block = fit(number, width - 1, height, 10, 3, True)
    if not block.lines:
        return
    across = left + (width - width_of(block.lines[0], block.font, block.size)) / 2
    draw(canvas, block, across, top_around(block, bottom + height / 2))


def _opened(canvas: Canvas, opened: QrTarget) -> None:
    """Draw the QR code at the foot of the page, beside its words."""
    bottom = FOOT + 8
    draw_qr(canvas, opened.address, MARGIN - 6, bottom, QR_SIDE)
    canvas.setFillColor(black)
    words = flow(opened.words, WIDTH - QR_SIDE - 20, QR_SIDE - 20, 13, 8)
    draw(canvas, words, MARGIN + QR_SIDE + 10, bottom + QR_SIDE - 10)
