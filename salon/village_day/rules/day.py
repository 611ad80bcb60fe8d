"""Rules of the day: marking arrivals and absences, and the state of each shift."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Shift, ShiftStatus

EARLIEST = timedelta(minutes=45)
"""How long before the shift an arrival may be marked."""

GRACE = timedelta(minutes=5)
"""Delay after the start before an agent not arrived is late."""

SOON = timedelta(minutes=30)
"""An agent leaving or arriving within that is named on the board."""

AHEAD = timedelta(minutes=20)
"""How far ahead cover is checked."""

TRUSTED_PAST = timedelta(hours=12)
"""How long a phone may have been without network; an older time means a wrong clock."""


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
    """The state of a published shift at a moment of the day: its agent present, late, absent…"""

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
"""Agents in these states do not count for the cover of their stand."""


def check_is_published(status: ShiftStatus) -> None:
    """Check that the shift is in the published rota. Raises NoLongerPublished."""
    if status != ShiftStatus.PUBLISHED:
        raise NoLongerPublished


def check_can_arrive(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Check that an arrival is marked from 45 minutes before the shift until its end.

    Raises TooEarlyToArrive, ShiftIsOver.
    """
    if at < starts_at - EARLIEST:
        raise TooEarlyToArrive(starts_at)
    check_is_not_over(ends_at, at)


def check_is_not_over(ends_at: datetime, at: datetime) -> None:
    """Check that the shift has not ended. Raises ShiftIsOver."""
    if at >= ends_at:
        raise ShiftIsOver(ends_at)


def check_something_is_noted(arrived_at: datetime | None, absent_at: datetime | None) -> None:
    """Check that an arrival or an absence is marked. Raises NothingToUndo."""
    if arrived_at is None and absent_at is None:
        raise NothingToUndo


def time_of_tap(tapped_at: datetime | None, now: datetime) -> datetime:
    """Return the time given by the phone when plausible (it may have had no network), else
    `now`.
    """
    if tapped_at is not None and now - TRUSTED_PAST <= tapped_at <= now:
        return tapped_at
    return now


def following_shifts(shift: Shift, shifts: Sequence[Shift]) -> list[Shift]:
    """Return the shifts of the same agent that directly follow one on the same stand, in time."""
    follow_ons, end = [], shift.ends_at
    for following in sorted(shifts, key=lambda following: following.starts_at):
        if (following.agent_id, following.stand_id, following.starts_at) == (
            shift.agent_id,
            shift.stand_id,
            end,
        ):
            follow_ons.append(following)
            end = following.ends_at
    return follow_ons


def presence_of(shift: Shift, now: datetime, is_seeking: bool, stays: bool) -> Presence:
    """Return the state of the agent. `is_seeking`: a stand-in is looked for; `stays`: another shift
    follows on the same stand.
    """
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
