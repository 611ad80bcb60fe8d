"""Limits of working time: one table from the law, one comparison of a schedule before and after.

Durations are half hours of the rota. A limit that is already exceeded may not be exceeded further:
`worse_bounds` is what every change of a schedule asks.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from salon.platform.settings.clock import Timed, local
from salon.platform.words.formats import NBSP, duration
from salon.platform.words.labels import LabelledEnum
from salon.staffing.engine.half_hours import HALF_HOUR


class Limit(StrEnum):
    """What is limited. A schedule breaks `night` and `rest` below their value, others above."""

    DAY = "day"
    WIDTH = "width"
    RUN = "run"
    NIGHT = "night"
    WEEK = "week"
    REST = "rest"
    LATE = "late"


class Employer(LabelledEnum):
    TERRITORIAL = "territorial", "Collectivité ou établissement territorial"
    STATE = "state", "Service de l’État"
    PRIVATE = "private", "Entreprise ou association"


class Age(LabelledEnum):
    ADULT = "adult", "18 ans ou plus"
    UNDER_18 = "under_18", "16 ou 17 ans"
    UNDER_16 = "under_16", "Moins de 16 ans"


@dataclass(frozen=True)
class LegalLimit:
    """A row of the table. `since`: the date of the text. `hours`: of the clock, of `late`.

    `farthest`: how far an agreement of the employer may go, by the article `agreement`.
    """

    limit: Limit
    value: int
    article: str
    since: date
    employers: frozenset[Employer]
    age: Age = Age.ADULT
    hours: tuple[int, int] | None = None
    farthest: int | None = None
    agreement: str = ""


DECREE = f"décret n°{NBSP}2000-815, art.{NBSP}3"
PUBLIC = frozenset({Employer.TERRITORIAL, Employer.STATE})
"""Décret n° 2001-623 of 12 July 2001, art. 1, makes that of the State hold for territorial ones."""
PRIVATE = frozenset({Employer.PRIVATE})
ALL = frozenset(Employer)

_DECREE_SINCE, _CODE, _LABOUR_ACT = date(2000, 8, 25), date(2008, 5, 1), date(2016, 8, 8)
_YOUTH_ACT = date(2018, 9, 5)


def _code(article: str) -> str:
    return f"code du travail, art.{NBSP}{article}"


_TEENS = [
    (Limit.DAY, 16, "L3162-1", _YOUTH_ACT),
    (Limit.RUN, 9, "L3162-3", _CODE),
    (Limit.NIGHT, 24, "L3164-1", _CODE),
    (Limit.WEEK, 70, "L3162-1", _YOUTH_ACT),
    (Limit.REST, 96, "L3164-2", _LABOUR_ACT),
]

TABLE: tuple[LegalLimit, ...] = (
    LegalLimit(Limit.DAY, 20, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(Limit.WIDTH, 24, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(Limit.RUN, 11, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(Limit.NIGHT, 22, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(Limit.WEEK, 96, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(Limit.REST, 70, DECREE, _DECREE_SINCE, PUBLIC),
    LegalLimit(
        Limit.DAY,
        20,
        _code("L3121-18"),
        _LABOUR_ACT,
        PRIVATE,
        farthest=24,
        agreement=_code("L3121-19"),
    ),
    LegalLimit(Limit.WIDTH, 26, _code("L3131-1"), _LABOUR_ACT, PRIVATE),
    LegalLimit(Limit.RUN, 11, _code("L3121-16"), _LABOUR_ACT, PRIVATE),
    LegalLimit(
        Limit.NIGHT,
        22,
        _code("L3131-1"),
        _LABOUR_ACT,
        PRIVATE,
        farthest=18,
        agreement=_code("L3131-2"),
    ),
    LegalLimit(Limit.WEEK, 96, _code("L3121-20"), _LABOUR_ACT, PRIVATE),
    LegalLimit(Limit.REST, 70, _code("L3132-2"), _CODE, PRIVATE),
    *(
        LegalLimit(limit, value, _code(article), since, ALL, Age.UNDER_18)
        for limit, value, article, since in _TEENS
    ),
    LegalLimit(Limit.LATE, 0, _code("L3163-1"), _CODE, ALL, Age.UNDER_18, (22, 6)),
    *(
        LegalLimit(limit, value, _code(article), since, ALL, Age.UNDER_16)
        for limit, value, article, since in _TEENS
        if limit not in (Limit.DAY, Limit.NIGHT)
    ),
    LegalLimit(Limit.DAY, 14, _code("D4153-3"), _CODE, ALL, Age.UNDER_16),
    LegalLimit(Limit.NIGHT, 28, _code("L3164-1"), _CODE, ALL, Age.UNDER_16),
    LegalLimit(Limit.LATE, 0, _code("L3163-1"), _CODE, ALL, Age.UNDER_16, (20, 6)),
)

AT_LEAST = frozenset({Limit.NIGHT, Limit.REST})
"""Limits that are a rest: the longer, the stricter."""

OWN_RULE, PERSONAL = "règle de l’organisme", "limite personnelle"
OF_BODIES = (Limit.DAY, Limit.WIDTH, Limit.RUN, Limit.NIGHT, Limit.WEEK)
"""What the rules of a body may set."""
OF_AGENTS = (Limit.DAY, Limit.RUN, Limit.WEEK)
"""What a personal limit may set: a number, never its reason."""


@dataclass(frozen=True)
class Bound:
    """A limit that holds for an agent, with the text or the decision that sets it."""

    limit: Limit
    value: int
    source: str
    hours: tuple[int, int] | None = None

    @property
    def breach(self) -> str:
        """Return what a schedule beyond it has: « plus de 10 h de travail dans la journée »."""
        return f"{self._sentences[0]} ({self.source})"

    @property
    def rule(self) -> str:
        """Return the limit as a rule: « 10 h de travail par jour au plus, décret… »."""
        return f"{self.words}, {self.source}"

    @property
    def words(self) -> str:
        """Return the limit without its source: « 10 h de travail par jour au plus »."""
        return self._sentences[1]

    @property
    def _sentences(self) -> list[str]:
        is_six_hours = self.limit == Limit.RUN and self.value == 11
        evening, morning = self.hours or (0, 0)
        hours = f"{evening}{NBSP}h et {morning}{NBSP}h"
        length = duration(self.value * HALF_HOUR)
        sentences = SIX_HOURS if is_six_hours else WORDS[self.limit]
        return [sentence.format(length, hours=hours) for sentence in sentences]


WORDS = {
    Limit.DAY: ("plus de {} de travail dans la journée", "{} de travail par jour au plus"),
    Limit.WIDTH: (
        "plus de {} entre le début et la fin de la journée",
        "{} au plus du début à la fin de la journée",
    ),
    Limit.RUN: ("plus de {} de travail sans pause", "{} de travail sans pause au plus"),
    Limit.NIGHT: ("moins de {} de repos entre deux jours", "{} de repos au moins entre deux jours"),
    Limit.WEEK: ("plus de {} de travail dans la semaine", "{} de travail par semaine au plus"),
    Limit.REST: (
        "moins de {} de repos de suite dans la semaine",
        "{} de repos de suite au moins chaque semaine",
    ),
    Limit.LATE: ("du travail entre {hours}", "aucun travail entre {hours}"),
}
"""What a schedule beyond a limit has, and the limit as a rule."""
SIX_HOURS = f"6{NBSP}h de travail sans pause", f"une pause est due avant 6{NBSP}h de travail"
"""The same of 5 h 30 in half hours: the law speaks of the 6 h at which a break is due."""


@dataclass(frozen=True)
class WorkLimits:
    """All the limits of an agent; of each, the strictest is what the search keeps."""

    bounds: tuple[Bound, ...]

    def strictest(self, limit: Limit) -> Bound:
        bounds = [bound for bound in self.bounds if bound.limit == limit]
        choose = max if limit in AT_LEAST else min
        return choose(bounds, key=lambda bound: bound.value)

    @cached_property
    def day(self) -> int:
        return self.strictest(Limit.DAY).value

    @cached_property
    def width(self) -> int:
        return self.strictest(Limit.WIDTH).value

    @cached_property
    def run(self) -> int:
        return self.strictest(Limit.RUN).value

    @cached_property
    def night(self) -> int:
        return self.strictest(Limit.NIGHT).value

    @cached_property
    def week(self) -> int:
        return self.strictest(Limit.WEEK).value

    @cached_property
    def rest(self) -> int:
        return self.strictest(Limit.REST).value

    def bars(self, start: datetime) -> bool:
        """Return whether the agent may not work at all the half hour that starts then."""
        return any(_is_late(bound, start) for bound in self.bounds if bound.hours)


def limits_of(
    employer: Employer = Employer.TERRITORIAL,
    age: Age = Age.ADULT,
    body_rules: Mapping[str, int] | None = None,
    personal: Mapping[str, int] | None = None,
) -> WorkLimits:
    """Return the limits of an agent. A body's looser rule counts as far as an agreement may go."""
    bounds = []
    for row in TABLE:
        if row.age not in (Age.ADULT, age) or employer not in row.employers:
            continue
        rule = (body_rules or {}).get(row.limit)
        if row.farthest is not None and rule is not None and is_looser(row.limit, rule, row.value):
            strictest = max if row.limit in AT_LEAST else min
            loosest = strictest(rule, row.farthest)
            bounds.append(Bound(row.limit, loosest, f"{OWN_RULE}, {row.agreement}"))
        else:
            bounds.append(Bound(row.limit, row.value, row.article, row.hours))
    for source, values in ((OWN_RULE, body_rules), (PERSONAL, personal)):
        for name, value in (values or {}).items():
            limit = Limit(name)
            legal = WorkLimits(tuple(bounds)).strictest(limit).value
            if is_looser(limit, legal, value):
                bounds.append(Bound(limit, value, source))
    return WorkLimits(tuple(bounds))


def limits_from(body: Mapping[str, Any], agent: Mapping[str, Any]) -> WorkLimits:
    """Return the limits of an agent from the rules of their body and those of their record."""
    return limits_of(
        Employer(body.get("employer", Employer.TERRITORIAL)),
        Age(agent.get("age", Age.ADULT)),
        {limit: body[limit] for limit in OF_BODIES if limit in body},
        {limit: agent[limit] for limit in OF_AGENTS if limit in agent},
    )


def half_hours_of(shifts: Iterable[Timed]) -> list[datetime]:
    """Return the half hours of some shifts, by their start, in time."""
    starts = []
    for shift in shifts:
        at = shift.starts_at
        while at < shift.ends_at:
            starts.append(at)
            at += HALF_HOUR
    return sorted(starts)


def excesses(worked: Sequence[datetime], limits: WorkLimits) -> dict[tuple[Bound, str], int]:
    """Return by how much a schedule passes each limit, with the day or the week.

    `worked`: the starts of the half hours of work, in time. Only what they hold is counted: what
    an agent works elsewhere that week is not known.
    """
    days: dict[date, list[datetime]] = {}
    for start in worked:
        days.setdefault(local(start).date(), []).append(start)
    return {
        (bound, where): over
        for bound in limits.bounds
        for where, over in _excess(bound, days)
        if over > 0
    }


def worse_bounds(
    before: Sequence[datetime], after: Sequence[datetime], limits: WorkLimits
) -> list[Bound]:
    """Return the limits that a change of an agent's half hours of work passes, or passes further
    than before, on any day or in any week.
    """
    former = excesses(before, limits)
    now = excesses(after, limits)
    return list(dict.fromkeys(key[0] for key, over in now.items() if over > former.get(key, 0)))


def worse_words(before: Iterable[Timed], after: Iterable[Timed], limits: WorkLimits) -> list[str]:
    """Return what a change of an agent's shifts makes worse, each limit with its article."""
    bounds = worse_bounds(half_hours_of(before), half_hours_of(after), limits)
    return [bound.breach for bound in bounds]


def breach_words(shifts: Iterable[Timed], limits: WorkLimits) -> list[str]:
    """Return what some shifts of an agent pass, each with its article."""
    passed = excesses(half_hours_of(shifts), limits)
    return list(dict.fromkeys(bound.breach for bound, _ in passed))


def _excess(bound: Bound, days: Mapping[date, Sequence[datetime]]) -> Iterable[tuple[str, int]]:
    """Yield (day or week, half hours beyond the limit)."""
    match bound.limit:
        case Limit.DAY:
            for day, starts in days.items():
                yield str(day), len(starts) - bound.value
        case Limit.WIDTH:
            for day, starts in days.items():
                yield str(day), (starts[-1] - starts[0]) // HALF_HOUR + 1 - bound.value
        case Limit.RUN:
            for day, starts in days.items():
                runs = [over for run in _runs(starts) if (over := run - bound.value) > 0]
                yield f"{day}, longest", max(runs, default=0)
                yield f"{day}, all", sum(runs)
        case Limit.NIGHT:
            for before, after in itertools.pairwise(days.values()):
                night = (after[0] - before[-1]) // HALF_HOUR - 1
                yield str(local(after[0]).date()), bound.value - night
        case Limit.LATE:
            for day, starts in days.items():
                yield str(day), sum(_is_late(bound, start) for start in starts)
        case Limit.WEEK:
            for week, numbers in _weeks(days).items():
                yield str(week), sum(len(days[day]) for day in numbers) - bound.value
        case Limit.REST:
            for week in _weeks(days):
                yield str(week), bound.value - _longest_rest(week, days)


def _weeks(days: Iterable[date]) -> dict[date, list[date]]:
    """Return the days of each week, by its Monday."""
    weeks: dict[date, list[date]] = {}
    for day in days:
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(day)
    return weeks


def _longest_rest(monday: date, days: Mapping[date, Sequence[datetime]]) -> int:
    """Return the longest rest of a week, in half hours; one that begins or ends in another week
    counts whole once a day of it lies in this one. Before the first shift and after the last, the
    agent rests.
    """
    zone = local(next(iter(days.values()))[0]).tzinfo
    start = datetime.combine(monday, time(), zone)
    end = start + timedelta(days=7)
    worked = sorted(at for starts in days.values() for at in starts)
    ends = [start - timedelta(days=7), *(at + HALF_HOUR for at in worked)]
    begins = [*worked, end + timedelta(days=7)]
    longest = timedelta()
    for rests_from, rests_until in zip(ends, begins, strict=True):
        inside = min(rests_until, end) - max(rests_from, start)
        whole = rests_until - rests_from if inside >= timedelta(days=1) else inside
        longest = max(longest, whole)
    return longest // HALF_HOUR


def _runs(starts: Sequence[datetime]) -> list[int]:
    """Return the length of each run of half hours without a break."""
    runs: list[int] = []
    for number, start in enumerate(starts):
        if number and start - starts[number - 1] == HALF_HOUR:
            runs[-1] += 1
        else:
            runs.append(1)
    return runs


def is_looser(limit: Limit, value: int, than: int) -> bool:
    """Return whether a value of a limit allows more than another."""
    return value < than if limit in AT_LEAST else value > than


def _is_late(bound: Bound, start: datetime) -> bool:
    if bound.hours is None:
        return False
    evening, morning = bound.hours
    return not morning <= local(start).hour < evening
