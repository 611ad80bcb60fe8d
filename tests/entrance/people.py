"""Badges and scans made for the tests of the doors."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from salon.accounts.models import StationKind
from salon.accounts.queries import find_station_by_token
from salon.accounts.services.stations import create_station, offer_enrolment
from salon.badges.engine.codes import new_code
from salon.badges.engine.matching import name_key
from salon.badges.models import Attendee, Badge, Category, Group
from salon.entrance.models import Direction, Presence, Scan, Verdict
from salon.entrance.rules.scans import PresenceFacts, after_scan
from salon.entrance.services.scan_items import ScanItem, ScanResult
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.words.tokens import new_token
from tests.factories import make_station_token
from tests.pages import PageClient

CODE_KEY = b"a key of tests: no page checks these codes"
NINE = datetime(2021, 10, 1, 7, 0, tzinfo=UTC)


def make_badge(edition: Edition, **overrides: Any) -> Badge:
    """Make a valid badge of a registered person of Espondeilhan."""
    return make_badges(edition, [overrides])[0]


def make_badges(edition: Edition, people: Sequence[dict[str, Any]]) -> list[Badge]:
    """Valid badges of registered people of Espondeilhan, but for what is said of each."""
    with transaction() as session:
        group = Group(
            edition_id=edition.id,
            contact_email="mairie@commune.example",
            private_token=new_token(),
            created_at=NINE,
        )
        session.add(group)
        session.flush()
        attendees = [_attendee(group, person) for person in people]
        session.add_all(attendees)
        session.flush()
        badges = [_badge(attendee) for attendee in attendees]
        session.add_all(badges)
    return badges


def _attendee(group: Group, overrides: dict[str, Any]) -> Attendee:
    person: dict[str, Any] = {
        "category": Category.ELECTED,
        "civility": "madame",
        "first_name": "Élodie",
        "last_name": f"Roque-{new_code(CODE_KEY)[:8]}",
        "function": "mayor",
        "commune_code": "34092",
        "needs": [],
        "email": "mairie@commune.example",
        **overrides,
    }
    return Attendee(
        edition_id=group.edition_id,
        group_id=group.id,
        name_key=name_key(person["first_name"], person["last_name"]),
        email_key=person["email"],
        registered_by="public",
        registered_at=NINE,
        **person,
    )


def add_badge(session: Any, attendee: Attendee) -> Badge:
    badge = _badge(attendee)
    session.add(badge)
    session.flush()
    return badge


def _badge(attendee: Attendee) -> Badge:
    return Badge(
        edition_id=attendee.edition_id,
        attendee_id=attendee.id,
        code=new_code(CODE_KEY),
        private_token=new_token(),
        issued_at=NINE,
    )


def make_station(edition: Edition | None, name: str = "Entrée A") -> int:
    """Make the id of an enrolled station."""
    station_key = find_station_by_token(make_station_token(edition, name))
    assert station_key
    return station_key.id


def enrolled(app: Flask, edition: Edition) -> PageClient:
    """Return the browser of a device that was enrolled as a welcome desk."""
    station = create_station(Act(SYSTEM), "Tablette", "A", edition.id, StationKind.DESK)
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station.id)}")
    return client


def item(code: str, minutes: float = 0, **overrides: Any) -> ScanItem:
    """Return a scan at door A, going in, some minutes after nine."""
    values: dict[str, Any] = {
        "scan_id": str(uuid.uuid4()),
        "code": code,
        "scanned_at": NINE + timedelta(minutes=minutes),
        "door": "A",
        "direction": Direction.IN,
        **overrides,
    }
    return ScanItem(**values)


def scans() -> list[Scan]:
    """Return every scan on record, in the order written."""
    current_session().rollback()
    return list(current_session().scalars(select(Scan).order_by(Scan.id)))


def presences() -> dict[int, PresenceFacts]:
    """Return the stored presence of each badge."""
    current_session().rollback()
    return {
        row.badge_id: PresenceFacts(row.is_inside, row.first_entry_at, row.first_door, row.last_at)
        for row in current_session().scalars(
            select(Presence).execution_options(populate_existing=True)
        )
    }


def derived() -> dict[int, PresenceFacts]:
    """Return the presence of each badge, computed again from all scan rows."""
    expected_presences: dict[int, PresenceFacts] = {}
    for row in sorted(scans(), key=lambda row: (row.happened_at, row.id)):
        if row.verdict in ("accepted", "already_inside", "re_entry", "exit") and row.badge_id:
            expected_presences[row.badge_id] = after_scan(
                expected_presences.get(row.badge_id),
                Direction(row.direction),
                row.happened_at,
                row.door,
            )
    return expected_presences


def verdicts(results: list[ScanResult]) -> list[Verdict]:
    return [result.verdict for result in results]
