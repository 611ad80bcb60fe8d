"""Reads before scans are judged: doors, badges, presences, scans already recorded."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from salon.entrance.models import Direction, Verdict
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import (
    BadgeRow,
    DoorRow,
    PresenceRow,
    ZonePresenceRow,
)
from salon.entrance.rules.conflicts import Passage
from salon.entrance.rules.scans import NoEditionOpen, PresenceFacts
from salon.entrance.rules.zones import DoorFacts, ZoneFacts
from salon.fair.models import ZoneHours, ZoneKind
from salon.platform.database.consequences import Standing
from salon.platform.database.prepared_statements import Driver

Key = tuple[int, int | None]
"""A badge, and a zone inside the fair; None: the fair itself."""


@dataclass(frozen=True, slots=True)
class StationDoors:
    """The edition of a station's scans, and the doors of these. Nobody enters a fair that is
    cancelled. `first_day_on` None: the edition has no day. `has_kept_figures`: its people were
    counted, and their presences deleted; nobody is counted any more."""

    station_id: int
    edition_id: int
    doors: dict[str, DoorFacts]
    is_cancelled: bool = False
    first_day_on: date | None = None
    has_kept_figures: bool = False


def place_of(
    connection: Driver, station_id: int, edition_id: int | None, doors: Collection[str]
) -> StationDoors:
    """Return the edition of a station and those of its doors that have these codes. Raises
    NoEditionOpen."""
    rows = scan_statements.read_doors.read(
        connection, station_id=station_id, edition_id=edition_id, doors=list(doors)
    )
    station_edition = rows[0].edition_id if rows else None
    if station_edition is None:
        raise NoEditionOpen
    return StationDoors(
        station_id,
        station_edition,
        {row.code: door_facts(row) for row in rows if row.code is not None},
        is_cancelled=rows[0].standing == Standing.CANCELLED,
        first_day_on=rows[0].first_day_on,
        has_kept_figures=rows[0].has_kept_figures,
    )


def door_facts(row: DoorRow) -> DoorFacts:
    if row.zone_id is None:
        return DoorFacts(row.admits or ())
    zone = ZoneFacts(
        id=None if row.zone_kind == ZoneKind.FAIR else row.zone_id,
        label=row.zone_label,
        admits=row.zone_admits,
        is_vip_only=row.is_vip_only,
        capacity=row.capacity,
        hours=(ZoneHours(row.opens_at, row.closes_at, row.early_from), *row.later_hours),
        early_admits=row.early_admits,
        is_strict=row.is_strict,
    )
    return DoorFacts(row.admits or (), zone)


def lock_badges(connection: Driver, hashes: Sequence[str]) -> dict[str, BadgeRow]:
    """Return badges by the hash of their code."""
    badges: dict[str, BadgeRow] = {}
    # Twice for a code that is not found: PostgreSQL leaves out a badge that it waited for, when
    # merging two registrations gave it another holder meanwhile.
    for _ in range(2):
        unread = [code_hash for code_hash in hashes if code_hash not in badges]
        if unread:
            rows = scan_statements.lock_badges.read(connection, hashes=unread)
            badges.update((badge.code_hash, badge) for badge in rows)
    return badges


def count_inside(
    connection: Driver, place: StationDoors, doors: Sequence[DoorFacts], since: datetime
) -> dict[int | None, int]:
    """Return the number of people in each zone that has a capacity; its row is locked first."""
    counted = {
        door.zone.id for door in doors if door.zone is not None and door.zone.capacity is not None
    }
    inside: dict[int | None, int] = {}
    zones = sorted(zone for zone in counted if zone is not None)
    if zones:
        scan_statements.lock_zones.read(connection, zone_ids=zones)
        rows = scan_statements.count_in_zones.read(connection, zone_ids=zones, since=since)
        inside.update((row.zone_id, row.people) for row in rows)
    if None in counted:
        scan_statements.lock_fair.read(connection, edition_id=place.edition_id, fair=ZoneKind.FAIR)
        (fair,) = scan_statements.count_in_fair.read(
            connection, edition_id=place.edition_id, since=since
        )
        inside[None] = fair.people
    return inside


def presences_of(
    connection: Driver, badge_ids: Sequence[int], doors: Sequence[DoorFacts]
) -> dict[Key, PresenceFacts]:
    """Return the presences of badges in the fair, and in its zones when a door leads to one."""
    if not badge_ids:
        return {}
    presences: dict[Key, PresenceFacts] = {
        (row.badge_id, None): presence_facts(row)
        for row in scan_statements.read_presences.read(connection, badge_ids=badge_ids)
    }
    if any(door.counts_in is not None for door in doors):
        rows = scan_statements.read_zone_presences.read(connection, badge_ids=badge_ids)
        presences.update(((row.badge_id, row.zone_id), presence_facts(row)) for row in rows)
    return presences


def presence_facts(row: PresenceRow | ZonePresenceRow) -> PresenceFacts:
    return PresenceFacts(row.is_inside, row.first_entry_at, row.first_door, row.last_at)


def passages_of(connection: Driver, badge_ids: Iterable[int]) -> dict[Key, list[Passage]]:
    """Return the counted scans of badges, by badge and zone; without badges nothing is read."""
    passages: dict[Key, list[Passage]] = {}
    sorted_ids = sorted(set(badge_ids))
    if not sorted_ids:
        return passages
    rows = scan_statements.read_passages.read(connection, badge_ids=sorted_ids, fair=ZoneKind.FAIR)
    for row in rows:
        passed = row.was_let_in or row.verdict in (Verdict.ACCEPTED, Verdict.RE_ENTRY)
        direction = Direction(row.direction)
        passage = Passage(row.scan_id, row.station_id, direction, row.happened_at, passed)
        passages.setdefault((row.badge_id, row.zone_id), []).append(passage)
    return passages


def earlier_answers(
    connection: Driver, scan_ids: Sequence[str]
) -> dict[str, tuple[Verdict, int | None, datetime]]:
    """Return those of these scans that were already recorded, with their first answer."""
    return {
        row.scan_id: (Verdict(row.verdict), row.badge_id, row.happened_at)
        for row in scan_statements.read_recorded.read(connection, scan_ids=scan_ids)
    }
