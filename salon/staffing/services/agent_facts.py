"""The facts about an agent, and their conversion to and from rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salon.accounts.queries import email_key_of
from salon.fair.models import Edition, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.platform.words.texts import folded
from salon.staffing.engine.half_hours import is_whole
from salon.staffing.models import Agent, AgentPeriod, AgentStand, PeriodKind
from salon.staffing.rules import agents as rules
from salon.staffing.rules.shifts import NoSuchStand

PERSON = ("civility", "first_name", "last_name", "function", "email", "phone", "body_id")
ON_THE_DAY = ("needs_note", "arrives_at", "leaves_at")


@dataclass(frozen=True)
class Period:
    """A time when an agent is not there, or would rather not work."""

    starts_at: datetime
    ends_at: datetime
    kind: PeriodKind = PeriodKind.UNAVAILABLE
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """All that is recorded of an agent. `stands`: whether each stand they may hold is wished
    for.
    """

    civility: str
    first_name: str
    last_name: str
    email: str
    body_id: int
    function: str = ""
    phone: str = ""
    theme_ids: frozenset[int] = frozenset()
    stands: Mapping[int, bool] = field(default_factory=dict)
    languages: Sequence[str] = ()
    needs: Sequence[str] = ()
    needs_note: str = ""
    arrives_at: datetime | None = None
    leaves_at: datetime | None = None
    periods: Sequence[Period] = ()
    is_coordinator: bool = False
    limits: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class AllowedValues:
    """The bodies, themes and stands of an edition that facts may name, by id."""

    edition_id: int
    bodies: Mapping[int, str]
    themes: Mapping[int, Theme]
    stands: frozenset[int]


def allowed_values_of(edition: Edition) -> AllowedValues:
    bodies = bodies_of(edition)
    return AllowedValues(
        edition_id=edition.id,
        bodies={body.id: body.name for body in bodies},
        themes={theme.id: theme for theme in themes_of(edition)},
        stands=frozenset(body.stand_id for body in bodies),
    )


def facts_of(agent: Agent) -> Facts:
    """Return the current facts of an agent."""
    return Facts(
        **{name: getattr(agent, name) for name in (*PERSON, *ON_THE_DAY)},
        theme_ids=frozenset(theme.id for theme in agent.themes),
        stands={place.stand_id: place.is_wished for place in agent.places},
        languages=tuple(agent.languages),
        needs=tuple(agent.needs),
        periods=tuple(
            Period(period.starts_at, period.ends_at, period.kind, period.note)
            for period in agent.periods
        ),
        is_coordinator=agent.is_coordinator,
        limits=agent.limits,
    )


def check_facts(facts: Facts, allowed: AllowedValues) -> None:
    """Check that the facts are consistent, and name existing values.

    Raises NoSuchBody, NoSuchTheme, NoSuchStand, NotHalfHours, LeavesBeforeArriving, and what
    `check_periods` raises.
    """
    rules.check_all_exist([facts.body_id], allowed.bodies, rules.NoSuchBody)
    rules.check_all_exist(facts.theme_ids, allowed.themes, rules.NoSuchTheme)
    rules.check_all_exist(facts.stands, allowed.stands, NoSuchStand)
    rules.check_presence(facts.arrives_at, facts.leaves_at)
    rules.check_periods(facts.periods)
    ends = [facts.arrives_at, facts.leaves_at]
    for period in facts.periods:
        ends += [period.starts_at, period.ends_at]
    if not all(is_whole(at) for at in ends if at is not None):
        raise rules.NotHalfHours


def put_facts(agent: Agent, facts: Facts, allowed: AllowedValues) -> None:
    """Write the facts to an agent; unchanged rows are kept."""
    for name in (*PERSON, *ON_THE_DAY):
        setattr(agent, name, getattr(facts, name))
    agent.email_key = email_key_of(facts.email)
    agent.name_key = folded(f"{facts.last_name} {facts.first_name}")
    agent.is_coordinator, agent.limits = facts.is_coordinator, dict(facts.limits)
    agent.languages, agent.needs = list(facts.languages), list(facts.needs)
    agent.themes = [allowed.themes[theme_id] for theme_id in sorted(facts.theme_ids)]
    places = {place.stand_id: place for place in agent.places}
    agent.places = [
        places.get(stand_id) or AgentStand(stand_id=stand_id) for stand_id in sorted(facts.stands)
    ]
    for place in agent.places:
        place.is_wished = facts.stands[place.stand_id]
    periods = {(row.starts_at, row.ends_at): row for row in agent.periods}
    agent.periods = [
        periods.get((period.starts_at, period.ends_at))
        or AgentPeriod(starts_at=period.starts_at, ends_at=period.ends_at)
        for period in facts.periods
    ]
    for row, period in zip(agent.periods, facts.periods, strict=True):
        row.kind, row.note = period.kind, period.note
