"""Reads before scans are judged: doors, badges, presences, scans already recorded."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.entrance.models import Direction, Verdict
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.conflicts import Passage
from salon.entrance.rules.scans import NoEditionOpen, PresenceFacts
from salon.entrance.rules.zones import DoorFacts, ZoneFacts
from salon.fair.models import ZoneKind
from salon.platform.database.consequences import Standing
from salon.platform.database.prepared_statements import Driver

Key = tuple[int, int | None]
"""A badge, and a zone inside the fair; None: the fair itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """The edition of a station's scans, and the doors of these. Nobody enters a fair that is
    cancelled."""

    station_id: int
    edition_id: int
    doors: dict[str, DoorFacts]
    is_cancelled: bool = False


def place_of(
    connection: Driver, station_id: int, edition_id: int | None, doors: Collection[str]
) -> Place:
    """Return the edition of a station and those of its doors that have these codes. Raises
    NoEditionOpen."""
    rows = scan_statements.read_doors.read(
        connection, station_id=station_id, edition_id=edition_id, doors=list(doors)
    )
    station_edition = rows[0][0] if rows else None
    if station_edition is None:
        raise NoEditionOpen
    facts = {code: door_facts(admits or (), *zone) for _, _, code, admits, *zone in rows}
    return Place(station_id, station_edition, facts, rows[0][1] == Standing.CANCELLED)


def door_facts(
    admits: Sequence[str], zone_id: int | None = None, kind: Any = None, *rest: Any
) -> DoorFacts:
    """Return a door and its zone from the columns of `statements.read_doors`."""
    if zone_id is None:
        return DoorFacts(admits)
    inside = None if kind == ZoneKind.FAIR else zone_id
    return DoorFacts(admits, ZoneFacts(inside, *rest))


def lock_badges(connection: Driver, hashes: Sequence[str]) -> dict[str, BadgeRow]:
    """Return badges by the hash of their code."""
    if not hashes:
        return {}
    rows = scan_statements.lock_badges.read(connection, hashes=hashes)
    return {badge.code_hash: badge for badge in (BadgeRow(*row) for row in rows)}


def occupies_zone(presence: PresenceFacts | None, since: datetime) -> bool:
    """Return whether a badge takes a place now; one that was not seen out yesterday takes none."""
    return presence is not None and presence.is_inside and presence.last_at >= since


def count_inside(
    connection: Driver, place: Place, doors: Sequence[DoorFacts], since: datetime
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
        inside.update((zone, count) for zone, count in rows)
    if None in counted:
        scan_statements.lock_fair.read(connection, edition_id=place.edition_id, fair=ZoneKind.FAIR)
        ((inside[None],),) = scan_statements.count_in_fair.read(
            connection, edition_id=place.edition_id, since=since
        )
    return inside


def presences_of(
    connection: Driver, badge_ids: Sequence[int], doors: Sequence[DoorFacts]
) -> dict[Key, PresenceFacts]:
    """Return the presences of badges in the fair, and in its zones when a door leads to one."""
    if not badge_ids:
        return {}
    rows = scan_statements.read_presences.read(connection, badge_ids=badge_ids)
    presences: dict[Key, PresenceFacts] = {
        (badge_id, None): PresenceFacts(*facts) for badge_id, *facts in rows
    }
    if any(door.counts_in is not None for door in doors):
        rows = scan_statements.read_zone_presences.read(connection, badge_ids=badge_ids)
        presences.update(((badge, zone), PresenceFacts(*facts)) for badge, zone, *facts in rows)
    return presences


def passages_of(connection: Driver, badge_ids: Iterable[int]) -> dict[Key, list[Passage]]:
    """Return the counted scans of badges, by badge and zone; without badges nothing is read."""
    passages: dict[Key, list[Passage]] = {}
    sorted_ids = sorted(set(badge_ids))
    if not sorted_ids:
        return passages
    rows = scan_statements.read_passages.read(connection, badge_ids=sorted_ids, fair=ZoneKind.FAIR)
    for badge_id, zone_id, scan_id, station_id, direction, at, verdict, was_let_in in rows:
        passed = was_let_in or verdict in (Verdict.ACCEPTED, Verdict.RE_ENTRY)
        passage = Passage(scan_id, station_id, Direction(direction), at, passed)
        passages.setdefault((badge_id, zone_id), []).append(passage)
    return passages


def earlier_answers(
    connection: Driver, scan_ids: Sequence[str]
) -> dict[str, tuple[Verdict, int | None, datetime]]:
    """Return those of these scans that were already recorded, with their first answer."""
    rows = scan_statements.read_recorded.read(connection, scan_ids=scan_ids)
    return {
        scan_id: (Verdict(verdict), badge_id, happened_at)
        for scan_id, verdict, badge_id, happened_at in rows
    }
