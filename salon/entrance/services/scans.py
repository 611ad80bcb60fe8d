"""Recording of scans.

This is the hot path of the day of the fair: constant statements (`queries/scan_statements.py`), at
most seven between BEGIN and COMMIT for a door of the fair, for 1 scan or 500; two more for a zone,
two for a zone whose places are counted, and one when an entry comes later than the last recorded
one. The first reads the doors: on PostgreSQL in the transaction, where plans are kept; on SQLite
before its lock.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from salon.badges.engine.qr import code_in
from salon.badges.models import AttendeeStatus
from salon.badges.models.code_hash import hash_of_code
from salon.entrance.models import ConflictKind, Direction, Verdict
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.conflicts import (
    Passage,
    ScanFacts,
    conflicts_of,
    double_among,
    was_turned_away,
)
from salon.entrance.rules.door import ENTERED, Attempt, decide
from salon.entrance.rules.scans import (
    COUNTED,
    BadgeFacts,
    PresenceFacts,
    after_scan,
    effective_time,
    printable,
)
from salon.entrance.rules.zones import (
    ANY_DOOR,
    Barred,
    DoorFacts,
    midnight_before,
    occupies_zone,
)
from salon.entrance.services.presences import write_presences
from salon.entrance.services.scan_items import Reading, ScanItem, ScanResult
from salon.entrance.services.situation import (
    Key,
    StationDoors,
    count_inside,
    earlier_answers,
    lock_badges,
    passages_of,
    place_of,
    presences_of,
)
from salon.platform.database.prepared_statements import Driver, driver
from salon.platform.work.metrics import CountedEvent

TRIES = 3
UNIQUE_VIOLATION = "23505"
DEADLOCK = "40P01"
SCANS = CountedEvent("salon_scans_total", "Scans recorded for the first time.", ("verdict",))


def record_scans(
    station_id: int,
    edition_id: int | None,
    items: Sequence[ScanItem],
    received_at: datetime,
) -> list[ScanResult]:
    """Record 1 to 500 scans of a station; return their results in the order sent.

    `edition_id` None means the station's own edition, else the current one (NoEditionOpen).
    All are recorded, refused ones included. Idempotent by `scan_id`: a scan sent again gets its
    first answer, whatever comes with it. Conflicts are written in the same transaction.
    """
    for remaining in reversed(range(TRIES)):
        try:
            # The driver's connection rather than `transaction()`: the Session costs more than all
            # the statements, and nothing here uses it.
            with driver() as connection, connection.transaction(locks_later=True):
                place = place_of(connection, station_id, edition_id, {item.door for item in items})
                in_order = _readings_of(items, place, received_at)
                connection.lock_writes()
                results = apply_scans(connection, place, in_order, received_at)
            _count(results)
            return [results[item.scan_id] for item in items]
        except DBAPIError as error:
            # PostgreSQL only: the same scan_id came at once in two requests. The other one is
            # committed by now (or this one was chosen to give way), so its answer can be read.
            state = getattr(error.orig, "sqlstate", None)
            if state not in (UNIQUE_VIOLATION, DEADLOCK) or not remaining:
                raise
    raise AssertionError("unreachable")


def _readings_of(
    items: Sequence[ScanItem], place: StationDoors, received_at: datetime
) -> list[Reading]:
    """Return each scan once, in the order of their effective times."""
    readings: dict[str, Reading] = {}
    for item in items:
        if item.scan_id not in readings:
            at = effective_time(item.scanned_at, received_at, place.first_day_on)
            readings[item.scan_id] = Reading(item, _hash_in(item), at)
    return sorted(
        readings.values(), key=lambda reading: (reading.happened_at, reading.item.scanned_at)
    )


def _count(results: dict[str, ScanResult]) -> None:
    verdicts = Counter(result.verdict for result in results.values() if result.is_new)
    for verdict, count in verdicts.items():
        SCANS.add(verdict, count=count)


def apply_scans(
    connection: Driver, place: StationDoors, readings: Sequence[Reading], received_at: datetime
) -> dict[str, ScanResult]:
    """Judge scans in their order and write them, inside the caller's transaction."""
    batch = _Batch(connection, place, readings, received_at)
    for reading in readings:
        if reading.item.scan_id not in batch.results:
            batch.apply(reading)
        else:
            batch.answer_again(reading)
    batch.write(connection)
    return batch.results


class _Batch:
    """State while scans are applied one after the other, and rows to write."""

    def __init__(
        self,
        connection: Driver,
        place: StationDoors,
        readings: Sequence[Reading],
        received_at: datetime,
    ) -> None:
        self.place, self.received_at = place, received_at
        self.badges = lock_badges(
            connection, sorted({reading.code_hash for reading in readings if reading.code_hash})
        )
        by_id = {badge.id: badge for badge in self.badges.values()}
        # Read after the lock: on PostgreSQL a row that was waited for brings its own newest
        # version, but not that of the rows joined to it.
        doors = [self.door_of(reading) for reading in readings]
        self.since = midnight_before(received_at)
        self.inside = count_inside(connection, place, doors, self.since)
        self.presences = presences_of(connection, sorted(by_id), doors)
        self.results = {
            scan_id: ScanResult(scan_id, verdict, at, None, by_id.get(badge_id or 0))
            for scan_id, (verdict, badge_id, at) in earlier_answers(
                connection, [reading.item.scan_id for reading in readings]
            ).items()
        }
        late = {self.key_of(reading)[0] for reading in readings if self.is_late(reading)}
        self.passages = passages_of(connection, late)
        self.changed: set[Key] = set()
        self.added: list[dict[str, object]] = []
        self.conflicts: list[dict[str, object]] = []

    def door_of(self, reading: Reading) -> DoorFacts:
        return self.place.doors.get(reading.item.door, ANY_DOOR)

    def key_of(self, reading: Reading) -> Key:
        badge = self.badges.get(reading.code_hash or "")
        return (badge.id if badge else 0, self.door_of(reading).counts_in)

    def is_late(self, reading: Reading) -> bool:
        """Return whether the entry happened before the badge's last scan: doubles must be searched
        again."""
        if not reading.item.was_let_in or reading.item.direction == Direction.OUT:
            return False
        presence = self.presences.get(self.key_of(reading))
        is_new = reading.item.scan_id not in self.results
        return is_new and presence is not None and reading.happened_at < presence.last_at

    def answer_again(self, reading: Reading) -> None:
        before = self.presences.get(self.key_of(reading))
        earlier = self.results[reading.item.scan_id]
        self.results[reading.item.scan_id] = replace(
            earlier, presence=before, zone=self.door_of(reading).zone
        )

    def apply(self, reading: Reading) -> None:
        """Judge a new scan on the presences that the earlier ones left."""
        item, at, door, key = (
            reading.item,
            reading.happened_at,
            self.door_of(reading),
            self.key_of(reading),
        )
        badge = self.badges.get(reading.code_hash or "")
        before = self.presences.get(key)
        facts = _facts(badge, reading)
        attempt = Attempt(
            self.place.edition_id,
            door,
            item.direction,
            at,
            self.since,
            self.inside.get(door.counts_in, 0),
            self.place.is_cancelled,
        )
        decision = decide(facts, before, attempt)
        verdict = decision.verdict
        # Who was let in without network is inside, whatever the fair would have said; and who
        # was turned away is not.
        is_ours = badge is not None and badge.edition_id == self.place.edition_id
        turned_away = was_turned_away(item.direction, item.shown, item.was_let_in)
        is_counted = not self.place.has_kept_figures and (
            (verdict in COUNTED and not turned_away) or (item.was_let_in and is_ours)
        )
        is_late, after = self.is_late(reading), before
        if badge and is_counted:
            after = self._move(key, before, reading)
        self.results[item.scan_id] = ScanResult(
            item.scan_id, verdict, at, after, badge, decision.barred, door.zone, is_new=True
        )
        self.added.append(
            _scan_row(self.place, reading, verdict, badge, is_counted, self.received_at)
        )
        doubled = None
        if item.was_let_in and item.direction == Direction.IN and verdict in ENTERED:
            doubled = self._doubled(key, reading, verdict, is_late)
        self._note_conflicts(reading, verdict, badge, doubled, decision.barred)
        if badge and is_counted and key in self.passages:
            passed = item.was_let_in or verdict in (Verdict.ACCEPTED, Verdict.RE_ENTRY)
            self.passages[key].append(self._passage(reading, passed))

    def _passage(self, reading: Reading, passed: bool = True) -> Passage:
        item, station_id = reading.item, self.place.station_id
        return Passage(item.scan_id, station_id, item.direction, reading.happened_at, passed)

    def _move(self, key: Key, before: PresenceFacts | None, reading: Reading) -> PresenceFacts:
        """Update the presence of the badge; a later scan wins."""
        after = after_scan(before, reading.item.direction, reading.happened_at, reading.item.door)
        self.presences[key] = after
        self.changed.add(key)
        moved = occupies_zone(after, self.since) - occupies_zone(before, self.since)
        self.inside[key[1]] = self.inside.get(key[1], 0) + moved
        return after

    def _doubled(
        self, key: Key, reading: Reading, verdict: Verdict, is_late: bool
    ) -> Passage | None:
        """Return the scan that becomes a double entry by this one: itself, or a later one."""
        passage = self._passage(reading)
        if is_late:
            return double_among(self.passages.get(key, ()), passage)
        return passage if verdict == Verdict.ALREADY_INSIDE else None

    def _note_conflicts(
        self,
        reading: Reading,
        verdict: Verdict,
        badge: BadgeRow | None,
        doubled: Passage | None,
        barred: Barred | None,
    ) -> None:
        item = reading.item
        facts = ScanFacts(
            verdict,
            item.direction,
            reading.code_hash is not None,
            item.shown,
            item.was_let_in,
            item.scanned_at,
            reading.happened_at,
            is_double=doubled is not None and doubled.scan_id == item.scan_id,
        )
        passage = self._passage(reading)
        for kind, settlement in conflicts_of(facts):
            detail: dict[str, object] = {}
            if kind == ConflictKind.NOT_ALLOWED and barred is not None:
                detail["barred"] = barred.value
            if kind == ConflictKind.UNKNOWN and badge is None:
                detail["code_hash"] = reading.code_hash or ""
            self.conflicts.append(self._conflict(kind, passage, badge, detail, settlement or ""))
        if doubled is not None and doubled.scan_id != item.scan_id:
            self.conflicts.append(self._conflict(ConflictKind.DOUBLE, doubled, badge, {}, ""))

    def _conflict(
        self,
        kind: ConflictKind,
        passage: Passage,
        badge: BadgeRow | None,
        detail: dict[str, object],
        settlement: str,
    ) -> dict[str, object]:
        return {
            "edition_id": self.place.edition_id,
            "version": 1,
            "kind": kind,
            "scan_id": passage.scan_id,
            "station_id": passage.station_id,
            "badge_id": badge.id if badge else None,
            "detail": detail,
            "raised_at": self.received_at,
            "settlement": settlement,
            "note": "",
            "settled_by": "",
            "settled_at": self.received_at if settlement else None,
        }

    def write(self, connection: Driver) -> None:
        if self.added:
            scan_statements.add_scans.write(connection, self.added)
        if self.conflicts:
            scan_statements.add_conflicts.write(connection, self.conflicts)
        write_presences(connection, self.changed, self.presences)


def _scan_row(
    place: StationDoors,
    reading: Reading,
    verdict: Verdict,
    badge: BadgeRow | None,
    is_counted: bool,
    received_at: datetime,
) -> dict[str, object]:
    item = reading.item
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
        "happened_at": reading.happened_at,
    }


def _hash_in(item: ScanItem) -> str | None:
    if item.code_hash:
        return item.code_hash
    code = code_in(item.code)
    return hash_of_code(code) if code else None


def _facts(badge: BadgeRow | None, reading: Reading) -> BadgeFacts | None:
    """Return the badge's state at the time of the scan. An entry made before the revocation stays
    valid."""
    if badge is None:
        return None
    revoked_at, was_let_in = badge.revoked_at, reading.item.was_let_in
    revoked = revoked_at is not None and not (was_let_in and reading.happened_at < revoked_at)
    is_cancelled = badge.status != AttendeeStatus.REGISTERED and revoked_at is None
    return BadgeFacts(badge.edition_id, badge.category, revoked or is_cancelled, badge.is_vip)
