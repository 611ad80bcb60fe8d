"""Migrations one at a time, and a server that starts on its own schema only."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from salon.platform.settings.installation import ROOT
from tests.commands import environment, flask
from tests.conftest import copy_data
from tests.postgres import Server
from tests.processes import free_port

AT_ONCE = 2


def upgraded_at_once(folder: Path, **more: str) -> list[str]:
    """Return the outputs of several `flask db upgrade` started together; each must succeed."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"],
            cwd=ROOT,
            env=environment(folder, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    outputs = [command.communicate()[0] for command in running]
    assert [command.returncode for command in running] == [0] * AT_ONCE, outputs
    return outputs


def test_simultaneous_migrations_of_sqlite_follow_one_another(tmp_path: Path) -> None:
    assert "Traceback" not in "".join(upgraded_at_once(tmp_path))


def test_simultaneous_migrations_of_postgresql_follow_one_another(
    tmp_path: Path, postgres: Server
) -> None:
    postgres.create_database("migrated_at_once")
    url = postgres.url("migrated_at_once")
    assert "Traceback" not in "".join(upgraded_at_once(tmp_path, DATABASE_URL=url))
    postgres.drop_database("migrated_at_once")


def test_a_server_starts_on_the_schema_of_its_own_version_only(
    migrated: Path, tmp_path: Path
) -> None:
    closed = {"SALON_DEMONSTRATION": "0", "PORT": str(free_port())}
    output = flask(tmp_path, "serve", code=1, **closed).strip()
    assert "La base est vide" in output
    assert "serve --migrate" in output
    assert len(output.splitlines()) == 1
    data = copy_data(migrated, tmp_path / "data")
    with closing(sqlite3.connect(data / "salon.sqlite")) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
        base.commit()
    for command in (["serve"], ["serve", "--migrate"], ["db", "upgrade"]):
        output = flask(data, *command, code=1, **closed).strip()
        assert "vient d’une autre version du logiciel (révision 9999" in output
        assert len(output.splitlines()) == 1
