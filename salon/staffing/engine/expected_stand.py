"""Where an agent who shows up at a stand is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from salon.staffing.models import Shift
from salon.staffing.rules.day import EARLIEST

CHANGING = timedelta(minutes=15)
"""On their way from another stand; earlier than that, they are still expected there."""


class Where(StrEnum):
    HERE = "here"
    LATER_HERE = "later_here"
    ELSEWHERE = "elsewhere"
    OVER = "over"
    NOT_TODAY = "not_today"


@dataclass(frozen=True)
class Expected:
    """`shift`: which one it is about; none when nothing is left of the day."""

    where: Where
    shift: Shift | None = None


def expected_at(stand_id: int, shifts: Sequence[Shift], now: datetime) -> Expected:
    """Where an agent with these shifts of the day, in time, is expected by whom meets them at a
    stand: here when a shift here is under way or begins within 45 minutes."""
    if not shifts:
        return Expected(Where.NOT_TODAY)
    left = [one for one in shifts if now < one.ends_at]
    if not left:
        return Expected(Where.OVER)
    following = left[0]
    here = next((one for one in left if one.stand_id == stand_id), None)
    if here is not None and here.starts_at - EARLIEST <= now:
        is_busy = following.starts_at <= now and here.starts_at - now > CHANGING
        if following is here or not is_busy:
            return Expected(Where.HERE, here)
    same = following.stand_id == stand_id
    return Expected(Where.LATER_HERE if same else Where.ELSEWHERE, following)
