"""Erased data leave the files of SQLite, the write-ahead log included, while all runs."""

import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, event, text

from salon import create_app
from salon.badges.services import register_visitors
from salon.dashboard.services import erasure
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import note
from salon.platform.settings import clock
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import ROOT
from salon.platform.storage.folder import FolderStore
from tests.badges.people import PUBLIC, make_person
from tests.conftest import copy_data, settings_for
from tests.factories import act_in, new_key
from tests.journal import SampleAction
from tests.processes import PATIENCE_S, free_port, tied, wait_for

ADDRESS = "effacement-demande@commune.example"
ADDRESS_SAID = "Le salon : "


def places_of(words: bytes, data: Path) -> list[str]:
    return [path.name for path in data.glob("salon.sqlite*") if words in path.read_bytes()]


@contextmanager
def served(data: Path) -> Iterator[None]:
    """Yield the demonstration of a folder, as `serve` runs it."""
    port = free_port()
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
    }
    place = {"SALON_DATA": str(data), "PORT": str(port), "SALON_DEMONSTRATION": "1"}
    with subprocess.Popen(
        tied(sys.executable, "-m", "flask", "--app", "app", "serve"),
        cwd=ROOT,
        env={**environment, **place},
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        try:
            assert command.stdout is not None
            # Said once it listens: from then on a connection waits for the process that answers.
            assert any(ADDRESS_SAID in line for line in command.stdout), "it ended"
            page = f"http://127.0.0.1:{port}/demonstration"
            with urllib.request.urlopen(page, timeout=PATIENCE_S) as answer:
                assert answer.status == 200
            yield
        finally:
            command.terminate()
            command.communicate(timeout=PATIENCE_S)


def test_an_erased_address_leaves_the_files_of_a_demonstration_that_runs(
    loaded: Path, tmp_path: Path
) -> None:
    copy_data(loaded, tmp_path)
    app = create_app(
        replace(settings_for(tmp_path), demonstration=True, demonstration_refused=False)
    )
    with app.app_context():
        flask_migrate.stamp(directory=str(ROOT / "migrations"))
        with served(tmp_path):
            person = make_person(email=ADDRESS)
            added = register_visitors(
                act_in(get_public_edition(), PUBLIC), ADDRESS, [person], new_key()
            ).added
            assert places_of(ADDRESS.encode(), tmp_path)
            erasure.erase(Act(SYSTEM), added[0], FolderStore(tmp_path), real_now())
            # The pages and the worker read meanwhile: the log is emptied once they let go of it.
            wait_for(erasure.empty_write_ahead_log, "a log that nobody reads")
            assert places_of(ADDRESS.encode(), tmp_path) == []
        db.session.remove()
        db.engine.dispose()
    clock.clock.follow(None)


def test_what_is_deleted_is_overwritten_at_once(app: Flask) -> None:
    """Also where SQLite is built without it, as when a connection begins so."""

    def begin_without(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA secure_delete=OFF")

    db.engine.dispose()
    event.listen(Engine, "connect", begin_without, insert=True)
    try:
        assert current_session().scalar(text("PRAGMA secure_delete")) == 1
    finally:
        event.remove(Engine, "connect", begin_without)


def test_the_log_is_emptied_though_nothing_is_purged(app: Flask, tmp_path: Path) -> None:
    note(SYSTEM, SampleAction.WROTE, email=ADDRESS)
    assert ADDRESS.encode() in (tmp_path / "salon.sqlite-wal").read_bytes()
    erasure.empty_write_ahead_log()
    assert (tmp_path / "salon.sqlite-wal").read_bytes() == b""


def test_a_log_that_somebody_reads_is_left_for_later(app: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "salon.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM journal_entries").fetchone()
        patience_ms = current_session().scalar(text("PRAGMA busy_timeout"))
        note(SYSTEM, SampleAction.WROTE, email=ADDRESS)
        assert not erasure.empty_write_ahead_log()
        note(SYSTEM, SampleAction.WROTE)
    assert erasure.empty_write_ahead_log()
    assert current_session().scalar(text("PRAGMA busy_timeout")) == patience_ms
