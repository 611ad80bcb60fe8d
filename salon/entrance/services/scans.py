"""Recording scans, and rebuilding what is derived from them.

This is the hot path of the day of the fair: constant statements (see `statements.py`), at most
six between BEGIN and COMMIT for a door of the fair, for 1 scan or 500; two more for a zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, case, delete, insert, select
from sqlalchemy.exc import DBAPIError

from salon.badges.models import AttendeeStatus, Badge
from salon.badges.qr import code_in, hash_of_code
from salon.db import db
from salon.entrance import statements
from salon.entrance.models import Presence, Scan, ZonePresence
from salon.entrance.rules.conflicts import ScanFacts, conflicts_of
from salon.entrance.rules.scans import (
    COUNTED,
    BadgeFacts,
    Direction,
    NoEditionOpen,
    PresenceFacts,
    Verdict,
    after_scan,
    judge,
    printable,
    time_that_counts,
)
from salon.entrance.rules.zones import ANY_DOOR, Barred, DoorFacts, ZoneFacts, barred_from
from salon.entrance.statements import BadgeRow
from salon.fair.models import Door, Zone, ZoneKind
from salon.prepared import Driver, driver

TRIES = 3
UNIQUE_VIOLATION = "23505"
DEADLOCK = "40P01"


Key = tuple[int, int | None]
"""A badge, and the zone inside the fair where it is looked for; None: the fair itself."""


@dataclass(frozen=True, slots=True)
class ScanItem:
    """A scan as a station sends it; `scanned_at` has a zone.

    `code_hash`: the SHA-256 of the badge's code (hexadecimal), sent instead of `code` by a device
    that kept nothing else. `shown`: the verdict that it gave without network, else empty.
    """

    scan_id: str
    code: str
    scanned_at: datetime
    door: str
    direction: Direction
    code_hash: str = ""
    shown: str = ""
    was_let_in: bool = False


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan. `holder` is None when the code is no badge of any edition.

    `barred`: why the zone may not be entered; with a verdict that lets in, it is a warning.
    """

    scan_id: str
    verdict: Verdict
    happened_at: datetime
    presence: PresenceFacts | None
    holder: BadgeRow | None
    barred: Barred | None = None
    zone: ZoneFacts | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where scans are made, and what its doors admit."""

    station_id: int
    edition_id: int
    doors: dict[str, DoorFacts]


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan understood: the hash of the badge code in what was read, the time that counts."""

    item: ScanItem
    code_hash: str | None
    happened_at: datetime


def record_scans(
    station_id: int, edition_id: int | None, items: Sequence[ScanItem], received_at: datetime
) -> list[ScanResult]:
    """Records 1 to 500 scans of a station; answers them in the order sent.

    `edition_id` None means the station's own edition, else the current one (NoEditionOpen).

    None is dropped, refused ones included. A `scan_id` that was already sent, in this batch or
    before, has no effect and gets its first answer, whatever comes with it. What somebody has to
    judge becomes a conflict in the same transaction.
    """
    readings: dict[str, Reading] = {}
    for item in items:
        if item.scan_id not in readings:
            at = time_that_counts(item.scanned_at, received_at)
            readings[item.scan_id] = Reading(item, _hash_in(item), at)
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
    badges = _badges(on, sorted({one.code_hash for one in readings if one.code_hash}))
    by_id = {badge.id: badge for badge in badges.values()}
    # Read after the lock: on PostgreSQL a row that was waited for brings its own newest version,
    # but not that of the rows joined to it.
    doors = [place.doors.get(one.item.door, ANY_DOOR) for one in readings]
    inside = _count_inside(on, place, doors)
    presences = _presences(on, sorted(by_id), doors)
    known = {
        scan_id: ScanResult(scan_id, verdict, at, None, by_id.get(badge_id or 0))
        for scan_id, (verdict, badge_id, at) in _known(on, readings).items()
    }
    changed: set[Key] = set()
    added: list[dict[str, Any]] = []
    odd: list[dict[str, Any]] = []
    for one, door in zip(readings, doors, strict=True):
        item, at = one.item, one.happened_at
        badge = badges.get(one.code_hash or "")
        key = (badge.id if badge else 0, door.counts_in)
        before = presences.get(key)
        if item.scan_id in known:
            known[item.scan_id] = replace(known[item.scan_id], presence=before, zone=door.zone)
            continue
        facts = _facts(badge)
        barred = _barred(facts, door, before, at, inside.get(door.counts_in, 0))
        is_refused = barred is not None and (door.zone is None or door.zone.is_strict)
        verdict = judge(
            facts, before, place.edition_id, door.admits, item.direction, at, is_refused
        )
        # Who was let in without network is inside, whatever the fair would have said.
        is_ours = badge is not None and badge.edition_id == place.edition_id
        is_counted = verdict in COUNTED or (item.was_let_in and is_ours)
        after = before
        if badge and is_counted:
            after = after_scan(before, item.direction, at, item.door)
            presences[key] = after
            changed.add(key)
            was = before is not None and before.is_inside
            inside[door.counts_in] = inside.get(door.counts_in, 0) + after.is_inside - was
        if verdict != Verdict.NOT_ALLOWED_HERE and is_refused:
            barred = None
        known[item.scan_id] = ScanResult(item.scan_id, verdict, at, after, badge, barred, door.zone)
        added.append(_scan_row(place, one, verdict, badge, is_counted, received_at))
        odd.extend(_conflict_rows(place, one, verdict, badge, received_at))
    if added:
        statements.add_scans.write(on, added)
    if odd:
        statements.add_conflicts.write(on, odd)
    _write_presences(on, changed, presences)
    return known


def _write_presences(on: Driver, changed: set[Key], presences: dict[Key, PresenceFacts]) -> None:
    in_fair = [_row(badge, presences[badge, zone]) for badge, zone in changed if zone is None]
    in_zones = [
        {**_row(badge, presences[badge, zone]), "zone_id": zone}
        for badge, zone in changed
        if zone is not None
    ]
    if in_fair:
        statements.set_presences.write(on, sorted(in_fair, key=itemgetter("badge_id")))
    if in_zones:
        order = itemgetter("badge_id", "zone_id")
        statements.set_zone_presences.write(on, sorted(in_zones, key=order))


def _barred(
    badge: BadgeFacts | None,
    door: DoorFacts,
    presence: PresenceFacts | None,
    at: datetime,
    inside: int,
) -> Barred | None:
    if badge is None:
        return None
    if door.admits and badge.category not in door.admits:
        return Barred.DOOR
    is_inside = presence is not None and presence.is_inside
    return barred_from(door.zone, badge.category, badge.is_vip, at, inside, is_inside)


def _scan_row(
    place: Place,
    one: Reading,
    verdict: Verdict,
    badge: BadgeRow | None,
    is_counted: bool,
    received_at: datetime,
) -> dict[str, Any]:
    item = one.item
    return {
        "edition_id": place.edition_id,
        "station_id": place.station_id,
        "scan_id": item.scan_id,
        "badge_id": badge.id if badge else None,
        "code": printable(item.code),
        "verdict": verdict.value,
        "shown": item.shown,
        "was_let_in": item.was_let_in,
        "is_counted": is_counted,
        "direction": item.direction.value,
        "door": item.door,
        "scanned_at": item.scanned_at,
        "received_at": received_at,
        "happened_at": one.happened_at,
    }


def _conflict_rows(
    place: Place, one: Reading, verdict: Verdict, badge: BadgeRow | None, received_at: datetime
) -> list[dict[str, Any]]:
    item = one.item
    facts = ScanFacts(
        verdict,
        item.direction,
        one.code_hash is not None,
        item.shown,
        item.was_let_in,
        item.scanned_at,
        one.happened_at,
    )
    return [
        {
            "edition_id": place.edition_id,
            "version": 1,
            "kind": kind,
            "scan_id": item.scan_id,
            "station_id": place.station_id,
            "badge_id": badge.id if badge else None,
            "detail": {},
            "raised_at": received_at,
            "settlement": settlement or "",
            "note": "",
            "settled_by": "",
            "settled_at": received_at if settlement else None,
        }
        for kind, settlement in conflicts_of(facts)
    ]


def _hash_in(item: ScanItem) -> str | None:
    if item.code_hash:
        return item.code_hash
    code = code_in(item.code)
    return hash_of_code(code) if code else None


def _place_of(on: Driver, station_id: int, edition_id: int | None) -> Place:
    rows = statements.read_doors.read(on, station_id=station_id, edition_id=edition_id)
    known = rows[0][0] if rows else None
    if known is None:
        raise NoEditionOpen
    doors = {code: door_facts(admits or (), *zone) for _, code, admits, *zone in rows}
    return Place(station_id, known, doors)


def door_facts(
    admits: Sequence[str], zone_id: int | None = None, kind: Any = None, *rest: Any
) -> DoorFacts:
    """A door and its zone from the columns of `statements.read_doors`."""
    if zone_id is None:
        return DoorFacts(admits)
    inside = None if kind == ZoneKind.FAIR else zone_id
    return DoorFacts(admits, ZoneFacts(inside, *rest))


def _badges(on: Driver, hashes: Sequence[str]) -> dict[str, BadgeRow]:
    if not hashes:
        return {}
    rows = statements.lock_badges.read(on, hashes=hashes)
    return {badge.code_hash: badge for badge in (BadgeRow(*row) for row in rows)}


def _count_inside(on: Driver, place: Place, doors: Sequence[DoorFacts]) -> dict[int | None, int]:
    """How many are in each zone that has a capacity; its row is locked first."""
    counted = {
        door.zone.id for door in doors if door.zone is not None and door.zone.capacity is not None
    }
    found: dict[int | None, int] = {}
    zones = sorted(zone for zone in counted if zone is not None)
    if zones:
        statements.lock_zones.read(on, zone_ids=zones)
        found.update(
            (zone, count) for zone, count in statements.count_in_zones.read(on, zone_ids=zones)
        )
    if None in counted:
        ((found[None],),) = statements.count_in_fair.read(on, edition_id=place.edition_id)
    return found


def _presences(
    on: Driver, badge_ids: Sequence[int], doors: Sequence[DoorFacts]
) -> dict[Key, PresenceFacts]:
    if not badge_ids:
        return {}
    rows = statements.read_presences.read(on, badge_ids=badge_ids)
    found: dict[Key, PresenceFacts] = {
        (badge_id, None): PresenceFacts(*facts) for badge_id, *facts in rows
    }
    if any(door.counts_in is not None for door in doors):
        rows = statements.read_zone_presences.read(on, badge_ids=badge_ids)
        found.update(((badge, zone), PresenceFacts(*facts)) for badge, zone, *facts in rows)
    return found


def _known(
    on: Driver, readings: Sequence[Reading]
) -> dict[str, tuple[Verdict, int | None, datetime]]:
    rows = statements.read_known.read(on, scan_ids=[one.item.scan_id for one in readings])
    return {
        scan_id: (Verdict(verdict), badge_id, happened_at)
        for scan_id, verdict, badge_id, happened_at in rows
    }


def _facts(badge: BadgeRow | None) -> BadgeFacts | None:
    if badge is None:
        return None
    revoked = badge.revoked_at is not None or badge.status != AttendeeStatus.REGISTERED
    return BadgeFacts(badge.edition_id, badge.category, revoked, badge.is_vip)


def _row(badge_id: int, presence: PresenceFacts) -> dict[str, Any]:
    return {
        "badge_id": badge_id,
        "is_inside": presence.is_inside,
        "first_entry_at": presence.first_entry_at,
        "first_door": presence.first_door,
        "last_at": presence.last_at,
    }


def rebuild_presences(edition_id: int) -> int:
    """Derives again what is known of every badge of an edition; answers how many rows there are."""
    locked = select(Badge.id).where(Badge.edition_id == edition_id).order_by(Badge.id)
    zone_id = case((Zone.kind == ZoneKind.FAIR, None), else_=Zone.id)
    counted = (
        select(Badge.id, zone_id, Scan.direction, Scan.happened_at, Scan.door)
        .join(Badge, Badge.id == Scan.badge_id)
        .outerjoin(Door, and_(Door.edition_id == Scan.edition_id, Door.code == Scan.door))
        .outerjoin(Zone, Zone.id == Door.zone_id)
        .where(Badge.edition_id == edition_id, Scan.is_counted)
        .order_by(Scan.happened_at, Scan.id)
    )
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(locked.with_for_update(key_share=True)).all()
        derived: dict[Key, PresenceFacts] = {}
        for badge_id, zone, direction, happened_at, door in connection.execute(counted):
            key = (badge_id, zone)
            derived[key] = after_scan(derived.get(key), Direction(direction), happened_at, door)
        of_edition = select(Badge.id).where(Badge.edition_id == edition_id)
        for table in (Presence, ZonePresence):
            connection.execute(delete(table).where(table.badge_id.in_(of_edition)))
        in_fair = [_row(badge, one) for (badge, zone), one in derived.items() if zone is None]
        in_zones = [
            {**_row(badge, one), "zone_id": zone}
            for (badge, zone), one in derived.items()
            if zone is not None
        ]
        if in_fair:
            connection.execute(insert(statements.PRESENCES), in_fair)
        if in_zones:
            connection.execute(insert(statements.ZONE_PRESENCES), in_zones)
    return len(derived)
