"""Which new day each former day of opening becomes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date


def moves_between(former_days: Sequence[date], new_days: Sequence[date]) -> Mapping[date, date]:
    """Return the new day of each former one; a day that is given up stays, outside the fair.

    As many days as before follow one another in order. Otherwise a day on both sides stays, and
    the others follow in order.
    """
    if len(former_days) == len(new_days):
        return dict(zip(former_days, new_days, strict=True))
    common = set(former_days) & set(new_days)
    left = [day for day in former_days if day not in common]
    free_days = [day for day in new_days if day not in common]
    return {day: day for day in former_days} | dict(zip(left, free_days, strict=False))


def follow_day(
    changes: Iterable[tuple[Sequence[date], Sequence[date]]], day: date, is_given_up: bool = False
) -> tuple[date, bool]:
    """Return what a day has become after changes (days before, days after), and whether it is given
    up: it is then the day that it was last.

    A day on which the fair was not open stays. One that is given up comes back with the change that
    opens it again, not with one that moves another day there.
    """
    for before, after in changes:
        moves = moves_between(before, after)
        if is_given_up:
            is_given_up = day not in after or day in moves.values()
        elif day in before:
            day = moves[day]
            is_given_up = day not in after
    return day, is_given_up
