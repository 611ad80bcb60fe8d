"""An agent's own rota as their page shows it: what is on now, the list of each day, who is there.

Pure: it gets published shifts and the fair's time, and answers what a phone shows. The page holds
every `Moment` of the rota, so that the browser shows the right one without the network.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salon.fair.models import Stand
from salon.formats import NBSP
from salon.staffing.matching import total
from salon.staffing.models import Shift
from salon.staffing.rules.day import EARLIEST
from salon.times import local

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
    """A shift of the agent, with who is around it."""

    shift: Shift
    colleagues: tuple[Colleague, ...]
    before: Turn
    after: Turn


@dataclass(frozen=True)
class Break:
    """The agent is free between two shifts of a day."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """A day of the agent: shifts and breaks in time; `worked` is the time on stands."""

    day_on: date
    entries: tuple[MyShift | Break, ...]
    worked: timedelta

    @property
    def shifts(self) -> list[MyShift]:
        return [one for one in self.entries if isinstance(one, MyShift)]


@dataclass(frozen=True)
class Moment:
    """What the top of the page says from `starts_at` to `ends_at` (None: without end).

    `kind`: "next" before a shift, "soon" when one may arrive, "now" during it, "done" after the
    last. `following`: the next shift of the same day.
    """

    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    shift: Shift
    following: Shift | None = None

    def covers(self, now: datetime) -> bool:
        """Whether it is what the page says at this time."""
        return (self.starts_at is None or self.starts_at <= now) and (
            self.ends_at is None or now < self.ends_at
        )


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


def my_rota_view(own: Sequence[Shift], on_stands: Sequence[Shift]) -> MyRota:
    """`own`: the agent's published shifts; `on_stands`: all those of the stands they are on."""
    own = sorted(own, key=lambda one: one.starts_at)
    days = []
    for day_on, held in itertools.groupby(own, key=lambda one: local(one.starts_at).date()):
        shifts = list(held)
        days.append(Day(day_on, _entries(shifts, on_stands), total(shifts)))
    return MyRota(tuple(days), tuple(_moments(own)), total(own))


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


def _entries(shifts: Sequence[Shift], on_stands: Sequence[Shift]) -> tuple[MyShift | Break, ...]:
    found: list[MyShift | Break] = []
    for shift in shifts:
        if found:
            before = found[-1]
            ended = before.shift.ends_at if isinstance(before, MyShift) else before.ends_at
            if ended < shift.starts_at:
                found.append(Break(ended, shift.starts_at))
        found.append(_my_shift(shift, on_stands))
    return tuple(found)


def _my_shift(shift: Shift, on_stands: Sequence[Shift]) -> MyShift:
    day_on = local(shift.starts_at).date()
    there = [
        one
        for one in on_stands
        if one.stand_id == shift.stand_id
        and one.id != shift.id
        and local(one.starts_at).date() == day_on
    ]
    return MyShift(
        shift, tuple(_colleagues(shift, there)), _before(shift, there), _after(shift, there)
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


def _moments(own: Sequence[Shift]) -> list[Moment]:
    found: list[Moment] = []
    free_from: datetime | None = None
    for shift, after in itertools.zip_longest(own, own[1:]):
        following = after if after is not None and _same_day(shift, after) else None
        opens_at = shift.starts_at - EARLIEST
        if free_from is not None:
            opens_at = max(opens_at, free_from)
        if free_from is None or free_from < opens_at:
            found.append(Moment("next", free_from, opens_at, shift, following))
        if opens_at < shift.starts_at:
            found.append(Moment("soon", opens_at, shift.starts_at, shift, following))
        found.append(Moment("now", shift.starts_at, shift.ends_at, shift, following))
        free_from = shift.ends_at
    if own:
        found.append(Moment("done", free_from, None, own[-1]))
    return found


def _same_day(one: Shift, other: Shift) -> bool:
    return local(one.starts_at).date() == local(other.starts_at).date()


def _span(one: Shift) -> tuple[datetime, datetime]:
    return one.starts_at, one.ends_at


def _names(shifts: Iterable[Shift]) -> tuple[str, ...]:
    return tuple(sorted(one.agent.full_name for one in shifts))
