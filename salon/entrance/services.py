"""Recording scans, and rebuilding what is derived from them.

This is the hot path of the day of the fair: constant statements (see `statements.py`), at most
six between BEGIN and COMMIT, for 1 scan or 500.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError

from salon.accounts.models import Station
from salon.accounts.queries import stations_of
from salon.accounts.services import create_station
from salon.badges.models import AttendeeStatus, Badge
from salon.badges.qr import code_in
from salon.db import db
from salon.entrance import statements
from salon.entrance.models import Presence, Scan
from salon.entrance.rules import (
    COUNTED,
    BadgeFacts,
    Direction,
    NoEditionOpen,
    PresenceFacts,
    StationExists,
    Verdict,
    after_scan,
    judge,
    printable,
    time_that_counts,
)
from salon.entrance.statements import BadgeRow
from salon.identity import Identity
from salon.prepared import Driver, driver

TRIES = 3
UNIQUE_VIOLATION = "23505"
DEADLOCK = "40P01"


@dataclass(frozen=True, slots=True)
class ScanItem:
    """A scan as a station sends it; `scanned_at` has a zone."""

    scan_id: str
    code: str
    scanned_at: datetime
    door: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan. `holder` is None when the code is no badge of any edition."""

    scan_id: str
    verdict: Verdict
    happened_at: datetime
    presence: PresenceFacts | None
    holder: BadgeRow | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where scans are made: `admits` says which categories a door admits, none meaning all."""

    station_id: int
    edition_id: int
    admits: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan understood: the badge code in what was read, and the time that counts."""

    item: ScanItem
    code: str | None
    happened_at: datetime


def record_scans(
    station_id: int, edition_id: int | None, items: Sequence[ScanItem], received_at: datetime
) -> list[ScanResult]:
    """Records 1 to 500 scans of a station; answers them in the order sent.

    `edition_id` None means the station's own edition, else the current one (NoEditionOpen).

    None is dropped, refused ones included. A `scan_id` that the station already sent, in this
    batch or before, has no effect and gets its first answer, whatever code comes with it.
    """
    readings: dict[str, Reading] = {}
    for item in items:
        if item.scan_id not in readings:
            at = time_that_counts(item.scanned_at, received_at)
            readings[item.scan_id] = Reading(item, code_in(item.code), at)
    in_order = sorted(readings.values(), key=lambda one: (one.happened_at, one.item.scanned_at))
    for remaining in reversed(range(TRIES)):
        try:
            # The driver's connection rather than `salon.db.transaction()`: the Session costs more
            # than all the statements, and nothing here uses it.
            with driver() as on:
                place = _place_of(on, station_id, edition_id)
                with on.transaction():
                    known = apply_scans(on, place, in_order, received_at)
            return [known[item.scan_id] for item in items]
        except DBAPIError as error:
            # PostgreSQL only: the same scan_id came at once in two requests. The other one is
            # committed by now (or this one was chosen to give way), so its answer can be read.
            state = getattr(error.orig, "sqlstate", None)
            if state not in (UNIQUE_VIOLATION, DEADLOCK) or not remaining:
                raise
    raise AssertionError("unreachable")


def apply_scans(
    on: Driver, place: Place, readings: Sequence[Reading], received_at: datetime
) -> dict[str, ScanResult]:
    """Judges scans in their order and writes them, inside the caller's transaction."""
    badges = _badges(on, sorted({one.code for one in readings if one.code}))
    by_id = {badge.id: badge for badge in badges.values()}
    # Read after the lock: on PostgreSQL a row that was waited for brings its own newest version,
    # but not that of the rows joined to it.
    presences = _presences(on, sorted(by_id))
    known = _known(on, place.station_id, readings)
    changed: set[int] = set()
    added: list[dict[str, Any]] = []
    for one in readings:
        item, at = one.item, one.happened_at
        if item.scan_id in known:
            continue
        badge = badges.get(one.code or "")
        presence = presences.get(badge.id) if badge else None
        verdict = judge(
            _facts(badge),
            presence,
            place.edition_id,
            place.admits.get(item.door, ()),
            item.direction,
            at,
        )
        if badge and verdict in COUNTED:
            presences[badge.id] = after_scan(presence, item.direction, at, item.door)
            changed.add(badge.id)
        badge_id = badge.id if badge else None
        known[item.scan_id] = (verdict, badge_id, at)
        added.append(
            {
                "edition_id": place.edition_id,
                "station_id": place.station_id,
                "scan_id": item.scan_id,
                "badge_id": badge_id,
                "code": printable(item.code),
                "verdict": verdict.value,
                "direction": item.direction.value,
                "door": item.door,
                "scanned_at": item.scanned_at,
                "received_at": received_at,
                "happened_at": at,
            }
        )
    if added:
        statements.add_scans.write(on, added)
    if changed:
        rows = [_row(badge_id, presences[badge_id]) for badge_id in sorted(changed)]
        statements.set_presences.write(on, rows)
    return {
        scan_id: ScanResult(
            scan_id, verdict, at, presences.get(badge_id or 0), by_id.get(badge_id or 0)
        )
        for scan_id, (verdict, badge_id, at) in known.items()
    }


def _place_of(on: Driver, station_id: int, edition_id: int | None) -> Place:
    rows = statements.read_doors.read(on, station_id=station_id, edition_id=edition_id)
    known = rows[0][0] if rows else None
    if known is None:
        raise NoEditionOpen
    return Place(station_id, known, {door: admits or [] for _, door, admits in rows})


def _badges(on: Driver, codes: Sequence[str]) -> dict[str, BadgeRow]:
    if not codes:
        return {}
    rows = statements.lock_badges.read(on, codes=codes)
    return {badge.code: badge for badge in (BadgeRow(*row) for row in rows)}


def _presences(on: Driver, badge_ids: Sequence[int]) -> dict[int, PresenceFacts]:
    if not badge_ids:
        return {}
    rows = statements.read_presences.read(on, badge_ids=badge_ids)
    return {badge_id: PresenceFacts(*facts) for badge_id, *facts in rows}


def _known(
    on: Driver, station_id: int, readings: Sequence[Reading]
) -> dict[str, tuple[Verdict, int | None, datetime]]:
    rows = statements.read_known.read(
        on,
        station_id=station_id,
        scan_ids=[one.item.scan_id for one in readings],
    )
    return {
        scan_id: (Verdict(verdict), badge_id, happened_at)
        for scan_id, verdict, badge_id, happened_at in rows
    }


def _facts(badge: BadgeRow | None) -> BadgeFacts | None:
    if badge is None:
        return None
    revoked = badge.revoked_at is not None or badge.status != AttendeeStatus.REGISTERED
    return BadgeFacts(badge.edition_id, badge.category, revoked)


def _row(badge_id: int, presence: PresenceFacts) -> dict[str, Any]:
    return {
        "badge_id": badge_id,
        "is_inside": presence.is_inside,
        "first_entry_at": presence.first_entry_at,
        "first_door": presence.first_door,
        "last_at": presence.last_at,
    }


def rebuild_presences(edition_id: int) -> int:
    """Derives again what is known of every badge of an edition; answers how many were scanned."""
    locked = select(Badge.id).where(Badge.edition_id == edition_id).order_by(Badge.id)
    counted = (
        select(Badge.id, Scan.direction, Scan.happened_at, Scan.door)
        .join(Badge, Badge.id == Scan.badge_id)
        .where(Badge.edition_id == edition_id, Scan.verdict.in_(COUNTED))
        .order_by(Scan.happened_at, Scan.id)
    )
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(locked.with_for_update(key_share=True)).all()
        derived: dict[int, PresenceFacts] = {}
        for badge_id, direction, happened_at, door in connection.execute(counted):
            derived[badge_id] = after_scan(
                derived.get(badge_id), Direction(direction), happened_at, door
            )
        of_edition = select(Badge.id).where(Badge.edition_id == edition_id)
        connection.execute(delete(Presence).where(Presence.badge_id.in_(of_edition)))
        if derived:
            rows = [_row(badge_id, presence) for badge_id, presence in derived.items()]
            connection.execute(insert(statements.PRESENCES), rows)
    return len(derived)


def open_station(name: str, door: str, edition_id: int, by: Identity) -> Station:
    """A station of this name, ready to be enrolled. Raises StationExists when it already is.

    Asked twice, it is the same station.
    """
    for station in stations_of(edition_id):
        if station.revoked_at is None and station.name == name:
            if station.enrolled_at is not None or station.door != door:
                raise StationExists
            return station
    return create_station(name, door, edition_id, by)
