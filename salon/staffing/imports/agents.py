"""Read and write a list of agents as a spreadsheet; `|` between several values of a cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from salon.platform.documents.spreadsheets.cells import Cell, clock_time
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, SheetLine, read_list
from salon.platform.pages.forms import one_line, unprintable
from salon.platform.settings.clock import local
from salon.platform.words.people import civility_label
from salon.platform.words.texts import folded
from salon.staffing.imports.presence import presence_headings
from salon.staffing.models import Agent, AgentNeed, Language, PeriodKind

MOST_LINES = 20_000


COLUMNS = (
    Heading("body", "Organisme", ("service", "structure"), longest=200),
    Heading("civility", "Civilité", ("titre", "genre"), longest=20),
    Heading("first_name", "Prénom", longest=60, is_required=True),
    Heading("last_name", "Nom", ("nom de famille",), longest=60, is_required=True),
    Heading("function", "Fonction", ("poste", "qualite"), longest=120),
    Heading(
        "email",
        "Courriel",
        ("email", "e mail", "mail", "adresse electronique"),
        longest=254,
        is_required=True,
    ),
    Heading("phone", "Téléphone", ("tel", "portable", "mobile"), longest=60, digits=10),
    Heading("themes", "Thèmes", ("competences", "theme"), longest=2000),
    Heading("stands", "Stands", ("stand", "stands possibles"), longest=1000),
    Heading("wished", "Stands préférés", ("stand prefere", "prefere"), longest=1000),
    Heading("languages", "Langues", ("langue",), longest=200),
    Heading("needs", "Besoins", ("besoin", "accessibilite"), longest=400),
    Heading("needs_note", "Précisions", ("precision", "remarque"), longest=300),
    Heading("arrives_at", "Arrivée", ("arrive", "heure d arrivee"), longest=60),
    Heading("leaves_at", "Départ", ("part", "heure de depart"), longest=60),
    Heading(
        "unavailable", "Indisponible", ("indisponibilites", "absences", "absent"), longest=1000
    ),
    Heading("avoided", "Préfère ne pas travailler", ("a eviter", "voeux"), longest=1000),
    Heading("is_coordinator", "Coordination", ("coordinateur", "coordinatrice"), longest=10),
)
SAME_AGENT, OTHER_AGENT = "Même agent", "Autre agent"
LIKENESS = Heading("likeness", "Ressemblance", longest=20, choices=(SAME_AGENT, OTHER_AGENT))
"""What a list answers of a line that resembles a known agent; no column of the template."""
EXAMPLE = (
    *("Département", "Mme", "Nadège", "Combes", "Instructrice des aides"),
    *("nadege.combes@commune.example", "04 00 00 00 00", "GUIDAF | Soutien aux communes"),
    *("66 | 67", "66", "Occitan", "Une boucle magnétique", "", "9 h", "17 h 30"),
    *("11 h - 12 h 30 (réunion)", "8 h 30 - 9 h 30", "non"),
)
"""The example line of the template."""
BY_NAME = {column.name: column for column in COLUMNS}
OF_FACTS = {
    **{column.name: column.head for column in COLUMNS},
    "body_id": "Organisme",
    "theme_ids": "Thèmes",
    "periods": "Absences et souhaits",
}
"""The head of each field of `Facts`."""
NEEDED = tuple(column.name for column in COLUMNS if column.is_required)
LANGUAGES = {folded(language.label): language.value for language in Language} | {
    "lsf": Language.SIGN.value
}
NEEDS = {folded(need.label): need.value for need in AgentNeed} | {
    "siege": AgentNeed.SEAT.value,
    "acces sans marche": AgentNeed.STEP_FREE.value,
    "boucle magnetique": AgentNeed.HEARING.value,
    "stationnement": AgentNeed.PARKING.value,
}


def read_agents(text: str, days: Sequence[date] = ()) -> ReadList:
    """Return the lines of a list of agents, each cell in one line. Raises UnreadableList.

    `days`: of the edition, for the columns that say on which of them an agent comes.
    """
    headings = (*COLUMNS, *presence_headings(days), LIKENESS)
    file = read_list(text, headings, MOST_LINES, "aucun agent")
    return replace(
        file,
        lines=[
            SheetLine(line.number, {name: _one_line(cell) for name, cell in line.cells.items()})
            for line in file.lines
        ],
    )


def _one_line(cell: str) -> str:
    return one_line(" ".join(cell.split("\n"))) or ""


def is_hostile(text: str) -> bool:
    """Return whether a cell cannot be shown on a page or put in a header."""
    return (not text.isprintable() and unprintable(text)) or "=?" in text or "\ufffd" in text


def items(cell: str) -> list[str]:
    """Return the values of a cell that lists several."""
    return [item.strip() for item in re.split(r"[|\n]", cell) if item.strip()]


def cells_of(agent: Agent, has_days: bool) -> list[Cell]:
    """Return an agent as a line of the list; `has_days`: whether hours need their day."""
    cells: dict[str, Cell] = {
        "body": agent.body.short_name,
        "civility": civility_label(agent.civility),
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        "function": agent.function,
        "email": agent.email,
        "phone": agent.phone,
        "themes": _list(theme.name for theme in agent.themes),
        "stands": _list(place.stand.number for place in agent.places),
        "wished": _list(place.stand.number for place in agent.places if place.is_wished),
        "languages": _list(Language(language).label for language in agent.languages),
        "needs": _list(AgentNeed(need).label for need in agent.needs),
        "needs_note": agent.needs_note,
        "arrives_at": end_cell(agent.arrives_at, has_days),
        "leaves_at": end_cell(agent.leaves_at, has_days),
        "unavailable": _list(_periods(agent, PeriodKind.UNAVAILABLE, has_days)),
        "avoided": _list(_periods(agent, PeriodKind.AVOIDED, has_days)),
        "is_coordinator": "oui" if agent.is_coordinator else "",
    }
    return [cells[column.name] for column in COLUMNS]


def _periods(agent: Agent, kind: PeriodKind, has_days: bool) -> Iterator[str]:
    for period in agent.periods:
        if period.kind == kind:
            ends = (
                f"{hour_cell(period.starts_at, has_days)} - {hour_cell(period.ends_at, has_days)}"
            )
            yield f"{ends} ({period.note})" if period.note else ends


def end_cell(at: datetime | None, has_days: bool) -> Cell:
    """Return an hour that a sheet takes for one, or « 01/10/2021 9:30 »."""
    return clock_time(at) if at and not has_days else hour_cell(at, has_days)


def hour_cell(at: datetime | None, has_days: bool) -> str:
    """Return « 9:30 », « 01/10/2021 9:30 » in a cell."""
    if at is None:
        return ""
    clock = local(at)
    hour = f"{clock.hour}:{clock.minute:02d}"
    return f"{clock:%d/%m/%Y} {hour}" if has_days else hour


def _list(words: Iterable[str]) -> str:
    return " | ".join(words)
