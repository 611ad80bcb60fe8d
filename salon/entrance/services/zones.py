"""Zones and doors, as the organiser draws them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.accounts.models import Station
from salon.entrance.models import Scan, ZonePresence
from salon.entrance.rules.zones import (
    DoorExists,
    FairExists,
    StandHasZone,
    ZoneExists,
    check_door_can_go,
    check_zone,
    check_zone_has_no_door,
    check_zone_is_the_same,
)
from salon.entrance.rules.zones import ZoneValues as ZoneValues
from salon.entrance.services.presences import rebuild_presences
from salon.fair.models import Door, Edition, Zone, ZoneKind
from salon.platform.db import current_session, transaction, violates
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, digest_of, settle_submission


@dataclass(frozen=True, slots=True)
class DoorValues:
    """What an organiser says of a door; `zone_id` None: the fair, without other rules."""

    label: str
    admits: Sequence[str] = ()
    zone_id: int | None = None


def create_zone(edition: Edition, values: ZoneValues, key: str, by: Identity) -> int:
    """Adds a zone and answers its number; the same form sent twice adds one.

    Raises ZoneExists, FairExists, StandHasZone, and what `check_zone` raises.
    """
    check_zone(values)
    with _unique(), transaction() as session:
        known = claim_submission(session, key, {"edition": edition.id, **asdict(values)})
        if known is not None:
            return int(known)
        zone = Zone(edition_id=edition.id, **_columns(values))
        session.add(zone)
        session.flush()
        settle_submission(session, key, str(zone.id))
        write_entry(session, by, "zone.created", f"zone:{zone.id}", name=zone.label)
        return zone.id


def change_zone(zone: Zone, version: int, values: ZoneValues, by: Identity) -> None:
    """Changes a zone; who is in it is counted again when it becomes the fair, or ceases to be.

    Raises ZoneChanged, and what `create_zone` raises.
    """
    check_zone(values)
    with _unique(), transaction(zone) as session:
        check_zone_is_the_same(version, zone.version)
        was_fair = zone.kind == ZoneKind.FAIR
        for name, value in _columns(values).items():
            setattr(zone, name, value)
        write_entry(session, by, "zone.changed", f"zone:{zone.id}", name=zone.label)
    if was_fair != (zone.kind == ZoneKind.FAIR):
        rebuild_presences(zone.edition_id)


def delete_zone(zone: Zone, version: int, by: Identity) -> None:
    """Deletes a zone that no door leads to. Raises ZoneChanged, ZoneHasDoors."""
    with transaction(zone) as session:
        check_zone_is_the_same(version, zone.version)
        doors = select(func.count()).select_from(Door).where(Door.zone_id == zone.id)
        check_zone_has_no_door(session.scalar(doors) or 0)
        session.execute(delete(ZonePresence).where(ZonePresence.zone_id == zone.id))
        session.delete(zone)
        write_entry(session, by, "zone.deleted", f"zone:{zone.id}", name=zone.label)


def add_door(edition: Edition, code: str, values: DoorValues, key: str, by: Identity) -> None:
    """Adds a door; the same form sent twice adds one. Raises DoorExists."""
    with _unique(), transaction(*_locked(values)) as session:
        content = {"edition": edition.id, "code": code, **asdict(values)}
        if claim_submission(session, key, content) is not None:
            return
        door = Door(edition_id=edition.id, code=code, **_door_columns(values))
        session.add(door)
        session.flush()
        settle_submission(session, key, str(door.id))
        write_entry(session, by, "door.added", f"door:{door.id}", code=code)


def change_door(door: Door, seen: str, values: DoorValues, by: Identity) -> None:
    """Changes a door whose stamp is as `seen`. Who passed by it is counted where it leads now.

    Raises ZoneChanged.
    """
    with transaction(door, *_locked(values)) as session:
        check_zone_is_the_same(seen, stamp_of(door))
        before = door.zone_id
        for name, value in _door_columns(values).items():
            setattr(door, name, value)
        write_entry(session, by, "door.changed", f"door:{door.id}", code=door.code)
    if before != door.zone_id:
        rebuild_presences(door.edition_id)


def remove_door(door: Door, by: Identity) -> None:
    """Removes a door where nothing was scanned. Raises DoorWasScanned, DoorHasStations."""
    with transaction(door) as session:
        check_door_can_go(_was_scanned(session, door), _has_stations(session, door))
        session.delete(door)
        write_entry(session, by, "door.removed", f"door:{door.id}", code=door.code)


def stamp_of(door: Door) -> str:
    """Changes with anything that is said of a door: it has no version of its own."""
    return digest_of(asdict(DoorValues(door.label, sorted(door.admits), door.zone_id)))


def _columns(values: ZoneValues) -> dict[str, Any]:
    return {
        **asdict(values),
        "kind": ZoneKind(values.kind),
        "admits": list(values.admits),
        "early_admits": list(values.early_admits),
    }


def _door_columns(values: DoorValues) -> dict[str, Any]:
    return {**asdict(values), "admits": list(values.admits)}


def _locked(values: DoorValues) -> list[Zone]:
    """The zone that a door is to lead to: it may not be deleted meanwhile."""
    zone = current_session().get(Zone, values.zone_id) if values.zone_id is not None else None
    return [zone] if zone is not None else []


def _was_scanned(session: Session, door: Door) -> bool:
    scanned = exists().where(Scan.edition_id == door.edition_id, Scan.door == door.code)
    return bool(session.scalar(select(scanned)))


def _has_stations(session: Session, door: Door) -> bool:
    standing = exists().where(
        Station.edition_id == door.edition_id,
        Station.door == door.code,
        Station.revoked_at.is_(None),
    )
    return bool(session.scalar(select(standing)))


@contextmanager
def _unique() -> Iterator[None]:
    """What two people made at once is told as when one came after the other."""
    try:
        yield
    except IntegrityError as error:
        for constraint, column, refusal in (
            ("uq_zones_edition_id_label", "zones.label", ZoneExists),
            ("uq_zones_stand_id", "zones.stand_id", StandHasZone),
            ("uq_zones_fair", "zones.edition_id", FairExists),
            ("uq_doors_edition_id_code", "doors.code", DoorExists),
        ):
            if violates(error, constraint, column):
                raise refusal from None
        raise
