"""What changed between two versions of an agent's shifts: which one moved, came, went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from salon.staffing.models import Shift


@dataclass(frozen=True)
class Wanted:
    """An agent's time on a stand, not yet a row."""

    stand_id: int
    starts_at: datetime
    ends_at: datetime
    is_locked: bool = False


Placed = Shift | Wanted
Old = TypeVar("Old", bound=Placed)
New = TypeVar("New", bound=Placed)


@dataclass(frozen=True)
class Matched(Generic[Old, New]):
    """`kept` are the same on both sides; `moved` are one shift before and after; `came` has no
    earlier one, `went` no later one."""

    kept: list[tuple[Old, New]]
    moved: list[tuple[Old, New]]
    came: list[New]
    went: list[Old]

    @property
    def changes(self) -> int:
        return len(self.moved) + len(self.came) + len(self.went)


def match(before: Iterable[Old], after: Iterable[New]) -> Matched[Old, New]:
    """Pairs one agent's shifts before and after.

    The same ones first; then, on the same stand, those that share most time; then those that share
    most time on whatever stand. What shares no time is another shift.
    """
    old, new = sorted(before, key=_order), sorted(after, key=_order)
    kept: list[tuple[Old, New]] = []
    for one in list(old):
        same = next((other for other in new if _key(other) == _key(one)), None)
        if same is not None:
            kept.append((one, same))
            old.remove(one)
            new.remove(same)
    moved: list[tuple[Old, New]] = []
    for same_stand in (True, False):
        moved += _closest(old, new, same_stand)
    return Matched(kept, sorted(moved, key=lambda pair: _order(pair[1])), new, old)


def _closest(old: list[Old], new: list[New], same_stand: bool) -> list[tuple[Old, New]]:
    pairs = [
        (_shared(one, other), one, other)
        for one in old
        for other in new
        if not same_stand or one.stand_id == other.stand_id
    ]
    pairs = [pair for pair in pairs if pair[0] > timedelta()]
    pairs.sort(key=lambda pair: (-pair[0], _order(pair[1]), _order(pair[2])))
    found = []
    for _, one, other in pairs:
        if one in old and other in new:
            found.append((one, other))
            old.remove(one)
            new.remove(other)
    return found


def _shared(one: Placed, other: Placed) -> timedelta:
    return min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)


def _key(one: Placed) -> tuple[int, datetime, datetime]:
    return one.stand_id, one.starts_at, one.ends_at


def _order(one: Placed) -> tuple[datetime, datetime, int]:
    return one.starts_at, one.ends_at, one.stand_id


def total(shifts: Sequence[Placed]) -> timedelta:
    """The time worked in all."""
    return sum((one.ends_at - one.starts_at for one in shifts), timedelta())


def without(shifts: Iterable[Wanted], hole: Placed) -> list[Wanted]:
    """What remains of shifts, on whatever stand, outside the time of `hole`."""
    left = []
    for one in shifts:
        for starts_at, ends_at in (
            (one.starts_at, min(one.ends_at, hole.starts_at)),
            (max(one.starts_at, hole.ends_at), one.ends_at),
        ):
            if starts_at < ends_at:
                left.append(replace(one, starts_at=starts_at, ends_at=ends_at))
    return left
