"""People registered through the services, for the tests of the dashboard."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from salon.badges.engine.matching import Affiliation
from salon.badges.jobs import PRINT_RUNS, ask_print_run
from salon.badges.models import Attendee, Badge
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.badges.services import Person, register_visitors
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, db
from salon.platform.database.identity import SYSTEM, Identity
from salon.platform.settings.clock import real_now
from tests.entrance.people import item, make_station
from tests.factories import act_in, new_key
from tests.jobs import run as run_jobs

MONS = Affiliation("Mons", commune_code="34160")
PUBLIC = Identity(None, None, "public", "203.0.113.34")


def a_person(**overrides: Any) -> Person:
    values: dict[str, Any] = {
        "first_name": "Jéhanne",
        "last_name": "Fabrègues-Vézian",
        "function": "mayor",
        "place": MONS,
        "email": "Jehanne.Fabregues@mons.example",
        "civility": "madame",
        "phone": "06 12 34 56 78",
        "needs": ["seat"],
        "needs_note": "Canne blanche",
        "consents": ["newsletter"],
        **overrides,
    }
    return Person(**values)


def marc(**overrides: Any) -> Person:
    """Somebody else of the same commune."""
    values: dict[str, Any] = {
        "first_name": "Marc",
        "last_name": "Olivier",
        "function": "deputy_mayor",
        "place": MONS,
        "email": "marc@mons.example",
        **overrides,
    }
    return Person(**values)


def register(*people: Person, contact: str = "", edition: Edition | None = None) -> list[int]:
    """Register people in one group, as the public; return who was added."""
    edition, contact = edition or get_public_edition(), contact or people[0].email
    return register_visitors(act_in(edition, PUBLIC, real_now()), contact, people, new_key()).added


def badge_of(attendee_id: int) -> Badge:
    return (
        current_session()
        .scalars(select(Badge).where(Badge.attendee_id == attendee_id).order_by(Badge.id.desc()))
        .first()
    )  # type: ignore[return-value]


def enter(edition: Edition, attendee_id: int, minutes: int = 0) -> None:
    """The person comes in by door A, on the day of the fair."""
    station = make_station(edition, f"Porte de {attendee_id}")
    at = edition.starts_at + timedelta(minutes=minutes)
    scan = item(badge_of(attendee_id).code, scanned_at=at)
    record_scans(station, edition.id, [scan], at)
    current_session().rollback()


def print_badges(data: Path, text: str = "") -> Path:
    """Return a finished print run of the badges that a search finds; return its file."""
    before = set((data / "print_runs").glob("*"))
    ask_print_run(
        act_in(get_public_edition(), SYSTEM, real_now()),
        AttendeeFilter(text=text),
        Layout.A6,
        new_key(),
    )
    run_jobs(PRINT_RUNS, data=data)
    (pdf_path,) = set((data / "print_runs").glob("*.pdf")) - before
    return pdf_path


def everything(app: Flask) -> str:
    """Return every value of every row of every table, and every file of the data folder, as one
    text.
    """
    current_session().rollback()
    results = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            results += [repr(tuple(row)) for row in connection.execute(select(table))]
    data: Path = app.config["SALON"].data
    for path in sorted(data.rglob("*")):
        if path.is_file():
            results.append(path.name)
            text = path.read_bytes().decode("utf-8", "replace")
            results += [text, re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)]
    return "\n".join(results)


def attendee(attendee_id: int) -> Attendee:
    current_session().expire_all()
    return current_session().get_one(Attendee, attendee_id)
