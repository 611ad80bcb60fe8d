"""Print an agent's rota on one A4 page: hours, stands, colleagues, plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4

from salon.platform.documents.pdf.report import Fitted, draw_flowable, table
from salon.platform.documents.pdf.sheet import FOOT, MARGIN, Sheet, draw_qr
from salon.platform.documents.pdf.text import draw, fit, put, top_around
from salon.platform.words.formats import NBSP
from salon.platform.words.formats import day as day_words
from salon.platform.words.typography import of
from salon.staffing.documents.rota_pdf import SOFT, draw_thick_rule, open_rota_sheet
from salon.staffing.models import Agent
from salon.staffing.presenters.papers import AgentLine, agent_lines, length_of
from salon.staffing.queries.papers import PublishedRota

WIDTH = A4[0] - 2 * MARGIN
HEAD = 116.0
HOURS = 156.0
QR_SIDE = 96.0
LOW = FOOT + QR_SIDE + 30
"""Above the QR code and its words."""
LARGEST, SMALLEST, TITLE_HEIGHT = 62.0, 42.0, 34.0
PLAN, LOWEST_PLAN = 150.0, 80.0
MOST_HALLS = 2


class Area(NamedTuple):
    """A part of a page, by its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class QrTarget:
    """The address that the QR code opens, and the words beside it."""

    address: str
    words: str


def agents_pdf(rota: PublishedRota, agents: Sequence[Agent], qr_target: QrTarget) -> bytes:
    """Return one page per agent."""
    of_whom = f" {of(agents[0].full_name)}" if len(agents) == 1 else " de chaque agent"
    sheet = open_rota_sheet(rota, f"Planning{of_whom}")
    for agent in agents:
        sheet.bookmark = f"{agent.last_name} {agent.first_name}"
        _draw(sheet, rota, agent)
        draw_qr(sheet, qr_target.address, MARGIN - 6, FOOT + 8, QR_SIDE)
        left, top = MARGIN + QR_SIDE + 10, FOOT + QR_SIDE - 2
        draw_flowable(
            sheet, Fitted(qr_target.words, 13, height=QR_SIDE - 20), left, top, WIDTH - left
        )
        sheet.showPage()
    return sheet.finished()


def _draw(sheet: Sheet, rota: PublishedRota, agent: Agent) -> None:
    _head(sheet, rota, agent)
    rows = list(_rows(rota, agent))
    lines = [row for row in rows if isinstance(row, AgentLine)]
    top = A4[1] - MARGIN - HEAD
    if not lines:
        put(sheet, "Aucune vacation dans cette version.", MARGIN, top - 12, WIDTH, 16)
        return
    room = top - LOW - TITLE_HEIGHT * (len(rows) - len(lines))
    height = min(LARGEST, (room - PLAN) / len(lines))
    if height < SMALLEST:
        # The plan shrinks before the words.
        height = min(SMALLEST, room / len(lines))
    cells: list[list[object]] = []
    heights, style = [], []
    for row in rows:
        at = len(cells)
        if isinstance(row, AgentLine):
            cells += _line(rota, row, height)
            heights += [height * 0.48, height * 0.52]
            style += [
                ("VALIGN", (0, at), (-1, at), "MIDDLE"),
                ("RIGHTPADDING", (0, at), (0, at), 16),
                ("SPAN", (1, at + 1), (2, at + 1)),
                ("RIGHTPADDING", (1, at + 1), (1, at + 1), 0),
                ("LINEBELOW", (0, at + 1), (-1, at + 1), 0.6, SOFT),
            ]
        else:
            cells.append([Fitted(row, 16, bold=True), "", ""])
            heights.append(TITLE_HEIGHT)
            style += [("SPAN", (0, at), (-1, at)), ("VALIGN", (0, at), (-1, at), "MIDDLE")]
    widths = (HOURS, WIDTH * 2 / 3 - HOURS, WIDTH / 3)
    days = table(cells, widths, style, heights=heights, padding=(2, 0))
    top = draw_flowable(sheet, days, MARGIN, top, WIDTH)
    _plans(sheet, rota, lines, top - 14, min(PLAN + 60, top - 14 - LOW))


def _rows(rota: PublishedRota, agent: Agent) -> Iterator[AgentLine | str]:
    for day in rota.days:
        lines = agent_lines(rota, agent, day)
        if lines and len(rota.days) > 1:
            yield day_words(day.day_on).capitalize()
        yield from lines


def _head(sheet: Sheet, rota: PublishedRota, agent: Agent) -> None:
    top = A4[1] - MARGIN
    days = " et ".join(day_words(day.day_on) for day in rota.days)
    put(sheet, f"{rota.edition.village_title} – {days}", MARGIN, top, WIDTH, 13)
    put(sheet, agent.polite_name, MARGIN, top - 22, WIDTH, 30, bold=True, smallest=14)
    shifts = [shift for shift in rota.shifts if shift.agent_id == agent.id]
    hours = f" – {length_of(shifts)} en tout" if shifts else ""
    put(sheet, f"{agent.body.short_name}{hours}", MARGIN, top - 62, WIDTH, 12, smallest=7)
    put(sheet, f"{rota.edition.place}, {rota.edition.address}", MARGIN, top - 80, WIDTH, 12)
    draw_thick_rule(sheet, top - HEAD + 8)


def _line(rota: PublishedRota, line: AgentLine, height: float) -> list[list[object]]:
    """Return the two rows of a shift: hours, stand and place; then the colleagues."""
    body = rota.bodies[line.shift.stand_id]
    place = f"hall {body.stand.hall.name}, stand {body.stand.number}"
    size = min(19, height * 0.42)
    names = [colleague.replace(" ", NBSP) for colleague in line.colleagues]
    company = "Avec " + ", ".join(names) if names else "Personne d’autre sur ce stand"
    low = height * 0.46
    return [
        [
            Fitted(line.hours, size, bold=True),
            Fitted(body.short_name, size, bold=True),
            Fitted(place, size * 0.9, bold=True, align="right"),
        ],
        ["", Fitted(company, min(12, low / 1.2), smallest=min(7, low / 1.2), height=low), ""],
    ]


def _plans(
    sheet: Sheet, rota: PublishedRota, lines: Sequence[AgentLine], top: float, height: float
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
        area = Area(MARGIN + number * (width + gap), top, width, height)
        _plan(sheet, rota, hall, marked, area)


def _plan(sheet: Sheet, rota: PublishedRota, name: str, marked: set[int], area: Area) -> None:
    hall = rota.halls[name]
    left, top, width, height = area
    put(sheet, f"Hall {name} (nord en haut)", left, top, width, 10)
    top -= 16
    scale = min(width / hall.width, (height - 16) / hall.depth)
    sheet.setStrokeColor(black)
    sheet.setLineWidth(1.2)
    sheet.rect(left, top - hall.depth * scale, hall.width * scale, hall.depth * scale)
    for stand in rota.plan:
        if stand.hall != name:
            continue
        box = (left + stand.x * scale, top - (stand.y + stand.depth) * scale)
        size = (stand.width * scale, stand.depth * scale)
        is_marked = stand.id in marked
        sheet.setFillColor(black if is_marked else white)
        sheet.setStrokeColor(black if is_marked else SOFT)
        sheet.setLineWidth(0.4)
        sheet.rect(*box, *size, fill=1)
        if is_marked:
            sheet.setFillColor(white)
            number = fit(stand.number, size[0] - 1, size[1], 10, 3, True)
            top_of_number = top_around(number, box[1] + size[1] / 2)
            draw(sheet, number, box[0] + size[0] / 2, top_of_number, "centre")
    sheet.setFillColor(black)
