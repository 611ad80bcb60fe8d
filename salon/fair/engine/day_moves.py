"""Which new day each former day of opening becomes."""

from collections.abc import Mapping, Sequence
from datetime import date


def moves_between(former: Sequence[date], new: Sequence[date]) -> Mapping[date, date]:
    """Return the new day of each former one; a day that is given up stays, outside the fair.

    As many days as before follow one another in order. Otherwise a day on both sides stays, and
    the others follow in order.
    """
    if len(former) == len(new):
        return dict(zip(former, new, strict=True))
    common = set(former) & set(new)
    left = [day for day in former if day not in common]
    free = [day for day in new if day not in common]
    return {day: day for day in former} | dict(zip(left, free, strict=False))
