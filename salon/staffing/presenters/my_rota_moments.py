"""What the top of an agent's page says, one thing after the other. Pure.

The page holds every `Moment` of the rota, so that the browser shows the right one without the
network.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.platform.clock import local
from salon.platform.engagements import Engagement
from salon.staffing.models import Shift
from salon.staffing.rules.day import EARLIEST


@dataclass(frozen=True)
class NextMeeting:
    """An appointment as the top of the page says it, from `starts_at` (None: from before) on and
    until it ends; `left`: how many there are from this one on, in the same shift."""

    meeting: Engagement
    starts_at: datetime | None
    left: int

    def covers(self, now: datetime) -> bool:
        """Whether it is the next one at this time, or the one that is on."""
        return (self.starts_at is None or self.starts_at <= now) and now < self.meeting.ends_at


@dataclass(frozen=True)
class Moment:
    """What the top of the page says from `starts_at` to `ends_at` (None: without end).

    `kind`: "next" before a shift, "soon" when one may arrive, "now" during it, "done" after the
    last. `following`: the next shift of the same day. `meetings`: whom the agent receives in
    `shift`, each with the time until which it is the next one to say.
    """

    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    shift: Shift
    following: Shift | None = None
    meetings: tuple[NextMeeting, ...] = ()

    def covers(self, now: datetime) -> bool:
        """Whether it is what the page says at this time."""
        return (self.starts_at is None or self.starts_at <= now) and (
            self.ends_at is None or now < self.ends_at
        )


def moments_of(own: Sequence[Shift], meetings: Sequence[Engagement]) -> list[Moment]:
    """Without gap or overlap, from before the first shift until after the last."""
    found: list[Moment] = []
    free_from: datetime | None = None
    for shift, after in itertools.zip_longest(own, own[1:]):
        following = after if after is not None and _same_day(shift, after) else None
        whom = _one_by_one([one for one in met_during(shift, meetings) if not one.is_over])
        opens_at = shift.starts_at - EARLIEST
        if free_from is not None:
            opens_at = max(opens_at, free_from)
        if free_from is None or free_from < opens_at:
            found.append(Moment("next", free_from, opens_at, shift, following, whom))
        if opens_at < shift.starts_at:
            found.append(Moment("soon", opens_at, shift.starts_at, shift, following, whom))
        found.append(Moment("now", shift.starts_at, shift.ends_at, shift, following, whom))
        free_from = shift.ends_at
    if own:
        found.append(Moment("done", free_from, None, own[-1]))
    return found


def _one_by_one(meetings: Sequence[Engagement]) -> tuple[NextMeeting, ...]:
    befores = (None, *(one.ends_at for one in meetings))
    return tuple(
        NextMeeting(one, before, len(meetings) - number)
        for number, (one, before) in enumerate(zip(meetings, befores, strict=False))
    )


def _same_day(one: Shift, other: Shift) -> bool:
    return local(one.starts_at).date() == local(other.starts_at).date()


def met_during(shift: Shift, meetings: Sequence[Engagement]) -> tuple[Engagement, ...]:
    """The appointments that begin in a shift."""
    return tuple(one for one in meetings if shift.starts_at <= one.starts_at < shift.ends_at)
