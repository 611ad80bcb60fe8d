"""Zones made for tests, and what is scanned at their doors."""

import uuid
from typing import Any

from salon.badges.models import Attendee, Badge
from salon.badges.services.registration import new_code, new_token
from salon.db import session, transaction
from salon.entrance.models import ZonePresence
from salon.entrance.services.zones import DoorValues, ZoneValues, add_door, create_zone
from salon.fair.models import Edition, Zone
from tests.entrance.conflicts.made import NADIA
from tests.entrance.people import NINE, make_badge


def values(**overrides: Any) -> ZoneValues:
    """A conference room of 150 places."""
    return ZoneValues(**{"kind": "conference", "label": "Salle", "capacity": 150, **overrides})


def make_zone(edition: Edition, door: str = "C", **overrides: Any) -> Zone:
    """A zone with the door that leads to it."""
    zone_id = create_zone(edition, values(**overrides), str(uuid.uuid4()), NADIA)
    there = DoorValues(f"Porte {door}", (), zone_id)
    add_door(edition, door, there, str(uuid.uuid4()), NADIA)
    return session().get_one(Zone, zone_id)


def people_in(zone: Zone) -> int:
    """How many badges are in it."""
    session().rollback()
    found = session().query(ZonePresence).filter_by(zone_id=zone.id, is_inside=True)
    return found.count()


def make_badges(edition: Edition, count: int) -> list[str]:
    """The codes of that many badges, written at once."""
    first = make_badge(edition).attendee
    people = [
        Attendee(
            edition_id=edition.id,
            group_id=first.group_id,
            category="elected",
            civility="madame",
            first_name="Élodie",
            last_name=f"Roque {number}",
            name_key=f"roque {number} elodie",
            function="mayor",
            commune_code="34092",
            email="mairie@commune.example",
            email_key="mairie@commune.example",
            registered_by="public",
            registered_at=NINE,
        )
        for number in range(count)
    ]
    with transaction() as writing:
        writing.add_all(people)
        writing.flush()
        badges = [
            Badge(
                edition_id=edition.id,
                attendee_id=one.id,
                code=new_code(),
                private_token=new_token(),
                issued_at=NINE,
            )
            for one in people
        ]
        writing.add_all(badges)
    return [one.code for one in badges]
