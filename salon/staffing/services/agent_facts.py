"""What is said of an agent, and how it becomes rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salon.accounts.queries import email_key_of
from salon.fair.models import Edition, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.platform.texts import folded
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
    """All that is said of an agent. `stands`: whether each stand they may hold is wished for."""

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

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Known:
    """What facts may name: the bodies, themes and stands of an edition, by id."""

    bodies: Mapping[int, str]
    themes: Mapping[int, Theme]
    stands: frozenset[int]


def known_of(edition: Edition) -> Known:
    bodies = bodies_of(edition)
    return Known(
        bodies={one.id: one.name for one in bodies},
        themes={one.id: one for one in themes_of(edition)},
        stands=frozenset(one.stand_id for one in bodies),
    )


def facts_of(agent: Agent) -> Facts:
    """What is said of an agent now."""
    return Facts(
        **{name: getattr(agent, name) for name in (*PERSON, *ON_THE_DAY)},
        theme_ids=frozenset(one.id for one in agent.themes),
        stands={one.stand_id: one.is_wished for one in agent.places},
        languages=tuple(agent.languages),
        needs=tuple(agent.needs),
        periods=tuple(
            Period(one.starts_at, one.ends_at, one.kind, one.note) for one in agent.periods
        ),
        is_coordinator=agent.is_coordinator,
    )


def check_facts(facts: Facts, known: Known) -> None:
    """What is said holds together, and names what is there.

    Raises NoSuchBody, NoSuchTheme, NoSuchStand, NotHalfHours, LeavesBeforeArriving, and what
    `check_periods` raises.
    """
    rules.check_all_exist([facts.body_id], known.bodies, rules.NoSuchBody)
    rules.check_all_exist(facts.theme_ids, known.themes, rules.NoSuchTheme)
    rules.check_all_exist(facts.stands, known.stands, NoSuchStand)
    rules.check_presence(facts.arrives_at, facts.leaves_at)
    rules.check_periods(facts.periods)
    ends = [facts.arrives_at, facts.leaves_at]
    for one in facts.periods:
        ends += [one.starts_at, one.ends_at]
    if not all(is_whole(at) for at in ends if at is not None):
        raise rules.NotHalfHours


def put_facts(agent: Agent, facts: Facts, known: Known) -> None:
    """Makes an agent what is said; rows that stay the same are kept."""
    for name in (*PERSON, *ON_THE_DAY):
        setattr(agent, name, getattr(facts, name))
    agent.email_key = email_key_of(facts.email)
    agent.name_key = folded(f"{facts.last_name} {facts.first_name}")
    agent.is_coordinator = facts.is_coordinator
    agent.languages, agent.needs = list(facts.languages), list(facts.needs)
    agent.themes = [known.themes[one] for one in sorted(facts.theme_ids)]
    places = {one.stand_id: one for one in agent.places}
    agent.places = [
        places.get(stand_id) or AgentStand(stand_id=stand_id) for stand_id in sorted(facts.stands)
    ]
    for place in agent.places:
        place.is_wished = facts.stands[place.stand_id]
    periods = {(one.starts_at, one.ends_at): one for one in agent.periods}
    agent.periods = [
        periods.get((one.starts_at, one.ends_at))
        or AgentPeriod(starts_at=one.starts_at, ends_at=one.ends_at)
        for one in facts.periods
    ]
    for period, said in zip(agent.periods, facts.periods, strict=True):
        period.kind, period.note = said.kind, said.note
