"""Zones made for tests, and what is scanned at their doors."""

import uuid
from typing import Any

from salon.entrance.models import ZonePresence
from salon.entrance.services.zones import DoorValues, ZoneValues, add_door, create_zone
from salon.fair.models import Edition, Zone
from salon.platform.database.db import current_session
from tests.entrance.conflicts.made import NADIA
from tests.entrance.people import make_badges
from tests.factories import act_in


def values(**overrides: Any) -> ZoneValues:
    """Return a conference room of 150 places."""
    return ZoneValues(**{"kind": "conference", "label": "Salle", "capacity": 150, **overrides})


def make_zone(edition: Edition, door: str = "C", **overrides: Any) -> Zone:
    """Make a zone with the door that leads to it."""
    zone_id = create_zone(act_in(edition, NADIA), values(**overrides), str(uuid.uuid4()))
    make_door(edition, door, zone_id)
    return current_session().get_one(Zone, zone_id)


def make_door(edition: Edition, door: str, zone_id: int | None = None) -> None:
    """A door that leads to a zone, or to the fair."""
    add_door(
        act_in(edition, NADIA), door, DoorValues(f"Porte {door}", (), zone_id), str(uuid.uuid4())
    )


def people_in(zone: Zone) -> int:
    """Return how many badges are in it."""
    current_session().rollback()
    zone_presences = (
        current_session().query(ZonePresence).filter_by(zone_id=zone.id, is_inside=True)
    )
    return zone_presences.count()


def make_codes(edition: Edition, count: int) -> list[str]:
    """Make the codes of that many badges, written at once."""
    return [badge.code for badge in make_badges(edition, [{}] * count)]
