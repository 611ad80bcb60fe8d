"""Doors and zones, with the number of people in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from salon.badges.models import Badge
from salon.entrance.models import ZonePresence
from salon.entrance.queries.inside import count_entered
from salon.entrance.queries.scan_statements import ZONE_PRESENCES, occupies_place
from salon.entrance.rules.zones import DoorFacts, ZoneFacts, midnight_before
from salon.fair.models import Door, Zone, ZoneKind
from salon.platform.database.db import current_session


@dataclass(frozen=True)
class DoorState:
    """A door, the categories it admits, and the people in its zone (0 when uncounted)."""

    label: str
    facts: DoorFacts
    inside: int


def zones_of(edition_id: int) -> Sequence[Zone]:
    """Return the zones of an edition, the fair itself first."""
    statement = select(Zone).where(Zone.edition_id == edition_id)
    return (
        current_session().scalars(statement.order_by(Zone.kind != ZoneKind.FAIR, Zone.label)).all()
    )


def get_zone(edition_id: int, zone_id: int) -> Zone:
    statement = select(Zone).where(Zone.edition_id == edition_id, Zone.id == zone_id)
    return current_session().scalars(statement).one()


def get_door(edition_id: int, door_id: int) -> Door:
    statement = select(Door).where(Door.edition_id == edition_id, Door.id == door_id)
    return current_session().scalars(statement).one()


def doors_with_zones(edition_id: int) -> Sequence[Door]:
    """Return the doors by code, each with the zone it leads to."""
    statement = select(Door).where(Door.edition_id == edition_id).options(joinedload(Door.zone))
    return current_session().scalars(statement.order_by(Door.code)).all()


def inside_rooms(edition_id: int, at: datetime) -> dict[int, int]:
    """Return people who entered each zone inside the fair that day and are still there, by zone
    that has any."""
    since = midnight_before(at)
    counted = (
        select(ZonePresence.zone_id, func.count(Badge.attendee_id.distinct()).label("inside"))
        .join(Zone, Zone.id == ZonePresence.zone_id)
        .join(Badge, Badge.id == ZonePresence.badge_id)
        .where(
            Zone.edition_id == edition_id,
            ZonePresence.is_inside,
            ZonePresence.last_at >= since,
            occupies_place(ZONE_PRESENCES, "zone_id"),
        )
        .group_by(ZonePresence.zone_id)
    )
    return {row.zone_id: row.inside for row in current_session().execute(counted)}


def inside_of(edition_id: int, at: datetime) -> dict[int, int]:
    """Return people who entered each zone that day and are still inside, by zone that has any."""
    inside_by_zone = inside_rooms(edition_id, at)
    fair = select(Zone.id).where(Zone.edition_id == edition_id, Zone.kind == ZoneKind.FAIR)
    if (fair_id := current_session().scalar(fair)) is not None:
        inside_by_zone[fair_id] = count_entered(edition_id, at)
    return inside_by_zone


def doors_by_code(edition_id: int, at: datetime) -> list[tuple[str, DoorState]]:
    """Return (code, state) of each door, in the order of codes."""
    inside = inside_of(edition_id, at)
    statement = (
        select(Door, Zone)
        .outerjoin(Zone, Zone.id == Door.zone_id)
        .where(Door.edition_id == edition_id)
        .order_by(Door.code)
    )
    return [
        (
            door.code,
            DoorState(
                door.label,
                DoorFacts(door.admits, facts_of(zone) if zone else None),
                inside.get(zone.id, 0) if zone else 0,
            ),
        )
        for door, zone in current_session().execute(statement)
    ]


def facts_of(zone: Zone) -> ZoneFacts:
    """Return a zone as the values that the rules read."""
    return ZoneFacts(
        None if zone.kind == ZoneKind.FAIR else zone.id,
        zone.label,
        zone.admits,
        zone.is_vip_only,
        zone.capacity,
        zone.hours,
        zone.early_admits,
        zone.is_strict,
    )
