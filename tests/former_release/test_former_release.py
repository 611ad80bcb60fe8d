"""Migrations expand, then contract: the former release works on the schema of this code, and its
data are all there once they are migrated.

The former release is the fixture beside this file. Its code is taken from the history; in a clone
that has none, its schema alone says what it writes.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from salon.platform.settings.installation import ROOT
from tests.commands import environment, flask, start
from tests.commits import check_out, git
from tests.conftest import copy_data
from tests.former_release import COMMIT, RELEASE
from tests.former_release.rows import (
    Rows,
    changed_rows,
    hindrances,
    load_postgresql,
    load_sqlite,
    rows_of,
    schema_of,
)
from tests.postgres import Server

pytestmark = pytest.mark.long

CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
"""Of a table whose rows the migrations change: a former row → what it becomes, None for nothing."""
CONTRACTIONS = {
    # It writes no guest: the key of its rows is NULL, which repeats nothing.
    "organisation_invitations: new key edition_id, guest_id",
}
"""What `hindrances` says, and why the former release does not mind."""
EMPTY = {"unsettled"}
"""Tables without a row in the fixture; a CHECK keeps this one so."""

ACTS = [
    ["load-edition", "seed_data/2021"],
    ["create-organiser", "prenom@salon.example"],
    ["station-token", "Porte A"],
    ["badge-codes"],
    ["worker", "--once"],
]
PAGES = ["/", "/village", "/programme", "/exposants", "/plan", "/readyz", "/exposants.json"]
SCRIPT = """
import json, sys
from app import app
runner, client = app.test_cli_runner(), app.test_client()
codes, (acts, pages) = {}, map(json.loads, sys.argv[1:])
for words in acts:
    with app.app_context():
        done = runner.invoke(args=words)
    codes[words[0]] = [done.exit_code, done.exit_code and repr(done.exception) + done.output]
for path in pages:
    codes[path] = [client.get(path).status_code, 0]
print(json.dumps(codes))
"""


def stated(before: Rows) -> Rows:
    """Return the rows as CHANGES says that they are after the migrations."""
    rows = {table: map(CHANGES.get(table, dict), rows) for table, rows in before.items()}
    return {table: [row for row in several if row is not None] for table, several in rows.items()}


OFFSETS = {("2018-10-04", 120), ("2021-10-01", 120)}
"""The days of the fair of 1.0.0, and how far their clocks are from UTC, in minutes."""


def check_migrated(former: str, address: str) -> None:
    """Compare each row of a migrated fair with those of the fair before, and what the former
    release may write."""
    before = rows_of(former)
    assert {table for table, rows in before.items() if not rows} == EMPTY
    assert changed_rows(stated(before), rows_of(address)) == {}
    assert set(hindrances(schema_of(former), schema_of(address))) == CONTRACTIONS
    days = rows_of(address)["edition_days"]
    assert {(str(day["day_on"]), day["utc_offset"]) for day in days} == OFFSETS


def test_the_former_release_is_migrated_on_sqlite(former_fair: Path, tmp_path: Path) -> None:
    migrated = copy_data(former_fair, tmp_path) / "salon.sqlite"
    check_migrated(load_sqlite(tmp_path / "former.sqlite"), f"sqlite:///{migrated}")


@pytest.mark.postgres
def test_the_former_release_is_migrated_on_postgresql(tmp_path: Path, postgres: Server) -> None:
    fair, copy = (load_postgresql(postgres, name) for name in ("former_fair", "former_copy"))
    start(tmp_path, "db", "upgrade", DATABASE_URL=fair)
    check_migrated(copy, fair)
    for name in ("former_fair", "former_copy"):
        postgres.drop_database(name)


UNDO = {"act": "a1", "former": {"appointments": [["2021-10-01T10:00:00+02:00"]]}}
SUBJECTS = ("edition:1", "body:1", "hall:1", "theme:999", "agent:1")
"""What entries with undo data are about; the theme is gone, and no agent was ever undone."""


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_what_the_former_release_could_undo_is_handed_over(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        address = load_sqlite(tmp_path / "salon.sqlite")
    else:
        address = load_postgresql(request.getfixturevalue("postgres"), "undone")
    database = create_engine(address, poolclass=NullPool)
    columns = "at, actor, actor_name, address, action, subject, details, request_id"
    values = "'2021-09-01 10:00:00', '', '', '', 'x', :subject, :details, ''"
    statement = text(f"INSERT INTO journal_entries ({columns}) VALUES ({values})")
    with database.begin() as connection:
        for subject in SUBJECTS:
            for undo in (UNDO, {}):
                details = json.dumps({"fields": ["place"], "undo": undo})
                connection.execute(statement, {"subject": subject, "details": details})
    start(tmp_path, "db", "upgrade", DATABASE_URL=address)
    joined = text(
        "SELECT subject, version, act, facts FROM undo_records"
        " JOIN journal_entries ON journal_entries.id = entry_id ORDER BY subject"
    )
    with database.connect() as connection:
        rows = [tuple(row) for row in connection.execute(joined)]
    database.dispose()
    records = [
        (*row[:3], row[3] if isinstance(row[3], dict) else json.loads(row[3])) for row in rows
    ]
    assert records == [
        (subject, 0, "a1", UNDO["former"]) for subject in ("body:1", "edition:1", "hall:1")
    ]
    if engine == "postgresql":
        request.getfixturevalue("postgres").drop_database("undone")


def test_a_schema_that_refuses_what_the_former_release_writes_is_seen(tmp_path: Path) -> None:
    """The control: each kind of contraction."""
    former, new = tmp_path / "former.sqlite", tmp_path / "new.sqlite"
    with closing(sqlite3.connect(former)) as database:
        database.executescript(
            """CREATE TABLE halls (id INTEGER PRIMARY KEY, name TEXT, side TEXT, area INTEGER,
            opened TEXT NOT NULL DEFAULT 'no', rows INTEGER); CREATE TABLE doors (id INTEGER)"""
        )
    with closing(sqlite3.connect(new)) as database:
        database.executescript(
            """CREATE TABLE halls (id INTEGER PRIMARY KEY, name TEXT NOT NULL, area TEXT,
            opened TEXT NOT NULL, rows INTEGER, floor INTEGER NOT NULL, colour TEXT,
            lit TEXT NOT NULL DEFAULT 'no', UNIQUE (rows))"""
        )
    faults = hindrances(*(schema_of(f"sqlite:///{path}") for path in (former, new)))
    assert set(faults) == {
        "doors: gone",
        "halls.area: INTEGER, now TEXT",
        "halls.floor: new, and wants a value",
        "halls.name: refuses NULL",
        "halls.opened: without its default",
        "halls.side: gone",
        "halls: new key rows",
    }


def results_of(
    code: Path, data: Path, acts: list[list[str]], pages: list[str], **more: str
) -> dict[str, list[object]]:
    """Return the exit code of each act and the status of each page, with the code of a folder."""
    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(acts), json.dumps(pages)],
        cwd=code,
        env={**environment(data, **more), "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    results: dict[str, list[object]] = json.loads(completed.stdout.splitlines()[-1])
    return results


@pytest.mark.postgres
def test_the_former_release_works_on_the_new_schema(tmp_path: Path, postgres: Server) -> None:
    code = tmp_path / "code"
    code.mkdir()
    try:
        git("cat-file", "-e", f"{COMMIT}^{{commit}}")
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip(f"no history here with the code of {RELEASE.name}; its schema is compared")
    check_out(COMMIT, code)
    postgres.create_database("former_release")
    address = {"DATABASE_URL": postgres.url("former_release")}
    flask(tmp_path, "db", "upgrade", **address)
    results = results_of(code, tmp_path, ACTS, PAGES, **address)
    postgres.drop_database("former_release")
    assert results == {
        **{words[0]: [0, 0] for words in ACTS},
        **{path: [200, 0] for path in PAGES},
    }


def test_a_contraction_too_early_is_seen(migrated: Path, tmp_path: Path) -> None:
    """The control: a column that the release still reads is gone."""
    copy_data(migrated, tmp_path)
    with closing(sqlite3.connect(tmp_path / "salon.sqlite")) as database:
        database.execute("ALTER TABLE editions RENAME COLUMN slug TO identifier")
    results = results_of(ROOT, tmp_path, ACTS[:1], ["/exposants"])
    assert results["load-edition"][0] == 1
    assert results["/exposants"][0] == 503


LOSING = """
from alembic import op

revision, down_revision = "lost", "{head}"


def upgrade():
    op.execute("UPDATE messages SET about = 'lost'")
    op.execute("DELETE FROM rate_counters")
    op.execute("ALTER TABLE agents DROP COLUMN phone")
"""


def test_a_migration_that_loses_data_is_seen(tmp_path: Path) -> None:
    """The control: one that empties a column, deletes rows and removes a column."""
    migrations = shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    head = max((migrations / "versions").glob("[0-9]*.py")).name.partition("_")[0]
    (migrations / "versions" / "lost.py").write_text(LOSING.format(head=head))
    address = load_sqlite(tmp_path / "salon.sqlite")
    before = rows_of(address)
    start(tmp_path, "db", "upgrade", "--directory", str(migrations))
    after = rows_of(address)
    tables = ("messages", "rate_counters", "agents")
    assert changed_rows(before, after) == {table: len(before[table]) for table in tables}
