"""Typing paper back: each code, each ticked line is a scan of the station « Papier ».

A scan is named after the badge, the door, the way and the day: the same sheet typed twice, by two
people, or by its codes and by its boxes, is recorded once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from salon.accounts.models import Station, StationKind
from salon.entrance.models import ConflictKind, Direction, Verdict
from salon.entrance.services.scans import ScanItem, ScanResult, record_scans
from salon.fair.models import Edition
from salon.paper import queries, rules
from salon.paper.engine.short_codes import number_in, short_code
from salon.paper.queries import Holder
from salon.platform.clock import local, real_now
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import note, write_entry

NAMESPACE = uuid.UUID("6f0b3b52-0f0e-4b5e-9a53-6d1f8e0d3a21")


class State(StrEnum):
    """What became of a typed line. ODD: recorded, and somebody has to judge it."""

    NOTED = "noted"
    KNOWN = "known"
    ODD = "odd"
    MISREAD = "misread"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Pointing:
    """Where, which way and when: what is said once for many lines. `at`: the time on the paper."""

    door: str
    direction: Direction
    at: datetime


@dataclass(frozen=True)
class TypedLine:
    """A line of what was typed, with what became of it. `result` None: nothing was recorded;
    `kinds`: what somebody has to judge."""

    code: str
    state: State
    holder: Holder | None = None
    result: ScanResult | None = None
    kinds: tuple[ConflictKind, ...] = ()

    @property
    def is_recorded(self) -> bool:
        return self.result is not None


def type_codes(
    edition: Edition, codes: Sequence[str], pointing: Pointing, now: datetime, by: Identity
) -> list[TypedLine]:
    """Records the codes that are right; answers each, in its order.

    Raises NothingTyped, TooManyCodes, UnknownDoor, HourToCome, HourTooOld: then nothing is written.
    """
    rules.check_codes(len(codes))
    return _record(edition, [(one, number_in(one)) for one in codes], pointing, now, by, "")


def tick_lines(
    edition: Edition,
    pack_id: int,
    number: int,
    badge_ids: Sequence[int],
    pointing: Pointing,
    now: datetime,
    by: Identity,
) -> list[TypedLine]:
    """As `type_codes`, for lines ticked on a page of a pack. Raises NoResultFound without it."""
    page = queries.get_page(edition, pack_id, number)
    ticked = [one for one in page.badge_ids if one in set(badge_ids)]
    rules.check_codes(len(ticked))
    typed = [(short_code(one), one) for one in ticked]
    return _record(edition, typed, pointing, now, by, f"paper_pack:{pack_id}")


def _record(
    edition: Edition,
    typed: Sequence[tuple[str, int | None]],
    pointing: Pointing,
    now: datetime,
    by: Identity,
    subject: str,
) -> list[TypedLine]:
    rules.check_door(pointing.door, queries.door_codes(edition.id))
    numbers = [number for _, number in typed if number is not None]
    holders = queries.holders_of(edition.id, numbers)
    results: dict[int, ScanResult] = {}
    if holders:
        station = keep_station(edition, by)
        items = [_scan(edition, one, pointing) for one in holders.values()]
        found = record_scans(station.id, edition.id, items, now)
        results = dict(zip(holders, found, strict=True))
    odd = queries.conflicts_raised(edition.id, list(holders), now)
    lines: list[TypedLine] = []
    seen: set[int] = set()
    for code, number in typed:
        result = results.get(number or 0)
        state = _state(number, result, number in odd, number in seen)
        kinds = odd.get(number or 0, ()) if state == State.ODD else ()
        lines.append(TypedLine(code, state, holders.get(number or 0), result, kinds))
        seen.add(number or 0)
    added = sum(one.state in (State.NOTED, State.ODD) for one in lines)
    if added:
        note(by, "paper.typed", subject, count=added, door=pointing.door)
    return lines


def _state(number: int | None, result: ScanResult | None, is_odd: bool, is_again: bool) -> State:
    if number is None:
        return State.MISREAD
    if result is None:
        return State.UNKNOWN
    if is_again or not result.is_new:
        return State.KNOWN
    return State.ODD if is_odd else State.NOTED


def scan_id_of(
    edition_id: int, badge_id: int, door: str, direction: Direction, at: datetime
) -> str:
    """The name of what a line of paper says: one a badge, door, way and day."""
    day = local(at).date().isoformat()
    return str(uuid.uuid5(NAMESPACE, f"{edition_id}/{badge_id}/{door}/{direction}/{day}"))


def _scan(edition: Edition, holder: Holder, pointing: Pointing) -> ScanItem:
    goes_in = pointing.direction == Direction.IN
    return ScanItem(
        scan_id=scan_id_of(
            edition.id, holder.badge_id, pointing.door, pointing.direction, pointing.at
        ),
        code="",
        scanned_at=pointing.at,
        door=pointing.door,
        direction=pointing.direction,
        code_hash=holder.code_hash,
        shown=(Verdict.ACCEPTED if goes_in else Verdict.EXIT).value,
        was_let_in=goes_in,
    )


def keep_station(edition: Edition, by: Identity) -> Station:
    """The station « Papier » of an edition, made at the first call; two at once make one.

    `create_station` has a transaction of its own: it could not hold the edition meanwhile.
    """
    found = queries.find_paper_station(edition.id)
    if found is not None:
        return found
    with transaction(edition) as session:
        found = queries.find_paper_station(edition.id)
        if found is None:
            found = Station(
                name=queries.STATION_NAME,
                kind=StationKind.PAPER,
                edition_id=edition.id,
                created_at=real_now(),
            )
            session.add(found)
            session.flush()
            subject = f"station:{found.id}"
            write_entry(session, by, "station.created", subject, name=found.name)
    return found
