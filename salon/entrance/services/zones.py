"""Changes of zones and doors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from salon.accounts.models import Station
from salon.entrance.actions import EntranceAction
from salon.entrance.models import Scan, ZonePresence
from salon.entrance.rules.zones import (
    DoorExists,
    FairExists,
    StandHasZone,
    ZoneExists,
    check_door_can_go,
    check_zone,
    check_zone_has_no_door,
)
from salon.entrance.rules.zones import ZoneValues as ZoneValues
from salon.entrance.services.presences import rebuild_presences
from salon.fair.models import Door, Zone, ZoneKind
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, digest_of, save_new_row
from salon.platform.database.versions import check_version


@dataclass(frozen=True, slots=True)
class DoorValues:
    """Values of a door set by an organiser; `zone_id` None: the fair, without other rules."""

    label: str
    admits: Sequence[str] = ()
    zone_id: int | None = None


def create_zone(act: FairAct, values: ZoneValues, key: str) -> int:
    """Add a zone and return its number. Idempotent for the same form.

    Raises ZoneExists, FairExists, StandHasZone, and what `check_zone` raises.
    """
    check_zone(values)
    with unique_zones(), act.transaction() as session:
        earlier = claim_submission(session, key, {"edition": act.edition.id, **asdict(values)})
        if earlier is not None:
            return int(earlier)
        zone = Zone(edition_id=act.edition.id, **columns_of(values))
        save_new_row(session, key, zone)
        write_entry(
            session, act.actor, EntranceAction.ZONE_CREATED, f"zone:{zone.id}", name=zone.label
        )
        return zone.id


def change_zone(act: Act, zone: Zone, version: int, values: ZoneValues) -> None:
    """Change a zone; its people are counted again when it becomes the fair, or ceases to be.

    Raises StaleVersion, and what `create_zone` raises.
    """
    check_zone(values)
    with unique_zones(), act.transaction(zone) as session:
        check_version(version, zone.version)
        was_fair = zone.kind == ZoneKind.FAIR
        for name, value in columns_of(values).items():
            setattr(zone, name, value)
        write_entry(
            session, act.actor, EntranceAction.ZONE_CHANGED, f"zone:{zone.id}", name=zone.label
        )
    if was_fair != (zone.kind == ZoneKind.FAIR):
        rebuild_presences(zone.edition_id)


def delete_zone(act: Act, zone: Zone, version: int) -> None:
    """Delete a zone that no door leads to. Raises StaleVersion, ZoneHasDoors."""
    with act.transaction(zone) as session:
        check_version(version, zone.version)
        doors = select(func.count()).select_from(Door).where(Door.zone_id == zone.id)
        check_zone_has_no_door(session.scalar(doors) or 0)
        session.execute(delete(ZonePresence).where(ZonePresence.zone_id == zone.id))
        session.delete(zone)
        write_entry(
            session, act.actor, EntranceAction.ZONE_DELETED, f"zone:{zone.id}", name=zone.label
        )


def add_door(act: FairAct, code: str, values: DoorValues, key: str) -> None:
    """Add a door. Idempotent for the same form. Raises DoorExists."""
    with unique_zones(), act.transaction(*_locked(values)) as session:
        content = {"edition": act.edition.id, "code": code, **asdict(values)}
        if claim_submission(session, key, content) is not None:
            return
        door = Door(edition_id=act.edition.id, code=code, **_door_columns(values))
        save_new_row(session, key, door)
        write_entry(session, act.actor, EntranceAction.DOOR_ADDED, f"door:{door.id}", code=code)


def change_door(act: Act, door: Door, stamp: str, values: DoorValues) -> None:
    """Change a door that still has this stamp; its scans count in the new zone.

    Raises StaleVersion.
    """
    with act.transaction(door, *_locked(values)) as session:
        check_version(stamp, stamp_of(door))
        before = door.zone_id
        for name, value in _door_columns(values).items():
            setattr(door, name, value)
        write_entry(
            session, act.actor, EntranceAction.DOOR_CHANGED, f"door:{door.id}", code=door.code
        )
    if before != door.zone_id:
        rebuild_presences(door.edition_id)


def remove_door(act: Act, door: Door) -> None:
    """Remove a door where nothing was scanned. Raises DoorWasScanned, DoorHasStations."""
    with act.transaction(door) as session:
        check_door_can_go(_was_scanned(session, door), _has_stations(session, door))
        session.delete(door)
        write_entry(
            session, act.actor, EntranceAction.DOOR_REMOVED, f"door:{door.id}", code=door.code
        )


def stamp_of(door: Door) -> str:
    """Return a digest of the door's values, which serves as its version."""
    return digest_of(asdict(DoorValues(door.label, sorted(door.admits), door.zone_id)))


def columns_of(values: ZoneValues) -> dict[str, object]:
    """Return the columns of a zone."""
    return {
        **asdict(values),
        "kind": ZoneKind(values.kind),
        "admits": list(values.admits),
        "early_admits": list(values.early_admits),
    }


def _door_columns(values: DoorValues) -> dict[str, object]:
    return {**asdict(values), "admits": list(values.admits)}


def _locked(values: DoorValues) -> list[Zone]:
    """Return the zone that a door will lead to, locked so that it is not deleted meanwhile."""
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
def unique_zones() -> Iterator[None]:
    """Turn a unique violation between two people into the error of the second one."""
    with (
        # The last is asked first: SQLite names the edition in a name taken twice too.
        violation_as(FairExists, "uq_zones_fair", "zones.edition_id"),
        violation_as(ZoneExists, "uq_zones_edition_id_label", "zones.label"),
        violation_as(StandHasZone, "uq_zones_stand_id", "zones.stand_id"),
        violation_as(DoorExists, "uq_doors_edition_id_code", "doors.code"),
    ):
        yield
