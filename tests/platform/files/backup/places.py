"""Places of data to back up and restore, on both databases."""

import random
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import flask_migrate
import pytest
from flask import Flask

from salon import create_app
from salon.platform.database.db import db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import post
from salon.platform.settings.installation import ROOT, Settings
from tests.conftest import settings_for
from tests.exhibitors.make import make_stand
from tests.factories import make_edition, make_places
from tests.journal import SampleAction


class Place(Protocol):
    """Makes an empty place; `migrated`: with every table, as `salon migrate` leaves it."""

    def __call__(self, migrated: bool = False) -> Settings: ...


Rows = dict[str, list[tuple[object, ...]]]
on_each_engine = pytest.mark.parametrize(
    "new_place",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)
KEY = "8f1c0e5b7a2d94436be0a17c5d9f2e8b"
PRINTED = Path("print_runs") / "one.pdf"
UPLOAD = Path("uploads") / f"{34:032x}.pdf"


def migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    close(app)


def opened(settings: Settings, migrated: bool = True) -> Flask:
    """Return the application of a place. Where it is on SQLite, it has every table, unless told
    otherwise: they are migrated once and copied."""
    file = settings.data / "salon.sqlite"
    if migrated and settings.is_sqlite and not file.exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        file.write_bytes(migrated_database())
    return create_app(settings)


@cache
def migrated_database() -> bytes:
    """Return the file of an empty SQLite database with every table."""
    with TemporaryDirectory() as folder:
        settings = settings_for(Path(folder))
        migrate(settings)
        with closing(sqlite3.connect(settings.data / "salon.sqlite")) as database:
            database.execute("PRAGMA journal_mode=DELETE")
        return (settings.data / "salon.sqlite").read_bytes()


def filled(settings: Settings) -> Flask:
    """Return a migrated place: an edition, stands, messages, journal entries, a print run, an
    upload.
    """
    app = opened(settings)
    with app.app_context():
        make_places()
        edition = make_edition()
        make_stand(edition.halls[0])
        make_stand(edition.halls[0])
        for number in range(50):
            with transaction() as session:
                post(session, "sign_in_code", f"é{number}@mairie.example", code=str(number))
                write_entry(
                    session, SYSTEM, SampleAction.WROTE, f"test:{number}", words="l’été à Sète"
                )
    (settings.data / "print_runs").mkdir()
    (settings.data / "print_runs" / "one.pdf").write_bytes(b"%PDF-" + random.randbytes(50_000))
    (settings.data / UPLOAD.parent).mkdir()
    (settings.data / UPLOAD).write_bytes(b"%PDF-" + random.randbytes(20_000))
    return app


def dump() -> Rows:
    """Return every row of every table, in the order of its key."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in db.metadata.sorted_tables
        }


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
