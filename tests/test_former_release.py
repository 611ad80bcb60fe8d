"""Migrations expand, then contract: the former release works on the schema of this code, and its
data are all there once they are migrated."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, NullPool, create_engine, select

from salon.platform.settings.installation import ROOT
from tests.commands import environment, flask, start
from tests.commits import check_out, git
from tests.postgres import Server

ACTS = [
    ["load-edition", "seed_data/2021"],
    ["create-organiser", "prenom@salon.example"],
    ["station-token", "Porte A"],
    ["badge-codes"],
    ["worker", "--once"],
]
PAGES = ["/", "/village", "/programme", "/exposants", "/plan", "/readyz", "/exposants.json"]
SCRIPT = f"""
import json
from app import app
runner, client = app.test_cli_runner(), app.test_client()
codes = {{}}
for words in {ACTS!r}:
    with app.app_context():
        done = runner.invoke(args=words)
    codes[words[0]] = [done.exit_code, done.exit_code and repr(done.exception) + done.output]
for path in {PAGES!r}:
    codes[path] = [client.get(path).status_code, 0]
print(json.dumps(codes))
"""


def former_release() -> str:
    """Return the newest tag of a release that is not this commit, else this commit.

    Before the first tag the test so shows that it would see a former release fail.
    """
    tags = git("tag", "--list", "v*", "--sort=-version:refname").decode().split()
    head_tags = git("tag", "--points-at", "HEAD").decode().split()
    return next((tag for tag in tags if tag not in head_tags), "HEAD")


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the former release's code."""
    code = tmp_path_factory.mktemp("former")
    check_out(former_release(), code)
    return code


@pytest.fixture(scope="module")
def former_data(former: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a whole fair of the former release."""
    data = tmp_path_factory.mktemp("former-data")
    start(data, "db", "upgrade", root=former)
    start(data, "seed", root=former, SALON_DEMONSTRATION="1")
    return data


Rows = dict[str, list[dict[str, Any]]]


def rows_of(address: str) -> Rows:
    """Return the rows of a database by table."""
    engine, metadata = create_engine(address, poolclass=NullPool), MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def lost_rows(before: Rows, after: Rows) -> dict[str, int]:
    """Return by table how many rows are not there as they were, in the columns that are left."""
    lost = {}
    for table, rows in before.items():
        columns = rows[0].keys() & after[table][0].keys() if rows and after[table] else set()
        former, present = (
            Counter(str([row[column] for column in sorted(columns)]) for row in several)
            for several in (rows, after[table])
        )
        if missing := sum((former - present).values()) if columns else len(rows):
            lost[table] = missing
    return lost


def rows_before_and_after(code: Path, data: Path, **more: str) -> tuple[Rows, Rows]:
    """Migrate a fair of the former release by the code of a folder."""
    address = more.get("DATABASE_URL") or f"sqlite:///{data / 'salon.sqlite'}"
    before = rows_of(address)
    assert sum(bool(rows) for rows in before.values()) > 50
    start(data, "db", "upgrade", root=code, **more)
    return before, rows_of(address)


def results_of(code: Path, data: Path, **more: str) -> dict[str, list[object]]:
    """Return the exit code of each act and the status of each page, with the code of a folder."""
    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=code,
        env={**environment(data, **more), "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    results: dict[str, list[object]] = json.loads(completed.stdout.splitlines()[-1])
    return results


@pytest.mark.postgres
def test_the_former_release_works_on_the_new_schema(
    former: Path, tmp_path: Path, postgres: Server
) -> None:
    postgres.create_database("former_release")
    address = {"DATABASE_URL": postgres.url("former_release")}
    flask(tmp_path, "db", "upgrade", **address)
    results = results_of(former, tmp_path, **address)
    postgres.drop_database("former_release")
    assert results == {
        **{words[0]: [0, 0] for words in ACTS},
        **{path: [200, 0] for path in PAGES},
    }


def test_a_contraction_too_early_is_seen(tmp_path: Path) -> None:
    """The control: a column that the release still reads is gone."""
    flask(tmp_path, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "salon.sqlite")) as database:
        database.execute("ALTER TABLE editions RENAME COLUMN slug TO identifier")
    results = results_of(ROOT, tmp_path)
    assert results["load-edition"][0] == 1
    assert results["/exposants"][0] == 503


def test_the_data_of_the_former_release_are_migrated_on_sqlite(
    former_data: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(former_data, tmp_path / "data")
    before, after = rows_before_and_after(ROOT, data)
    assert lost_rows(before, after) == {}


@pytest.mark.postgres
def test_the_data_of_the_former_release_are_migrated_on_postgresql(
    former: Path, former_data: Path, tmp_path: Path, postgres: Server
) -> None:
    postgres.create_database("former_data")
    address = {"DATABASE_URL": postgres.url("former_data")}
    archive, data = tmp_path / "salon.zip", tmp_path / "data"
    start(former_data, "backup", str(archive), root=former)
    data.mkdir()
    shutil.copy(former_data / "secret_key", data)
    start(data, "restore", str(archive), root=former, **address)
    before, after = rows_before_and_after(ROOT, data, **address)
    postgres.drop_database("former_data")
    assert lost_rows(before, after) == {}


LOSING = """
from alembic import op

revision, down_revision = "lost", "{head}"


def upgrade():
    op.execute("UPDATE editions SET city = ''")
    op.execute("DELETE FROM messages WHERE id > 3")
"""


def test_a_migration_that_loses_data_is_seen(former_data: Path, tmp_path: Path) -> None:
    """The control: one that empties a column and deletes rows."""
    code, data = tmp_path / "code", shutil.copytree(former_data, tmp_path / "data")
    code.mkdir()
    check_out("HEAD", code)
    versions = code / "migrations" / "versions"
    head = max(versions.glob("[0-9]*.py")).name.partition("_")[0]
    (versions / "lost.py").write_text(LOSING.format(head=head))
    before, after = rows_before_and_after(code, data)
    assert lost_rows(before, after) == {
        "editions": len(before["editions"]),
        "messages": len(before["messages"]) - 3,
    }
