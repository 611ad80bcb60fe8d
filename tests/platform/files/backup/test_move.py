"""The demonstration goes from SQLite to PostgreSQL and back, by the commands."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.commands import application, environment, flask
from tests.conftest import copy_data
from tests.platform.files.backup.places import Rows, dump
from tests.postgres import Server

PAGES = ("/", "/exposants", "/exposants.csv", "/plan", "/programme", "/inscription")
TOKENS = re.compile(r'(?:name="[a-z_]+" [^>]*value|nonce)="[^"]*"')


@pytest.mark.postgres
def test_the_demonstration_goes_to_postgresql_and_comes_back_the_same(
    seeded: Path, postgres: Server, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    copy_data(seeded, first)
    for folder in (second, third):
        folder.mkdir()
        (folder / "secret_key").write_bytes((first / "secret_key").read_bytes())
        (folder / "secret_key").chmod(0o600)
    postgres.create_database("moved")
    moved = postgres.url("moved")
    target, returned = str(tmp_path / "there.zip"), str(tmp_path / "back.zip")
    with application(environment(first)) as app:
        pages, rows = pages_of(app), dump()
    assert len(rows["attendees"]) > 20
    flask(first, "backup", target)
    assert "Restauré" in flask(second, "restore", target, DATABASE_URL=moved)
    with application(environment(second, DATABASE_URL=moved)) as app:
        check_same(rows, dump())
        assert pages_of(app) == pages
        rows = dump()
    flask(second, "backup", returned, DATABASE_URL=moved)
    flask(third, "restore", returned)
    with application(environment(third)) as app:
        check_same(rows, dump())
        assert pages_of(app) == pages
    files = {path.relative_to(first) for path in (first / "uploads").iterdir()}
    assert files == {path.relative_to(third) for path in (third / "uploads").iterdir()}
    assert files
    postgres.drop_database("moved")


def check_same(before: Rows, after: Rows) -> None:
    assert after.keys() == before.keys()
    for name, rows in before.items():
        assert unmarked(after[name]) == unmarked(rows), name


def unmarked(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return the rows but the marks of the commands: a backup, a restore after which nothing is
    purged and no mail leaves.
    """
    return [
        row for row in rows if row[0] not in ("backup", "mail_held", "quiet_day", "service_seen")
    ]


def pages_of(app: Flask) -> dict[str, str]:
    """Return some public pages, without their tokens."""
    client, pages = app.test_client(), {}
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        pages[path] = TOKENS.sub("", answer.text)
    return pages
