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
    """Consecutive starts with the same reason, from tick `start` to `end` (excluded).

    `reason` None: offered.
    """

    start: int
    end: int
    reason: Reason | None

    @property
    def starts_at(self) -> datetime:
        return instant(self.start)

    @property
    def last_at(self) -> datetime:
        return instant(self.end - 1)


@dataclass(frozen=True)
class AgentDay:
    """An agent's day for a theme. `reason`: the answer at the requested time, if any."""

    agent: Agent
    spans: Sequence[Span]
    reason: Reason | None


@dataclass(frozen=True)
class ThemeDay:
    """The day of a theme. `start`, `end`, `at`: ticks; `at`: the requested one.

    `minutes`: of an appointment.
    """

    start: int
    end: int
    at: int | None
    minutes: int
    is_closed: bool
    agents: Sequence[AgentDay]

    @property
    def offered(self) -> int:
        """Return how many agents are offered at the requested time."""
        return sum(agent_day.reason is None for agent_day in self.agents)


def read_theme_day(
    edition: Edition,
    theme_id: int,
    day: EditionDay,
    at: datetime | None,
    now: datetime,
    body_ids: Collection[int] | None = None,
) -> ThemeDay:
    """Return, for each agent who answers a theme, the starts offered on a day and why not others.

    `body_ids`: only these bodies. Agents offered at the requested time come first, then by name.
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
