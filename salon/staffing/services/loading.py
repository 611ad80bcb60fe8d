"""Load the rota of an edition from its folder: agents, needs and shifts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from salon.fair.imports.seed_tables import Row, read_columns, read_table, read_table_if_any, typeset
from salon.fair.models import Edition, EditionDay
from salon.fair.queries import bodies_of, themes_of
from salon.fair.services.acts import FairAct
from salon.platform.database.db import transaction
from salon.platform.documents.spreadsheets.reader import ReadList, SheetLine
from salon.platform.settings.clock import paris
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.imports.agents import read_agents
from salon.staffing.models import Agent, Rota
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules.legal import check_read_limits
from salon.staffing.rules.settings import check_least_stint, check_weights
from salon.staffing.services.needs import NewNeed, load_needs
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.staffing.services.rows import NewRow, set_rows

AGENTS, NEEDS, SHIFTS = "agents.csv", "needs.csv", "shifts.csv"
SETTINGS = "rota.toml"
NEED_COLUMNS = ("stand", "jour", "debut", "fin", "minimum", "souhaite", "maximum", "themes")
SETTINGS_KEYS = {
    "minutes_avant": ("before_minutes", int),
    "minutes_apres": ("after_minutes", int),
    "poids": ("weights", dict),
    "dejeuner_garanti": ("lunch_is_due", bool),
    "demi_heures_d_une_vacation": ("least_stint", int),
    "temps_de_travail": ("limits", dict),
}
"""`temps_de_travail`: by the slug of a body, its employer and its limits, in half hours."""


def read_agents_of(folder: Path) -> ReadList:
    """Return the lines of agents.csv, in French typography. Raises UnreadableList."""
    file = read_agents((folder / AGENTS).read_text(encoding="utf-8-sig"))
    lines = [
        SheetLine(line.number, {name: typeset(cell) for name, cell in line.cells.items()})
        for line in file.lines
    ]
    return replace(file, lines=lines)


def load_needs_of(act: FairAct, folder: Path) -> int:
    """Load the needs of needs.csv, which may lack; return how many half hours.

    Raises FileNotUnderstood, and what `check_needs` raises.
    """
    columns = [column for column in NEED_COLUMNS if column != "jour"]
    stands = {body.stand.number: body.stand_id for body in bodies_of(act.edition)}
    themes = {theme.slug: theme.id for theme in themes_of(act.edition)}
    needs: dict[int, list[NewNeed]] = defaultdict(list)
    for row in read_table_if_any(folder / NEEDS, *columns):
        theme_ids = frozenset(_theme(row, slug, themes) for slug in row.items("themes"))
        numbers = (row.whole("minimum"), row.whole("souhaite"), row.whole("maximum"))
        starts_at, ends_at = _ends(row, act.edition.days)
        needs[row.known("stand", stands)] += [
            NewNeed(at, *numbers, theme_ids) for at in half_hours(starts_at, ends_at)
        ]
    load_needs(act, needs)
    return sum(map(len, needs.values()))


def load_settings(edition: Edition, folder: Path) -> None:
    """Set the rota's settings of rota.toml, which may lack.

    Raises UnknownWeight, UnknownStintLength, UnknownLimit, LooserThanTheLaw.
    """
    if (folder / SETTINGS).exists():
        values = read_columns(folder / SETTINGS, SETTINGS_KEYS)
        check_weights(values.get("weights", {}))
        check_least_stint(values.get("least_stint", 1))
        for rules in values.get("limits", {}).values():
            check_read_limits(rules)
        with transaction() as session:
            session.add(Rota(edition_id=edition.id, **values))


def publish_shifts_of(act: FairAct, folder: Path) -> int:
    """Put the shifts of shifts.csv in the draft and publish it; return how many shifts.

    Raises FileNotUnderstood, and what `set_rows` and `publish_rota` raise.
    """
    stands = {body.stand.number: body.stand_id for body in bodies_of(act.edition)}
    agents = {agent.email: agent for agent in agents_of(act.edition)}
    rows: dict[int, list[PlannedShift]] = defaultdict(list)
    for row in read_table(folder / SHIFTS, "courriel", "stand", "debut", "fin"):
        agent: Agent = row.known("courriel", agents)
        starts_at, ends_at = _ends(row, act.edition.days)
        rows[agent.id].append(PlannedShift(row.known("stand", stands), starts_at, ends_at))
    versions = {agent.id: agent.rota_version for agent in agents.values()}
    set_rows(act, [NewRow(agent_id, versions[agent_id], rows[agent_id]) for agent_id in rows])
    publish_rota(act, stamp_of(differences(act.edition)), "Première version")
    return sum(map(len, rows.values()))


def _theme(row: Row, slug: str, themes: Mapping[str, int]) -> int:
    if slug not in themes:
        raise row.refuse(f"le thème «\u00a0{slug}\u00a0» n’est pas décrit dans themes.csv.")
    return themes[slug]


def _ends(row: Row, days: list[EditionDay]) -> tuple[datetime, datetime]:
    """Return the start and end of a row, on its day, or on the only one."""
    day: date = row.day("jour") if row.cells.get("jour") else days[0].day_on
    return paris(day, row.hour("debut")), paris(day, row.hour("fin"))
