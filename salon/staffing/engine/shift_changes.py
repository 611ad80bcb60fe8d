"""Compare two versions of an agent's shifts: unchanged, moved, added, removed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from salon.staffing.models import Shift


@dataclass(frozen=True)
class PlannedShift:
    """An agent's time on a stand, not yet a row."""

    stand_id: int
    starts_at: datetime
    ends_at: datetime
    is_locked: bool = False


def planned_shift_of(shift: Shift) -> PlannedShift:
    """Return a shift as a planned one: where and when, not which row."""
    return PlannedShift(shift.stand_id, shift.starts_at, shift.ends_at, shift.is_locked)


Placed = Shift | PlannedShift
Old = TypeVar("Old", bound=Placed)
New = TypeVar("New", bound=Placed)


@dataclass(frozen=True)
class Matched(Generic[Old, New]):
    """The pairs of two versions. `unchanged`: the same on both sides; `moved`: one shift before and
    after; `added` has no earlier one, `removed` no later one.
    """

    unchanged: list[tuple[Old, New]]
    moved: list[tuple[Old, New]]
    added: list[New]
    removed: list[Old]

    @property
    def changes(self) -> int:
        return len(self.moved) + len(self.added) + len(self.removed)

    @property
    def is_first(self) -> bool:
        """Return whether there was no shift before."""
        return not (self.unchanged or self.moved or self.removed)


def match(before: Iterable[Old], after: Iterable[New]) -> Matched[Old, New]:
    """Pair one agent's shifts before and after.

    The identical ones first; then, on the same stand, those that share most time; then those that
    share most time on any stand. A shift that shares no time is another one.
    """
    old_shifts, new_shifts = sorted(before, key=_order), sorted(after, key=_order)
    unchanged: list[tuple[Old, New]] = []
    for former in list(old_shifts):
        identical = next((shift for shift in new_shifts if _key(shift) == _key(former)), None)
        if identical is not None:
            unchanged.append((former, identical))
            old_shifts.remove(former)
            new_shifts.remove(identical)
    moved: list[tuple[Old, New]] = []
    for same_stand in (True, False):
        moved += _closest(old_shifts, new_shifts, same_stand)
    return Matched(
        unchanged, sorted(moved, key=lambda pair: _order(pair[1])), new_shifts, old_shifts
    )


def _closest(
    old_shifts: list[Old], new_shifts: list[New], same_stand: bool
) -> list[tuple[Old, New]]:
    pairs = [
        (_shared(former, shift), former, shift)
        for former in old_shifts
        for shift in new_shifts
        if not same_stand or former.stand_id == shift.stand_id
    ]
    pairs = [pair for pair in pairs if pair[0] > timedelta()]
    pairs.sort(key=lambda pair: (-pair[0], _order(pair[1]), _order(pair[2])))
    closest = []
    for _, former, shift in pairs:
        if former in old_shifts and shift in new_shifts:
            closest.append((former, shift))
            old_shifts.remove(former)
            new_shifts.remove(shift)
    return closest


def _shared(former: Placed, shift: Placed) -> timedelta:
    return min(former.ends_at, shift.ends_at) - max(former.starts_at, shift.starts_at)


def _key(shift: Placed) -> tuple[int, datetime, datetime]:
    return shift.stand_id, shift.starts_at, shift.ends_at


def _order(shift: Placed) -> tuple[datetime, datetime, int]:
    return shift.starts_at, shift.ends_at, shift.stand_id


def total(shifts: Sequence[Placed]) -> timedelta:
    """Return the total time worked."""
    return sum((shift.ends_at - shift.starts_at for shift in shifts), timedelta())


def shifts_outside(shifts: Iterable[PlannedShift], hole: Placed) -> list[PlannedShift]:
    """Return what remains of shifts, on any stand, outside the time of `hole`."""
    left = []
    for shift in shifts:
        for starts_at, ends_at in (
            (shift.starts_at, min(shift.ends_at, hole.starts_at)),
            (max(shift.starts_at, hole.ends_at), shift.ends_at),
        ):
            if starts_at < ends_at:
                left.append(replace(shift, starts_at=starts_at, ends_at=ends_at))
    return left
