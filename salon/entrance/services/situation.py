"""What is read before scans are judged: doors, badges, who is where, what was sent already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.entrance.models import Direction, Verdict
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.conflicts import Passage
from salon.entrance.rules.scans import NoEditionOpen, PresenceFacts
from salon.entrance.rules.zones import ANY_DOOR, DoorFacts, ZoneFacts
from salon.fair.models import ZoneKind
from salon.platform.prepared_statements import Driver

Key = tuple[int, int | None]
"""A badge, and the zone inside the fair where it is looked for; None: the fair itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where scans are made, and what its doors admit."""

    station_id: int
    edition_id: int
    doors: dict[str, DoorFacts]

    def zone_of(self, door: str) -> int | None:
        """The zone inside the fair that a scan at this door counts in."""
        return self.doors.get(door, ANY_DOOR).counts_in


def place_of(on: Driver, station_id: int, edition_id: int | None) -> Place:
    """Where a station scans. Raises NoEditionOpen."""
    rows = scan_statements.read_doors.read(on, station_id=station_id, edition_id=edition_id)
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


def lock_badges(on: Driver, hashes: Sequence[str]) -> dict[str, BadgeRow]:
    """Badges by the hash of their code."""
    if not hashes:
        return {}
    rows = scan_statements.lock_badges.read(on, hashes=hashes)
    return {badge.code_hash: badge for badge in (BadgeRow(*row) for row in rows)}


def is_in(presence: PresenceFacts | None, since: datetime) -> bool:
    """Whether a badge takes a place now; one that was not seen out yesterday takes none."""
    return presence is not None and presence.is_inside and presence.last_at >= since


def count_inside(
    on: Driver, place: Place, doors: Sequence[DoorFacts], since: datetime
) -> dict[int | None, int]:
    """How many are in each zone that has a capacity; its row is locked first."""
    counted = {
        door.zone.id for door in doors if door.zone is not None and door.zone.capacity is not None
    }
    found: dict[int | None, int] = {}
    zones = sorted(zone for zone in counted if zone is not None)
    if zones:
        scan_statements.lock_zones.read(on, zone_ids=zones)
        rows = scan_statements.count_in_zones.read(on, zone_ids=zones, since=since)
        found.update((zone, count) for zone, count in rows)
    if None in counted:
        scan_statements.lock_fair.read(on, edition_id=place.edition_id, fair=ZoneKind.FAIR)
        ((found[None],),) = scan_statements.count_in_fair.read(
            on, edition_id=place.edition_id, since=since
        )
    return found


def presences_of(
    on: Driver, badge_ids: Sequence[int], doors: Sequence[DoorFacts]
) -> dict[Key, PresenceFacts]:
    """What is known of badges, in the fair and in its zones when a door leads to one."""
    if not badge_ids:
        return {}
    rows = scan_statements.read_presences.read(on, badge_ids=badge_ids)
    found: dict[Key, PresenceFacts] = {
        (badge_id, None): PresenceFacts(*facts) for badge_id, *facts in rows
    }
    if any(door.counts_in is not None for door in doors):
        rows = scan_statements.read_zone_presences.read(on, badge_ids=badge_ids)
        found.update(((badge, zone), PresenceFacts(*facts)) for badge, zone, *facts in rows)
    return found


def passages_of(on: Driver, place: Place, badge_ids: Iterable[int]) -> dict[Key, list[Passage]]:
    """The counted scans of badges where they were made; nothing is read when there are none."""
    found: dict[Key, list[Passage]] = {}
    wanted = sorted(set(badge_ids))
    if not wanted:
        return found
    rows = scan_statements.read_passages.read(on, badge_ids=wanted)
    for badge_id, door, scan_id, station_id, direction, at, verdict, was_let_in in rows:
        passed = was_let_in or verdict in (Verdict.ACCEPTED, Verdict.RE_ENTRY)
        one = Passage(scan_id, station_id, Direction(direction), at, passed)
        found.setdefault((badge_id, place.zone_of(door)), []).append(one)
    return found


def known_scans(
    on: Driver, scan_ids: Sequence[str]
) -> dict[str, tuple[Verdict, int | None, datetime]]:
    """Of these scans, those that were already sent, with their first answer."""
    rows = scan_statements.read_known.read(on, scan_ids=scan_ids)
    return {
        scan_id: (Verdict(verdict), badge_id, happened_at)
        for scan_id, verdict, badge_id, happened_at in rows
    }
