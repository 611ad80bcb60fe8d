"""Migrations expand, then contract: the former release works on the schema of this code."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from salon.platform.settings import ROOT
from tests.commands import environment, flask
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
def test_the_former_release_works_on_the_new_schema(tmp_path: Path, postgres: Server) -> None:
    code, data = tmp_path / "code", tmp_path / "data"
    code.mkdir()
    check_out(former_release(), code)
    postgres.create_database("former_release")
    address = {"DATABASE_URL": postgres.url("former_release")}
    flask(data, "db", "upgrade", **address)
    results = results_of(code, data, **address)
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
