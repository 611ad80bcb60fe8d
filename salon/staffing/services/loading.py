"""Loading the rota of an edition from its folder: agents, what stands need, who is where."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from salon.fair.imports.seed_tables import Row, read_table, typeset
from salon.fair.models import Edition, EditionDay
from salon.fair.queries import bodies_of, themes_of
from salon.platform.clock import paris
from salon.platform.identity import Identity
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.imports.agents import AgentsFile, AgentsLine, read_agents
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of
from salon.staffing.services.needs import NewNeed, load_needs
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.staffing.services.rows import NewRow, set_rows

AGENTS, NEEDS, SHIFTS = "agents.csv", "needs.csv", "shifts.csv"


def read_agents_of(folder: Path) -> AgentsFile:
    """The lines of agents.csv, in the typography of French. Raises UnreadableAgents."""
    found = read_agents((folder / AGENTS).read_text(encoding="utf-8-sig"))
    lines = [
        AgentsLine(one.number, {name: typeset(cell) for name, cell in one.cells.items()})
        for one in found.lines
    ]
    return AgentsFile(lines, found.ignored)


def load_needs_of(edition: Edition, folder: Path, by: Identity) -> int:
    """Gives the stands the needs of needs.csv; answers how many half hours.

    Raises FileNotUnderstood, and what `check_needs` raises.
    """
    columns = ("stand", "debut", "fin", "minimum", "souhaite", "maximum", "themes")
    stands = {one.stand.number: one.stand_id for one in bodies_of(edition)}
    themes = {one.slug: one.id for one in themes_of(edition)}
    found: dict[int, list[NewNeed]] = defaultdict(list)
    for row in read_table(folder / NEEDS, *columns):
        known = frozenset(_theme(row, slug, themes) for slug in row.items("themes"))
        numbers = (row.whole("minimum"), row.whole("souhaite"), row.whole("maximum"))
        starts_at, ends_at = _ends(row, edition.days)
        found[row.known("stand", stands)] += [
            NewNeed(at, *numbers, known) for at in half_hours(starts_at, ends_at)
        ]
    load_needs(edition, found, by)
    return sum(map(len, found.values()))


def publish_shifts_of(edition: Edition, folder: Path, by: Identity, now: datetime) -> int:
    """Puts the shifts of shifts.csv in the draft and publishes it; answers how many shifts.

    Raises FileNotUnderstood, and what `set_rows` and `publish_rota` raise.
    """
    stands = {one.stand.number: one.stand_id for one in bodies_of(edition)}
    agents = {one.email: one for one in agents_of(edition)}
    rows: dict[int, list[PlannedShift]] = defaultdict(list)
    for row in read_table(folder / SHIFTS, "courriel", "stand", "debut", "fin"):
        agent: Agent = row.known("courriel", agents)
        starts_at, ends_at = _ends(row, edition.days)
        rows[agent.id].append(PlannedShift(row.known("stand", stands), starts_at, ends_at))
    versions = {one.id: one.rota_version for one in agents.values()}
    set_rows(edition, [NewRow(one, versions[one], rows[one]) for one in rows], by)
    publish_rota(edition, stamp_of(differences(edition)), "Première version", by, now)
    return sum(map(len, rows.values()))


def _theme(row: Row, slug: str, themes: Mapping[str, int]) -> int:
    if slug not in themes:
        raise row.refuse(f"le thème «\u00a0{slug}\u00a0» n’est pas décrit dans themes.csv.")
    return themes[slug]


def _ends(row: Row, days: list[EditionDay]) -> tuple[datetime, datetime]:
    """The two hours of a row, on its day, or on the only one."""
    day: date = row.day("jour") if row.cells.get("jour") else days[0].day_on
    return paris(day, row.hour("debut")), paris(day, row.hour("fin"))
