"""An agent's own rota as their page shows it: what is on now, the list of each day, who is there,
whom they receive.

Pure: it gets published shifts and the fair's time, and answers what a phone shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salon.fair.models import Stand
from salon.platform.clock import local
from salon.platform.engagements import Engagement
from salon.platform.formats import NBSP
from salon.staffing.engine.shift_changes import total
from salon.staffing.models import Shift
from salon.staffing.presenters.my_rota_moments import Moment, met_during, moments_of

THIRDS = (("nord-ouest", "nord", "nord-est"), ("ouest", "", "est"), ("sud-ouest", "sud", "sud-est"))


@dataclass(frozen=True)
class Colleague:
    """Somebody on the same stand, for the time that is shared; `throughout`: the whole shift."""

    name: str
    starts_at: datetime
    ends_at: datetime
    throughout: bool


@dataclass(frozen=True)
class Turn:
    """The stand just before a shift, or just after.

    `relays` leave or come at this very time; `others` (name, until or since when) are there before
    and after it. `myself`: the agent is on the stand there too. `away_at`: when nobody is there,
    the time at which somebody was there last, or will be next, that day.
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
    """A shift of the agent, with who is around it and whom they receive in it."""

    shift: Shift
    colleagues: tuple[Colleague, ...]
    before: Turn
    after: Turn
    meetings: tuple[Engagement, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """An appointment in no shift of the agent: nobody holds it yet."""

    meeting: Engagement

    @property
    def starts_at(self) -> datetime:
        return self.meeting.starts_at


@dataclass(frozen=True)
class Break:
    """The agent is free between two shifts of a day."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """A day of the agent: shifts, breaks and appointments outside shifts, in time; `worked` is the
    time on stands."""

    day_on: date
    entries: tuple[MyShift | Break | Meeting, ...]
    worked: timedelta

    @property
    def shifts(self) -> list[MyShift]:
        return [one for one in self.entries if isinstance(one, MyShift)]

    @property
    def meetings(self) -> list[Engagement]:
        inside = [one for shift in self.shifts for one in shift.meetings]
        outside = [one.meeting for one in self.entries if isinstance(one, Meeting)]
        return sorted([*inside, *outside], key=lambda one: one.starts_at)


@dataclass(frozen=True)
class MyRota:
    """The whole page: the days, and all that its top says one after the other."""

    days: tuple[Day, ...]
    moments: tuple[Moment, ...]
    worked: timedelta

    @property
    def shifts(self) -> list[MyShift]:
        return [one for day in self.days for one in day.shifts]

    @property
    def stands(self) -> list[Stand]:
        """Where the agent is expected, each stand once, in the order in which it is needed."""
        return list({one.shift.stand_id: one.shift.stand for one in self.shifts}.values())

    def at(self, now: datetime) -> Moment | None:
        """What the top of the page says at this time; None when there is no shift."""
        return next((one for one in self.moments if one.covers(now)), None)


def my_rota_view(
    own: Sequence[Shift], on_stands: Sequence[Shift], engagements: Sequence[Engagement] = ()
) -> MyRota:
    """`own`: the agent's published shifts; `on_stands`: all those of the stands they are on;
    `engagements`: their appointments, of which those that they hold are shown."""
    own = sorted(own, key=lambda one: one.starts_at)
    meetings = [one for one in engagements if one.is_live and one.is_firm]
    days = []
    starts = [*(one.starts_at for one in own), *(one.starts_at for one in meetings)]
    for day_on in sorted({local(at).date() for at in starts}):
        shifts = [one for one in own if local(one.starts_at).date() == day_on]
        met = [one for one in meetings if local(one.starts_at).date() == day_on]
        days.append(Day(day_on, _entries(shifts, on_stands, met), total(shifts)))
    return MyRota(tuple(days), tuple(moments_of(own, meetings)), total(own))


def wait(now: datetime, starts_at: datetime) -> str:
    """« Dans 25 min », « Dans 2 h 05 », « Demain », « Dans 3 jours » of something to come."""
    days = (local(starts_at).date() - local(now).date()).days
    if days == 1:
        return "Demain"
    if days > 1:
        return f"Dans {days}{NBSP}jours"
    minutes = max(0, -(-(starts_at - now) // timedelta(minutes=1)))
    return f"Dans {duration(timedelta(minutes=minutes))}" if minutes else "Maintenant"


def duration(length: timedelta) -> str:
    """« 45 min », « 2 h », « 2 h 05 »."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")


def corner(x: float, y: float, width: float, depth: float) -> str:
    """Where a point of a hall is, the north above: « nord-ouest »; empty in the middle."""
    column = min(2, int(3 * x / width)) if width else 1
    row = min(2, int(3 * y / depth)) if depth else 1
    return THIRDS[max(0, row)][max(0, column)]


def _entries(
    shifts: Sequence[Shift], on_stands: Sequence[Shift], meetings: Sequence[Engagement]
) -> tuple[MyShift | Break | Meeting, ...]:
    found = _shifts_and_breaks(shifts, on_stands, meetings)
    inside = {one.id for shift in shifts for one in met_during(shift, meetings)}
    outside = [Meeting(one) for one in meetings if one.id not in inside]
    return tuple(sorted([*found, *outside], key=_start))


def _start(entry: MyShift | Break | Meeting) -> datetime:
    return entry.shift.starts_at if isinstance(entry, MyShift) else entry.starts_at


def _shifts_and_breaks(
    shifts: Sequence[Shift], on_stands: Sequence[Shift], meetings: Sequence[Engagement]
) -> list[MyShift | Break]:
    found: list[MyShift | Break] = []
    for shift in shifts:
        if found:
            before = found[-1]
            ended = before.shift.ends_at if isinstance(before, MyShift) else before.ends_at
            if ended < shift.starts_at:
                found.append(Break(ended, shift.starts_at))
        found.append(_my_shift(shift, on_stands, meetings))
    return found


def _my_shift(shift: Shift, on_stands: Sequence[Shift], meetings: Sequence[Engagement]) -> MyShift:
    day_on = local(shift.starts_at).date()
    there = [
        one
        for one in on_stands
        if one.stand_id == shift.stand_id
        and one.id != shift.id
        and local(one.starts_at).date() == day_on
    ]
    return MyShift(
        shift,
        tuple(_colleagues(shift, there)),
        _before(shift, there),
        _after(shift, there),
        met_during(shift, meetings),
    )


def _colleagues(shift: Shift, there: Sequence[Shift]) -> list[Colleague]:
    """Those whose time meets the shift; two shifts that follow one another are one time."""
    spans: dict[int, list[tuple[datetime, datetime, str]]] = {}
    for one in sorted(there, key=lambda one: one.starts_at):
        starts_at, ends_at = max(one.starts_at, shift.starts_at), min(one.ends_at, shift.ends_at)
        if starts_at >= ends_at or one.agent_id == shift.agent_id:
            continue
        own = spans.setdefault(one.agent_id, [])
        if own and own[-1][1] == starts_at:
            starts_at = own.pop()[0]
        own.append((starts_at, ends_at, one.agent.full_name))
    found = [
        Colleague(name, starts_at, ends_at, (starts_at, ends_at) == _span(shift))
        for own in spans.values()
        for starts_at, ends_at, name in own
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.name))


def _before(shift: Shift, there: Sequence[Shift]) -> Turn:
    at = shift.starts_at
    others = [one for one in there if one.agent_id != shift.agent_id]
    return Turn(
        relays=_names(one for one in others if one.ends_at == at),
        others=tuple(
            (one.agent.full_name, one.starts_at)
            for one in others
            if one.starts_at < at < one.ends_at
        ),
        myself=any(one.agent_id == shift.agent_id and one.ends_at == at for one in there),
        away_at=max((one.ends_at for one in there if one.ends_at < at), default=None),
    )


def _after(shift: Shift, there: Sequence[Shift]) -> Turn:
    at = shift.ends_at
    others = [one for one in there if one.agent_id != shift.agent_id]
    return Turn(
        relays=_names(one for one in others if one.starts_at == at),
        others=tuple(
            (one.agent.full_name, one.ends_at) for one in others if one.starts_at < at < one.ends_at
        ),
        myself=any(one.agent_id == shift.agent_id and one.starts_at == at for one in there),
        away_at=min((one.starts_at for one in there if one.starts_at > at), default=None),
    )


def _span(one: Shift) -> tuple[datetime, datetime]:
    return one.starts_at, one.ends_at


def _names(shifts: Iterable[Shift]) -> tuple[str, ...]:
    return tuple(sorted(one.agent.full_name for one in shifts))
