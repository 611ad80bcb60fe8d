"""What holds on the day: who may be said arrived or absent, and what is short of cover."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from salon.platform import formats
from salon.platform.errors import RuleBroken
from salon.staffing.models import Shift, ShiftStatus

EARLIEST = timedelta(minutes=45)
"""An agent may be said arrived so long before the shift begins."""

GRACE = timedelta(minutes=5)
"""Expected for longer than that and not arrived: late."""

SOON = timedelta(minutes=30)
"""Who leaves or arrives within that is named on the board."""

AHEAD = timedelta(minutes=20)
"""Cover is looked at so far ahead."""

TRUSTED_PAST = timedelta(hours=12)
"""A phone may have been without network for so long; an older time is a clock that is wrong."""


class NoLongerPublished(RuleBroken):
    message = "Cette vacation n’est plus au planning publié\u00a0: voici le planning à jour."


class TooEarlyToArrive(RuleBroken):
    def __init__(self, starts_at: datetime) -> None:
        opens = formats.hour(starts_at - EARLIEST)
        super().__init__(
            f"Cette vacation commence à {formats.hour(starts_at)}\u00a0: "
            f"l’arrivée se note à partir de {opens}."
        )


class ShiftIsOver(RuleBroken):
    def __init__(self, ends_at: datetime) -> None:
        super().__init__(
            f"Cette vacation est finie depuis {formats.hour(ends_at)}\u00a0: "
            "son pointage ne change plus."
        )


class NothingToUndo(RuleBroken):
    message = "Rien n’est noté sur cette vacation\u00a0: il n’y a rien à annuler."


class Presence(StrEnum):
    """Where the agent of a published shift is, at a moment of the day."""

    PRESENT = "present"
    LEAVING = "leaving"
    DUE = "due"
    COMING = "coming"
    LATE = "late"
    SEEKING = "seeking"
    ABSENT = "absent"
    OVER = "over"


HERE = (Presence.PRESENT, Presence.LEAVING)
NOT_HERE = (Presence.LATE, Presence.SEEKING, Presence.ABSENT)
"""They do not count for the cover of their stand."""


def check_is_published(status: ShiftStatus) -> None:
    """What happens on the day happens to the published rota. Raises NoLongerPublished."""
    if status != ShiftStatus.PUBLISHED:
        raise NoLongerPublished


def check_can_arrive(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """An agent arrives from 45 minutes before the shift until its end.

    Raises TooEarlyToArrive, ShiftIsOver.
    """
    if at < starts_at - EARLIEST:
        raise TooEarlyToArrive(starts_at)
    check_is_not_over(ends_at, at)


def check_is_not_over(ends_at: datetime, at: datetime) -> None:
    """What is over is no longer noted. Raises ShiftIsOver."""
    if at >= ends_at:
        raise ShiftIsOver(ends_at)


def check_something_is_noted(arrived_at: datetime | None, absent_at: datetime | None) -> None:
    """Raises NothingToUndo."""
    if arrived_at is None and absent_at is None:
        raise NothingToUndo


def time_of_tap(tapped_at: datetime | None, now: datetime) -> datetime:
    """When a phone says it was tapped, when that is plausible: it may have had no network."""
    if tapped_at is not None and now - TRUSTED_PAST <= tapped_at <= now:
        return tapped_at
    return now


def follow_on(shift: Any, shifts: Sequence[Any]) -> list[Any]:
    """The shifts of the same agent that directly follow one on the same stand, in time."""
    found, end = [], shift.ends_at
    for one in sorted(shifts, key=lambda it: it.starts_at):
        if (one.agent_id, one.stand_id, one.starts_at) == (shift.agent_id, shift.stand_id, end):
            found.append(one)
            end = one.ends_at
    return found


def presence_of(shift: Shift, now: datetime, is_seeking: bool, stays: bool) -> Presence:
    """Where the agent is. `is_seeking`: a stand-in is looked for; `stays`: another shift follows
    on the same stand."""
    if now >= shift.ends_at:
        return Presence.OVER
    if shift.absent_at is not None:
        return Presence.ABSENT
    if shift.arrived_at is not None:
        leaves = shift.ends_at - now <= SOON and not stays
        return Presence.LEAVING if leaves else Presence.PRESENT
    if is_seeking:
        return Presence.SEEKING
    if now > shift.starts_at + GRACE:
        return Presence.LATE
    return Presence.DUE if now >= shift.starts_at else Presence.COMING
