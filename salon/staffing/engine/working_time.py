"""Limits of working time: one table from the law, and the limits of each agent.

Durations are half hours of the rota. `excesses.py` compares a schedule with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from salon.platform.settings.clock import local
from salon.platform.words.formats import NBSP, duration
from salon.platform.words.labels import LabelledEnum
from salon.staffing.engine.half_hours import HALF_HOUR


class Limit(StrEnum):
    """What is limited. A schedule breaks `night`, `rest` and `lunch` below their value, others
    above.
    """

    DAY = "day"
    WIDTH = "width"
    RUN = "run"
    NIGHT = "night"
    WEEK = "week"
    REST = "rest"
    LUNCH = "lunch"
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

AT_LEAST = frozenset({Limit.NIGHT, Limit.REST, Limit.LUNCH})
"""Limits that are a rest: the longer, the stricter."""

VILLAGE_RULE, OWN_RULE = "règle du village", "règle de l’organisme"
PERSONAL = "limite personnelle"
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
    Limit.LUNCH: (
        f"moins de {{}} pour déjeuner entre 11{NBSP}h{NBSP}30 et 14{NBSP}h{NBSP}30",
        f"{{}} au moins pour déjeuner entre 11{NBSP}h{NBSP}30 et 14{NBSP}h{NBSP}30",
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

    @cached_property
    def lunch(self) -> int:
        """Return the half hours of lunch that must be left; 0 when it is only a wish."""
        return max((bound.value for bound in self.bounds if bound.limit == Limit.LUNCH), default=0)

    def bars(self, start: datetime) -> bool:
        """Return whether the agent may not work at all the half hour that starts then."""
        return any(is_late(bound, start) for bound in self.bounds if bound.hours)


def limits_of(
    employer: Employer = Employer.TERRITORIAL,
    age: Age = Age.ADULT,
    body_rules: Mapping[str, int] | None = None,
    personal: Mapping[str, int] | None = None,
    lunch: int = 0,
) -> WorkLimits:
    """Return the limits of an agent. A body's looser rule counts as far as an agreement may go.

    `lunch`: the half hours of lunch that the village never takes from anybody.
    """
    bounds = [Bound(Limit.LUNCH, lunch, VILLAGE_RULE)] if lunch else []
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


def limits_from(body: Mapping[str, Any], agent: Mapping[str, Any], lunch: int = 0) -> WorkLimits:
    """Return the limits of an agent from the rules of their body and those of their record."""
    return limits_of(
        Employer(body.get("employer", Employer.TERRITORIAL)),
        Age(agent.get("age", Age.ADULT)),
        {limit: body[limit] for limit in OF_BODIES if limit in body},
        {limit: agent[limit] for limit in OF_AGENTS if limit in agent},
        lunch,
    )


def is_looser(limit: Limit, value: int, than: int) -> bool:
    """Return whether a value of a limit allows more than another."""
    return value < than if limit in AT_LEAST else value > than


def is_late(bound: Bound, start: datetime) -> bool:
    """Return whether a half hour lies in the hours that a limit forbids."""
    if bound.hours is None:
        return False
    evening, morning = bound.hours
    return not morning <= local(start).hour < evening
