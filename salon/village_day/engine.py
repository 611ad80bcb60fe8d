"""Where an agent is expected."""

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
    here = next((shift for shift in left if shift.stand_id == stand_id), None)
    if here is not None and here.starts_at - EARLIEST <= now:
        is_busy = following.starts_at <= now and here.starts_at - now > CHANGING
        if following is here or not is_busy:
            return Expected(Where.HERE, here)
    same = following.stand_id == stand_id
    return Expected(Where.LATER_HERE if same else Where.ELSEWHERE, following)
