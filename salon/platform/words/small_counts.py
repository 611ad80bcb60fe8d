"""Disclosure control: counts of people that are small enough to tell about one of them.

The rule, for every figure that leaves the house. A count from 1 to SMALLEST − 1 is never
published; zero, which is about nobody, may be. In a series of times, a small count is merged with
its neighbours. In a table of groups, small groups are hidden together; while those hidden count
fewer than SMALLEST people in all, the smallest shown group is hidden with them (complementary
suppression), so that the total less the shown groups tells no small count either. A table whose
total is itself small is not published. Of two versions that can be read together, no count that
both tell moves by fewer than SMALLEST people: the difference would be a small count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

SMALLEST = 5
"""The smallest count of people that is published (k of k-anonymity)."""
REST = "Autres"
"""The row of the groups too small to be named."""


@dataclass(frozen=True)
class TimeCount:
    """People counted in a range of time."""

    starts_at: datetime
    ends_at: datetime
    people: int

    @property
    def is_small(self) -> bool:
        return is_small(self.people)


def is_small(people: int) -> bool:
    return 0 < people < SMALLEST


def hidden_groups(people_by_group: Mapping[str, int]) -> set[str]:
    """Return the groups to hide, complementary ones included; all of them when their total is
    small."""
    ascending = sorted(people_by_group, key=lambda group: (people_by_group[group], group))
    hidden = {group for group in ascending if is_small(people_by_group[group])}
    for group in ascending:
        if not is_small(sum(people_by_group[name] for name in hidden)):
            break
        if people_by_group[group]:
            hidden.add(group)
    return hidden


def merge_groups(people_by_group: Mapping[str, int], other_label: str) -> dict[str, int]:
    """Return the shown groups, the largest first, then the hidden ones as `other_label`."""
    hidden = hidden_groups(people_by_group)
    shown_groups = {
        group: people for group, people in people_by_group.items() if group not in hidden
    }
    groups = dict(sorted(shown_groups.items(), key=lambda item: (-item[1], item[0])))
    if hidden:
        groups[other_label] = sum(people_by_group[group] for group in hidden)
    return groups


def merge_times(counts: Sequence[TimeCount]) -> list[TimeCount]:
    """Merge small counts with those that follow; the last ones with those before.

    A single small count is returned when the total is small.
    """
    merged: list[TimeCount] = []
    for count in counts:
        last = merged[-1] if merged else None
        if last is not None and last.is_small:
            count = _merge(merged.pop(), count)
        merged.append(count)
    while len(merged) > 1 and merged[-1].is_small:
        last = merged.pop()
        merged.append(_merge(merged.pop(), last))
    return merged


def moves_of_groups(
    former: Mapping[str, int], current: Mapping[str, int], other_label: str
) -> list[int]:
    """Return by how many people each group named in both tables moves, then all others together."""
    named = (former.keys() & current.keys()) - {other_label}
    moves = [current[group] - former[group] for group in sorted(named)]
    others = [
        sum(people for group, people in table.items() if group not in named)
        for table in (former, current)
    ]
    return [*moves, others[1] - others[0]]


def moves_of_times(former: Sequence[TimeCount], current: Sequence[TimeCount]) -> list[int]:
    """Return by how many people each range moves between times that cut no count of either."""
    counts = [*former, *current]
    moments = {moment for count in counts for moment in (count.starts_at, count.ends_at)}
    cuts = sorted(
        moment
        for moment in moments
        if not any(count.starts_at < moment < count.ends_at for count in counts)
    )
    return [
        _people_between(current, start, end) - _people_between(former, start, end)
        for start, end in pairwise(cuts)
    ]


def tells_of_few(moves: Sequence[int]) -> bool:
    """Return whether one of these moves is a small count."""
    return any(is_small(abs(move)) for move in moves)


def _people_between(counts: Sequence[TimeCount], start: datetime, end: datetime) -> int:
    return sum(count.people for count in counts if start <= count.starts_at < end)


def _merge(first: TimeCount, second: TimeCount) -> TimeCount:
    return TimeCount(first.starts_at, second.ends_at, first.people + second.people)
