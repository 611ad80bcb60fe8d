"""The tables as a whole: what has no guard must be listed here."""

import ast
import re

from sqlalchemy import CheckConstraint, Column, Enum, Numeric, String
from sqlalchemy.types import Float, Integer

from salon.platform.database.db import db
from salon.platform.database.invariants import CONTRADICTIONS, REFUSALS
from salon.platform.settings.installation import ROOT
from scripts.write_triggers import installed, statements

DOCUMENT = ROOT / "docs" / "invariants.md"
TESTS = ROOT / "tests" / "platform" / "database" / "invariants"

ANY_NUMBER = {
    "halls.x": "a place on the plan of the park",
    "halls.y": "a place on the plan of the park",
    "landmarks.x": "checked to be above -0.01",
    "landmarks.y": "checked to be above -0.01",
    "reminders.step": "days from a deadline, before or after it",
    "station_reports.clock_offset_ms": "ahead or behind",
}
COUNTS_CHANGES = {"version", "rota_version", "attendee_version"}
"""Optimistic locks: compared, never counted with."""

WORDS_OF_A_LIST = re.compile(
    r"(status|kind|category|civility|verdict|direction|layout|purpose|effort|settlement|half_day)$"
)
ANY_WORD = {
    "epcis.kind": "the State's list",
    "guests.kind": "the organiser's own word",
    "messages.kind": "the name of a template",
}


def test_every_number_has_a_bound() -> None:
    free = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Integer | Float | Numeric)
        and not (column.primary_key or column.foreign_keys or column.name in COUNTS_CHANGES)
        and not is_checked(column)
    }
    assert free - {"unsettled.row_id", "unsettled.other_id"} <= set(ANY_NUMBER), free


def test_every_word_of_a_list_has_its_list() -> None:
    free = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String)
        and WORDS_OF_A_LIST.search(column.name)
        and not isinstance(column.type, Enum)
        and not is_checked(column)
    }
    assert free <= set(ANY_WORD), free


def is_checked(column: Column[object]) -> bool:
    """Return whether a CHECK of its table names the column."""
    return any(
        re.search(rf"\b{column.name}\b", str(check.sqltext))
        for check in column.table.constraints
        if isinstance(check, CheckConstraint)
    )


def test_every_mapped_enumeration_is_checked_by_the_database() -> None:
    unchecked = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum) and not column.type.create_constraint
    ]
    assert unchecked == []


def test_the_document_names_tests_that_exist() -> None:
    """A row without its test, or with one that went, fails here."""
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 25
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row.split("|")[3])
        assert named, row
        for file, name in named:
            tree = ast.parse((ROOT / file).read_text())
            assert name in {item.name for item in tree.body if isinstance(item, ast.FunctionDef)}, (
                row
            )


def test_every_trigger_is_attacked() -> None:
    attacks = "".join(path.read_text() for path in sorted(TESTS.glob("test_*.py")))
    layers = {f"{layer}_shifts_of_an_agent" for layer in ("draft", "published")}
    names = {guard.name for guard in (*REFUSALS, *CONTRADICTIONS)} - layers
    assert {name for name in names if f'"{name}"' not in attacks} == set()
    assert "{layer}_shifts_of_an_agent" in attacks


def test_the_migrations_have_the_triggers_of_the_models() -> None:
    for dialect in ("sqlite", "postgresql"):
        copies = sorted(installed(dialect))
        assert copies == sorted(statements(dialect)), "python -m scripts.write_triggers REVISION"


def test_only_the_purge_and_erasures_change_what_stays() -> None:
    importers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "salon").rglob("*.py")
        if re.search(r"\berasing\b", path.read_text()) and path.name != "invariants.py"
    }
    assert importers == {"salon/dashboard/services/purge.py", "salon/dashboard/services/erasure.py"}
