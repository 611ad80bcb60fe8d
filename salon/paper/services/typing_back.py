"""Typing paper back: each code, each ticked line is a scan of the station « Papier ».

A scan's id derives from the badge, the door, the direction and the day: the same sheet typed twice,
by two people, or by its codes and by its boxes, is recorded once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from salon.accounts.actions import AccountAction
from salon.accounts.models import Station, StationKind
from salon.entrance.models import ConflictKind, Direction, Verdict
from salon.entrance.services.scan_items import ScanItem, ScanResult
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.paper import queries, rules
from salon.paper.actions import PaperAction
from salon.paper.engine.short_codes import number_in, short_code
from salon.paper.models import PaperPage
from salon.paper.queries import Holder
from salon.platform.database.journal import note, write_entry
from salon.platform.settings.clock import local, real_now

NAMESPACE = uuid.UUID("6f0b3b52-0f0e-4b5e-9a53-6d1f8e0d3a21")


class State(StrEnum):
    """Outcome of a typed line. ODD: recorded, with a conflict to settle."""

    NOTED = "noted"
    KNOWN = "known"
    ODD = "odd"
    MISREAD = "misread"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Pointing:
    """Door, direction and time, given once for many lines. `at`: the time on the paper."""

    door: str
    direction: Direction
    at: datetime


@dataclass(frozen=True)
class TypedLine:
    """A typed line with its outcome. `result` None: nothing was recorded; `kinds`: the conflicts
    raised."""

    code: str
    state: State
    holder: Holder | None = None
    result: ScanResult | None = None
    kinds: tuple[ConflictKind, ...] = ()

    @property
    def is_recorded(self) -> bool:
        return self.result is not None


def type_codes(act: FairAct, codes: Sequence[str], pointing: Pointing) -> list[TypedLine]:
    """Record the valid codes; return the outcome of each, in order.

    Raises NothingTyped, TooManyCodes, UnknownDoor, HourToCome, HourTooOld: then nothing is written.
    """
    rules.check_codes(len(codes))
    return _record(act, [(code, number_in(code)) for code in codes], pointing, "")


def tick_lines(
    act: FairAct, page: PaperPage, badge_ids: Sequence[int], pointing: Pointing
) -> list[TypedLine]:
    """Record the lines ticked on a page of a pack, as `type_codes` does."""
    ticked = [badge_id for badge_id in page.badge_ids if badge_id in set(badge_ids)]
    rules.check_codes(len(ticked))
    numbered_codes = [(short_code(badge_id), badge_id) for badge_id in ticked]
    return _record(act, numbered_codes, pointing, f"paper_pack:{page.pack_id}")


def _record(
    act: FairAct, numbered_codes: Sequence[tuple[str, int | None]], pointing: Pointing, subject: str
) -> list[TypedLine]:
    rules.check_door(pointing.door, queries.door_codes(act.edition.id))
    numbers = [number for _, number in numbered_codes if number is not None]
    holders = queries.holders_of(act.edition.id, numbers)
    results: dict[int, ScanResult] = {}
    if holders:
        station = get_or_create_station(act)
        items = [_scan(act.edition, holder, pointing) for holder in holders.values()]
        scan_results = record_scans(station.id, act.edition.id, items, act.now)
        results = dict(zip(holders, scan_results, strict=True))
    conflict_kinds = queries.conflicts_raised(act.edition.id, list(holders), act.now)
    lines: list[TypedLine] = []
    numbers_seen: set[int] = set()
    for code, number in numbered_codes:
        result = results.get(number or 0)
        state = _state(number, result, number in conflict_kinds, number in numbers_seen)
        kinds = conflict_kinds.get(number or 0, ()) if state == State.ODD else ()
        lines.append(TypedLine(code, state, holders.get(number or 0), result, kinds))
        numbers_seen.add(number or 0)
    added = sum(line.state in (State.NOTED, State.ODD) for line in lines)
    if added:
        note(act.actor, PaperAction.PAPER_TYPED, subject, count=added, door=pointing.door)
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
    """Return the id of a line of paper: one per badge, door, direction and day."""
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


def get_or_create_station(act: FairAct) -> Station:
    """Return the station « Papier » of an edition, created at the first call; two calls at once
    create one.

    `create_station` has a transaction of its own: it could not lock the edition meanwhile.
    """
    station = queries.find_paper_station(act.edition.id)
    if station is not None:
        return station
    with act.transaction(act.edition) as session:
        station = queries.find_paper_station(act.edition.id)
        if station is None:
            station = Station(
                name=queries.STATION_NAME,
                kind=StationKind.PAPER,
                edition_id=act.edition.id,
                created_at=real_now(),
            )
            session.add(station)
            session.flush()
            subject = f"station:{station.id}"
            write_entry(
                session, act.actor, AccountAction.STATION_CREATED, subject, name=station.name
            )
    return station
