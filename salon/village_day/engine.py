"""The stand at which an agent is expected, at a moment of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from salon.staffing.models import Shift
from salon.village_day.rules.day import EARLIEST

CHANGING = timedelta(minutes=15)
"""Time to walk from another stand; earlier than that, the agent is still expected there."""


class Where(StrEnum):
    HERE = "here"
    LATER_HERE = "later_here"
    ELSEWHERE = "elsewhere"
    OVER = "over"
    NOT_TODAY = "not_today"


@dataclass(frozen=True)
class Expected:
    """`shift`: the shift in question; None when nothing is left of the day."""

    where: Where
    shift: Shift | None = None


def expected_at(stand_id: int, shifts: Sequence[Shift], now: datetime) -> Expected:
    """Return where an agent is expected, seen from a stand.

    `shifts`: the agent's shifts of the day, in time. They are expected here when a shift here is
    under way or begins within 45 minutes.
    """
    if not shifts:
        return Expected(Where.NOT_TODAY)
    left = [shift for shift in shifts if now < shift.ends_at]
    if not left:
        return Expected(Where.OVER)
    following = left[0]
    own_shift = next((shift for shift in left if shift.stand_id == stand_id), None)
    if own_shift is not None and own_shift.starts_at - EARLIEST <= now:
        is_busy = following.starts_at <= now and own_shift.starts_at - now > CHANGING
        if following is own_shift or not is_busy:
            return Expected(Where.HERE, own_shift)
    is_same_stand = following.stand_id == stand_id
    return Expected(Where.LATER_HERE if is_same_stand else Where.ELSEWHERE, following)
