"""Read and write a list of agents as a spreadsheet.

French headers in any order; `;`, `,` or tab; UTF-8 or Windows-1252; `|` between several values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from salon.platform.clock import local
from salon.platform.forms import one_line, unprintable
from salon.platform.spreadsheets import CutLine, decoded, from_export, numbered_cells
from salon.platform.texts import folded
from salon.staffing.models import Agent, AgentNeed, Language, PeriodKind
from salon.staffing.rules.agents_import import UnreadableAgents

MOST_LINES = 20_000


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, its head, and synonyms of the head."""

    name: str
    head: str
    longest: int
    synonyms: tuple[str, ...] = ()


COLUMNS = (
    Column("body", "Organisme", 200, ("service", "structure")),
    Column("civility", "Civilité", 20, ("titre", "genre")),
    Column("first_name", "Prénom", 60),
    Column("last_name", "Nom", 60, ("nom de famille",)),
    Column("function", "Fonction", 120, ("poste", "qualite")),
    Column("email", "Courriel", 254, ("email", "e mail", "mail", "adresse electronique")),
    Column("phone", "Téléphone", 30, ("tel", "portable", "mobile")),
    Column("themes", "Thèmes", 2000, ("competences", "theme")),
    Column("stands", "Stands", 1000, ("stand", "stands possibles")),
    Column("wished", "Stands préférés", 1000, ("stand prefere", "prefere")),
    Column("languages", "Langues", 200, ("langue",)),
    Column("needs", "Besoins", 400, ("besoin", "accessibilite")),
    Column("needs_note", "Précisions", 300, ("precision", "remarque")),
    Column("arrives_at", "Arrivée", 60, ("arrive", "heure d arrivee")),
    Column("leaves_at", "Départ", 60, ("part", "heure de depart")),
    Column("unavailable", "Indisponible", 1000, ("indisponibilites", "absences", "absent")),
    Column("avoided", "Préfère ne pas travailler", 1000, ("a eviter", "voeux")),
    Column("is_coordinator", "Coordination", 10, ("coordinateur", "coordinatrice")),
)
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
NEEDED = ("first_name", "last_name", "email")
YES = {"oui": True, "o": True, "x": True, "1": True, "non": False, "n": False, "": False}
CIVILITIES = {
    **dict.fromkeys(("madame", "mme", "mlle"), "madame"),
    **dict.fromkeys(("monsieur", "m", "mr"), "monsieur"),
}
LANGUAGES = {folded(language.label): language.value for language in Language} | {
    "lsf": Language.SIGN.value
}
NEEDS = {folded(need.label): need.value for need in AgentNeed} | {
    "siege": AgentNeed.SEAT.value,
    "acces sans marche": AgentNeed.STEP_FREE.value,
    "boucle magnetique": AgentNeed.HEARING.value,
    "stationnement": AgentNeed.PARKING.value,
}


@dataclass(frozen=True)
class AgentsLine:
    """A line numbered as a spreadsheet does; `cells` by field, only those of recognised columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class AgentsFile:
    lines: list[AgentsLine]
    ignored: list[str] = field(default_factory=list)


def read_bytes(content: bytes) -> str:
    """Return the text of a file. Raises UnreadableAgents when it is not text."""
    text = decoded(content)
    if text is None:
        raise UnreadableAgents("Ce fichier n’est pas un texte. Enregistrez-le en CSV (UTF-8).")
    return text


def read_agents(text: str) -> AgentsFile:
    """Return the lines of a list whose first line names the columns. Raises UnreadableAgents."""
    try:
        rows = [row for row in numbered_cells(text) if any(cell.strip() for cell in row[1])]
    except CutLine as cut:
        raise UnreadableAgents(cut.message) from None
    if not rows:
        raise UnreadableAgents("La liste est vide.")
    places, ignored = _places(rows[0][1])
    missing = [BY_NAME[name].head for name in NEEDED if name not in places]
    if missing:
        raise UnreadableAgents(
            f"La première ligne doit nommer les colonnes. Il manque\u00a0: {', '.join(missing)}."
        )
    if len(rows) == 1:
        raise UnreadableAgents("La liste ne contient aucun agent.")
    if len(rows) - 1 > MOST_LINES:
        raise UnreadableAgents(
            f"La liste contient {len(rows) - 1} lignes\u00a0; au plus {MOST_LINES} à la fois."
        )
    lines = [
        AgentsLine(number, {name: _cell(cells, at) for name, at in places.items()})
        for number, cells in rows[1:]
    ]
    return AgentsFile(lines, ignored)


def _places(header: list[str]) -> tuple[dict[str, int], list[str]]:
    words = {folded(column.head): column.name for column in COLUMNS}
    words |= {word: column.name for column in COLUMNS for word in column.synonyms}
    places: dict[str, int] = {}
    ignored = []
    for at, head in enumerate(header):
        name = words.get(folded(head))
        if name is not None and name not in places:
            places[name] = at
        elif head.strip():
            ignored.append(head.strip())
    return places, ignored


def _cell(cells: list[str], at: int) -> str:
    typed = cells[at] if at < len(cells) else ""
    return one_line(from_export(" ".join(typed.split("\n")))) or ""


def is_hostile(text: str) -> bool:
    """Return whether a cell cannot be shown on a page or put in a header."""
    return (not text.isprintable() and unprintable(text)) or "=?" in text or "\ufffd" in text


def items(cell: str) -> list[str]:
    """Return the values of a cell that lists several."""
    return [item.strip() for item in re.split(r"[|\n]", cell) if item.strip()]


def cells_of(agent: Agent, has_days: bool) -> list[str]:
    """Return an agent as a line of the list; `has_days`: whether hours need their day."""
    cells = {
        "body": agent.body.short_name,
        "civility": "Mme" if agent.civility == "madame" else "M.",
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
        "arrives_at": hour_cell(agent.arrives_at, has_days),
        "leaves_at": hour_cell(agent.leaves_at, has_days),
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


def hour_cell(at: datetime | None, has_days: bool) -> str:
    """Return « 9:30 », « 01/10/2021 9:30 » in a cell."""
    if at is None:
        return ""
    clock = local(at)
    hour = f"{clock.hour}:{clock.minute:02d}"
    return f"{clock:%d/%m/%Y} {hour}" if has_days else hour


def _list(words: Iterable[str]) -> str:
    return " | ".join(words)
