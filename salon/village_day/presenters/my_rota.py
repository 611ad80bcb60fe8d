"""Present an agent's own rota: the current moment, the list of each day, colleagues, appointments.

Pure: takes published shifts and the fair's time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salon.fair.models import Stand
from salon.platform.database.engagements import Engagement
from salon.platform.settings.clock import local
from salon.platform.words.formats import NBSP, duration
from salon.platform.words.texts import folded
from salon.staffing.engine.colleagues import colleagues_of
from salon.staffing.engine.shift_changes import total
from salon.staffing.models import Shift
from salon.village_day.presenters.my_rota_moments import Moment, met_during, moments_of

THIRDS = (("nord-ouest", "nord", "nord-est"), ("ouest", "", "est"), ("sud-ouest", "sud", "sud-est"))


@dataclass(frozen=True)
class Colleague:
    """A colleague on the same stand, for the time that is shared; `throughout`: the whole shift."""

    name: str
    starts_at: datetime
    ends_at: datetime
    throughout: bool


@dataclass(frozen=True)
class Handover:
    """The stand just before a shift, or just after.

    `relays` leave or come at this very time; `others` (name, until or since when) are there before
    and after it. `myself`: the agent is on the stand there too. `away_at`: when the stand is empty,
    the last or next time an agent is there that day.
    """

    relays: tuple[str, ...]
    others: tuple[tuple[str, datetime], ...]
    myself: bool
    away_at: datetime | None

    @property
    def is_alone(self) -> bool:
        return not (self.relays or self.others or self.myself)


@dataclass(frozen=True)
class MyShift:
    """A shift of the agent, with colleagues and appointments."""

    shift: Shift
    colleagues: tuple[Colleague, ...]
    before: Handover
    after: Handover
    meetings: tuple[Engagement, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """An appointment outside the agent's shifts: not assigned yet."""

    meeting: Engagement

    @property
    def starts_at(self) -> datetime:
        return self.meeting.starts_at


@dataclass(frozen=True)
class Break:
    """A free time between two shifts of a day."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """A day of the agent: shifts, breaks and appointments outside shifts, in time.

    `worked` is the time on stands.
    """

    day_on: date
    entries: tuple[MyShift | Break | Meeting, ...]
    worked: timedelta

    @property
    def shifts(self) -> list[MyShift]:
        return [entry for entry in self.entries if isinstance(entry, MyShift)]

    @property
    def meetings(self) -> list[Engagement]:
        inside_shifts = [meeting for shift in self.shifts for meeting in shift.meetings]
        outside_shifts = [entry.meeting for entry in self.entries if isinstance(entry, Meeting)]
        return sorted([*inside_shifts, *outside_shifts], key=lambda meeting: meeting.starts_at)


@dataclass(frozen=True)
class MyRota:
    """The whole page: the days, and the successive moments of its top."""

    days: tuple[Day, ...]
    moments: tuple[Moment, ...]
    worked: timedelta

    @property
    def shifts(self) -> list[MyShift]:
        return [shift for day in self.days for shift in day.shifts]

    @property
    def stands(self) -> list[Stand]:
        """Return the stands of the agent, each once, in the order in which they are needed."""
        return list(
            {my_shift.shift.stand_id: my_shift.shift.stand for my_shift in self.shifts}.values()
        )

    def at(self, now: datetime) -> Moment | None:
        """Return the moment shown at this time; None when there is no shift."""
        return next((moment for moment in self.moments if moment.covers(now)), None)


def my_rota_view(
    own_shifts: Sequence[Shift], on_stands: Sequence[Shift], engagements: Sequence[Engagement] = ()
) -> MyRota:
    """Return the page of an agent's rota.

    `own_shifts`: the agent's published shifts; `on_stands`: all those of the stands they are on;
    `engagements`: their appointments, of which the current ones are shown.
    """
    own_shifts = sorted(own_shifts, key=lambda shift: shift.starts_at)
    meetings = [meeting for meeting in engagements if meeting.is_live and meeting.is_firm]
    days = []
    starts = [
        *(shift.starts_at for shift in own_shifts),
        *(meeting.starts_at for meeting in meetings),
    ]
    for day_on in sorted({local(at).date() for at in starts}):
        shifts = [shift for shift in own_shifts if local(shift.starts_at).date() == day_on]
        met = [meeting for meeting in meetings if local(meeting.starts_at).date() == day_on]
        days.append(Day(day_on, _entries(shifts, on_stands, met), total(shifts)))
    return MyRota(tuple(days), tuple(moments_of(own_shifts, meetings)), total(own_shifts))


SOON = timedelta(hours=3)


def wait(now: datetime, starts_at: datetime) -> str:
    """Return « Dans 25 min », « Dans 2 h 05 », « Demain », « Dans 3 jours » before something to
    come; what begins within SOON is not « Demain », even after midnight.
    """
    days = (local(starts_at).date() - local(now).date()).days
    if days == 1 and starts_at - now > SOON:
        return "Demain"
    if days > 1:
        return f"Dans {days}{NBSP}jours"
    minutes = max(0, -(-(starts_at - now) // timedelta(minutes=1)))
    return f"Dans {duration(timedelta(minutes=minutes))}" if minutes else "Maintenant"


def corner(x: float, y: float, width: float, depth: float) -> str:
    """Return the part of a hall a point is in, the north above: « nord-ouest »; empty in the
    middle.
    """
    column = min(2, int(3 * x / width)) if width else 1
    row = min(2, int(3 * y / depth)) if depth else 1
    return THIRDS[max(0, row)][max(0, column)]


def _entries(
    shifts: Sequence[Shift], on_stands: Sequence[Shift], meetings: Sequence[Engagement]
) -> tuple[MyShift | Break | Meeting, ...]:
    entries = _shifts_and_breaks(shifts, on_stands, meetings)
    inside_ids = {meeting.id for shift in shifts for meeting in met_during(shift, meetings)}
    outside_shifts = [Meeting(meeting) for meeting in meetings if meeting.id not in inside_ids]
    return tuple(sorted([*entries, *outside_shifts], key=_start))


def _start(entry: MyShift | Break | Meeting) -> datetime:
    return entry.shift.starts_at if isinstance(entry, MyShift) else entry.starts_at


def _shifts_and_breaks(
    shifts: Sequence[Shift], on_stands: Sequence[Shift], meetings: Sequence[Engagement]
) -> list[MyShift | Break]:
    entries: list[MyShift | Break] = []
    for shift in shifts:
        if entries:
            before = entries[-1]
            ended = before.shift.ends_at if isinstance(before, MyShift) else before.ends_at
            if ended < shift.starts_at:
                entries.append(Break(ended, shift.starts_at))
        entries.append(_my_shift(shift, on_stands, meetings))
    return entries


def _my_shift(shift: Shift, on_stands: Sequence[Shift], meetings: Sequence[Engagement]) -> MyShift:
    day_on = local(shift.starts_at).date()
    same_stand_shifts = [
        other_shift
        for other_shift in on_stands
        if other_shift.stand_id == shift.stand_id
        and other_shift.id != shift.id
        and local(other_shift.starts_at).date() == day_on
    ]
    return MyShift(
        shift,
        tuple(_colleagues(shift, same_stand_shifts)),
        _handover(shift, same_stand_shifts, is_start=True),
        _handover(shift, same_stand_shifts, is_start=False),
        met_during(shift, meetings),
    )


def _colleagues(shift: Shift, same_stand_shifts: Sequence[Shift]) -> list[Colleague]:
    """Return the colleagues whose time overlaps the shift; two shifts that follow one another are
    one time.
    """
    whole_shift = (shift.starts_at, shift.ends_at)
    colleagues = [
        Colleague(colleague.agent.full_name, *span, throughout=span == whole_shift)
        for colleague in colleagues_of(shift, same_stand_shifts)
        if colleague.agent.id != shift.agent_id
        for span in colleague.spans or (whole_shift,)
    ]
    return sorted(colleagues, key=lambda colleague: (colleague.starts_at, folded(colleague.name)))


def _handover(shift: Shift, same_stand_shifts: Sequence[Shift], is_start: bool) -> Handover:
    """Return who meets the agent at the start, or at the end, of the shift."""
    at = shift.starts_at if is_start else shift.ends_at
    touching, opposite = ("ends_at", "starts_at") if is_start else ("starts_at", "ends_at")
    meeting = [(colleague, getattr(colleague, touching)) for colleague in same_stand_shifts]
    other_edges = [edge for _, edge in meeting if edge != at and (edge < at) == is_start]
    nearest = max if is_start else min
    return Handover(
        relays=_names(
            colleague
            for colleague, edge in meeting
            if edge == at and colleague.agent_id != shift.agent_id
        ),
        others=tuple(
            (colleague.agent.full_name, getattr(colleague, opposite))
            for colleague in same_stand_shifts
            if colleague.agent_id != shift.agent_id and colleague.starts_at < at < colleague.ends_at
        ),
        myself=any(
            edge == at and colleague.agent_id == shift.agent_id for colleague, edge in meeting
        ),
        away_at=nearest(other_edges, default=None),
    )


def _names(shifts: Iterable[Shift]) -> tuple[str, ...]:
    return tuple(
        shift.agent.full_name for shift in sorted(shifts, key=lambda shift: shift.agent.name_key)
    )
