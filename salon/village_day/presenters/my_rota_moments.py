"""Present the successive moments shown at the top of an agent's page. Pure.

The page holds every `Moment` of the rota, so that the browser shows the right one without network.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.platform.database.engagements import Engagement
from salon.platform.settings.clock import local
from salon.staffing.models import Shift
from salon.village_day.rules.day import EARLIEST


@dataclass(frozen=True)
class NextMeeting:
    """An appointment at the top of the page, shown from `starts_at` (None: from before) until it
    ends.

    `left`: how many there are from this one on, in the same shift.
    """

    meeting: Engagement
    starts_at: datetime | None
    left: int

    def covers(self, now: datetime) -> bool:
        """Return whether it is the next or the current appointment at this time."""
        return (self.starts_at is None or self.starts_at <= now) and now < self.meeting.ends_at


@dataclass(frozen=True)
class Moment:
    """The top of the page from `starts_at` to `ends_at` (None: without end).

    `kind`: "next" before a shift, "soon" when one may arrive, "now" during it, "done" after the
    last. `following`: the next shift of the same day. `meetings`: the appointments in `shift`, each
    with the time until which it is the next one.
    """

    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    shift: Shift
    following: Shift | None = None
    meetings: tuple[NextMeeting, ...] = ()

    def covers(self, now: datetime) -> bool:
        """Return whether the page shows it at this time."""
        return (self.starts_at is None or self.starts_at <= now) and (
            self.ends_at is None or now < self.ends_at
        )


def moments_of(own_shifts: Sequence[Shift], meetings: Sequence[Engagement]) -> list[Moment]:
    """Return the moments without gap or overlap, from before the first shift until after the
    last.
    """
    moments: list[Moment] = []
    free_from: datetime | None = None
    for shift, after in itertools.zip_longest(own_shifts, own_shifts[1:]):
        day_on = local(shift.starts_at).date()
        is_followed = after is not None and local(after.starts_at).date() == day_on
        following = after if is_followed else None
        next_meetings = _in_turn(
            [meeting for meeting in met_during(shift, meetings) if not meeting.is_over]
        )
        opens_at = shift.starts_at - EARLIEST
        if free_from is not None:
            opens_at = max(opens_at, free_from)
        if free_from is None or free_from < opens_at:
            moments.append(Moment("next", free_from, opens_at, shift, following, next_meetings))
        if opens_at < shift.starts_at:
            moments.append(
                Moment("soon", opens_at, shift.starts_at, shift, following, next_meetings)
            )
        moments.append(
            Moment("now", shift.starts_at, shift.ends_at, shift, following, next_meetings)
        )
        free_from = shift.ends_at
    if own_shifts:
        moments.append(Moment("done", free_from, None, own_shifts[-1]))
    return moments


def _in_turn(meetings: Sequence[Engagement]) -> tuple[NextMeeting, ...]:
    befores = (None, *(meeting.ends_at for meeting in meetings))
    return tuple(
        NextMeeting(meeting, before, len(meetings) - number)
        for number, (meeting, before) in enumerate(zip(meetings, befores, strict=False))
    )


def met_during(shift: Shift, meetings: Sequence[Engagement]) -> tuple[Engagement, ...]:
    """Return the appointments that begin in a shift."""
    return tuple(
        meeting for meeting in meetings if shift.starts_at <= meeting.starts_at < shift.ends_at
    )
