"""Why times are offered or not: the day of a theme, agent by agent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from salon.appointments.engine.slots import (
    Demand,
    Reason,
    Situation,
    instant,
    reason_against,
    tick,
    tick_from,
)
from salon.appointments.queries.offers import demand_of
from salon.appointments.queries.situation import offering_of, situation_of
from salon.fair.models import Edition, EditionDay
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of


@dataclass(frozen=True)
class Span:
    """Starts that have the same answer, from tick `start` to `end` (excluded); None: offered."""

    start: int
    end: int
    reason: Reason | None

    @property
    def starts_at(self) -> datetime:
        return instant(self.start)

    @property
    def last_at(self) -> datetime:
        """The last start."""
        return instant(self.end - 1)


@dataclass(frozen=True)
class AgentDay:
    """An agent's day for a theme. `asked`: the answer at the time asked, if one was."""

    agent: Agent
    spans: Sequence[Span]
    reason: Reason | None


@dataclass(frozen=True)
class ThemeDay:
    """`start` and `end`: ticks of the day; `at`: the one asked. `minutes`: of an appointment."""

    start: int
    end: int
    at: int | None
    minutes: int
    is_closed: bool
    agents: Sequence[AgentDay]

    @property
    def offered(self) -> int:
        """How many agents are offered at the time asked."""
        return sum(agent_day.reason is None for agent_day in self.agents)


def read_theme_day(
    edition: Edition,
    theme_id: int,
    day: EditionDay,
    at: datetime | None,
    now: datetime,
    body_ids: Collection[int] | None = None,
) -> ThemeDay:
    """For each agent who answers a theme, at which starts of a day they are offered, and why not.

    `body_ids`: of these bodies only. First who is offered at the time asked, then by name.
    """
    offering = offering_of(edition)
    demand = demand_of(offering, theme_id)
    situation = situation_of(edition, now)
    start, end = tick(day.opens_at), tick_from(day.closes_at)
    requested = tick(at) if at is not None else None
    agent_days = [
        AgentDay(
            agent,
            _spans(situation, demand, agent.id, start, end),
            reason_against(situation, demand, agent.id, requested)
            if requested is not None
            else None,
        )
        for agent in agents_of(edition, body_ids)
        if agent.id in demand.agents
    ]
    agent_days.sort(key=lambda agent_day: (agent_day.reason is not None, agent_day.agent.name_key))
    return ThemeDay(
        start, end, requested, 5 * demand.length, theme_id in offering.closed, agent_days
    )


def _spans(
    situation: Situation, demand: Demand, agent_id: int, start: int, end: int
) -> Sequence[Span]:
    answers = ((at, reason_against(situation, demand, agent_id, at)) for at in range(start, end))
    spans = []
    for reason, group in groupby(answers, key=lambda answer: answer[1]):
        ticks = [at for at, _ in group]
        spans.append(Span(ticks[0], ticks[-1] + 1, reason))
    return spans
