"""Print the whole village on A3: stands × half hours with cover in figures, agents × half hours."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A3, landscape
from reportlab.platypus import Flowable

from salon.fair.models import Edition, PartnerBody
from salon.platform.documents.pdf.report import Fitted, flow_pages, table
from salon.platform.documents.pdf.sheet import FOOT, MARGIN, Sheet
from salon.platform.documents.pdf.text import put
from salon.platform.settings.clock import local
from salon.platform.words.formats import day as day_words
from salon.platform.words.formats import hour
from salon.staffing.documents.rota_pdf import PALE, PALE_LINE, SOFT, open_rota_sheet
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.models import Agent
from salon.staffing.presenters.papers import covers, length_of, shifts_on, staffed_agents
from salon.staffing.queries.papers import PublishedRota

PAGE = landscape(A3)
WIDTH = PAGE[0] - 2 * MARGIN
NAMES, PLACES, TOTALS = 129.0, 86.0, 52.0
HEAD, HOURS, GAP = 40.0, 24.0, 14.0
LARGEST, SMALLEST = 24.0, 15.0
"""Heights of a row; rows that do not fit at the smallest go on overleaf."""
LEGEND = "Stands\u00a0: présents / minimum, en noir quand il manque quelqu’un."
Row = tuple[list[Any], list[tuple[Any, ...]]]
"""Cells of a row, and the style of some of them: (command, first column, last column, values…)."""


def village_pdf(rota: PublishedRota) -> bytes:
    """Return each day on as few pages as it takes."""
    sheet = open_rota_sheet(rota, f"Planning – {rota.edition.village_name}", PAGE)
    bodies, agents = list(rota.bodies.values()), staffed_agents(rota)
    room = PAGE[1] - 2 * MARGIN - HEAD - FOOT
    height = (room - 2 * HOURS - GAP) / max(1, len(bodies) + len(agents))
    height = min(LARGEST, max(SMALLEST, height))
    for day in rota.days:
        stand_rows = [_stand(rota, day, body) for body in bodies]
        agent_rows = [_agent(rota, day, agent, height) for agent in agents]
        tables = [
            _table(day, "Stands", stand_rows, height, 0),
            _table(day, "Agents", agent_rows, height, GAP),
        ]
        flow_pages(sheet, tables, partial(_head, rota.edition, day_words(day.day_on)))
    return sheet.finished()


def _head(edition: Edition, day: str, sheet: Sheet, is_first: bool) -> float:
    title = day if is_first else f"{day} (suite)"
    sheet.bookmark = title.capitalize()
    top = PAGE[1] - MARGIN
    put(sheet, f"{edition.village_title} – {title}", MARGIN, top, WIDTH * 0.6, 22, bold=True)
    put(sheet, LEGEND, PAGE[0] - MARGIN, top - 8, WIDTH * 0.38, 11, smallest=7, align="right")
    return top - HEAD


def _table(
    day: DayFrame, title: str, rows: Sequence[Row], height: float, before: float
) -> Flowable:
    """Return rows of one kind under a line of hours; lines at the hours are darker."""
    shown_starts = [
        start for start in day.starts if local(start).minute == 0 or start == day.starts_at
    ]
    hours = [
        Fitted(hour(start), 10, bold=True) if start in shown_starts else "" for start in day.starts
    ]
    style: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("RIGHTPADDING", (1, 0), (1, -1), 4),
        ("LINEBEFORE", (2, 1), (-1, -1), 0.4, PALE_LINE),
        *(
            ("LINEBEFORE", (2 + column, 1), (2 + column, -1), 0.4, SOFT)
            for column, start in enumerate((*day.starts, day.ends_at))
            if local(start).minute == 0 or start == day.ends_at
        ),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, SOFT),
        *(("LINEBELOW", (0, at), (-1, at), 0.8, black) for at in (0, -1)),
    ]
    for number, (_, commands) in enumerate(rows, 1):
        style += [
            (name, (first, number), (last, number), *values)
            for name, first, last, *values in commands
        ]
    column = (WIDTH - NAMES - PLACES - TOTALS) / len(day.starts)
    widths = (NAMES, PLACES, *[column] * len(day.starts), TOTALS)
    cells = [[Fitted(title, 13, bold=True), "", *hours, ""], *(row for row, _ in rows)]
    heights = (HOURS, *[height] * len(rows))
    return table(cells, widths, style, heads=1, heights=heights, padding=(2, 0), before=before)


def _stand(rota: PublishedRota, day: DayFrame, body: PartnerBody) -> Row:
    place = f"hall {body.stand.hall.name}, stand {body.stand.number}"
    cells, style = _names(body.short_name, place), []
    for column, cover in enumerate(covers(rota, body.stand_id, day), 2):
        figures = f"{cover.present}/{cover.minimum}" if cover.present or cover.minimum else ""
        ink = white if cover.is_short else black
        cells.append(Fitted(figures, 11, bold=cover.is_short, align="centre", colour=ink))
        if cover.is_short:
            style.append(("BACKGROUND", column, column, black))
    return [*cells, ""], style


def _agent(rota: PublishedRota, day: DayFrame, agent: Agent, height: float) -> Row:
    cells = _names(f"{agent.last_name} {agent.first_name}", agent.body.short_name)
    cells += [""] * len(day.starts)
    style: list[tuple[object, ...]] = []
    shifts = [shift for shift in shifts_on(rota, day) if shift.agent_id == agent.id]
    for shift in shifts:
        first = 2 + (shift.starts_at - day.starts_at) // HALF_HOUR
        last = 1 + (shift.ends_at - day.starts_at) // HALF_HOUR
        name = rota.bodies[shift.stand_id].short_name
        cells[first] = Fitted(name, 10, bold=True, smallest=5.5, height=height - 4, align="centre")
        style += [("SPAN", first, last), ("BACKGROUND", first, last, PALE)]
        style.append(("BOX", first, last, 0.8, black))
    return [*cells, Fitted(length_of(shifts) if shifts else "–", 10, align="right")], style


def _names(name: str, second_line: str) -> list[object]:
    """Return the head of a row: a name, then its group in small."""
    return [
        Fitted(name, 11, bold=True, smallest=5.5),
        Fitted(second_line, 8, smallest=5.5, align="right"),
    ]
