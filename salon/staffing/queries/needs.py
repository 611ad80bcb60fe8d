"""Reads of what stands need, in sums; and how much time agents have."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from salon.fair.models import Edition, PartnerBody
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.models import Agent, Need, PeriodKind
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.problem import is_there
from salon.staffing.queries.rota import frames, needs_of, stands_of
from salon.staffing.rules import legal


@dataclass(frozen=True)
class StandNeeds:
    """What a stand needs over the fair; `themes`: those that somebody must know."""

    body: PartnerBody
    needs: Sequence[Need]
    themes: Sequence[str]

    @property
    def minimum(self) -> int:
        """Half hours of agents, at least."""
        return sum(one.minimum for one in self.needs)

    @property
    def wished(self) -> int:
        return sum(one.wished for one in self.needs)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """(least, most) of minimum, wished and maximum while the stand needs somebody."""
        return [
            (min(numbers), max(numbers))
            for numbers in (
                [one.minimum for one in self.needs],
                [one.wished for one in self.needs],
                [one.maximum for one in self.needs],
            )
            if numbers
        ]


@dataclass(frozen=True)
class NeedsOverview:
    """Every stand, and the half hours that agents have, within what a day may hold."""

    stands: Sequence[StandNeeds]
    available: int

    @property
    def minimum(self) -> int:
        return sum(one.minimum for one in self.stands)

    @property
    def wished(self) -> int:
        return sum(one.wished for one in self.stands)


def needs_overview(edition: Edition, body_ids: Collection[int] | None = None) -> NeedsOverview:
    """What the stands of these bodies need, and the time of their agents. None: of all."""
    needs = needs_of(edition)
    found = [
        StandNeeds(body, needs.get(stand_id, []), _themes(needs.get(stand_id, [])))
        for stand_id, body in stands_of(edition).items()
        if body_ids is None or body.id in body_ids
    ]
    days = frames(edition)
    agents = agents_of(edition, body_ids)
    return NeedsOverview(found, sum(_half_hours(one, days) for one in agents))


def _themes(needs: Iterable[Need]) -> list[str]:
    found = {theme.id: theme for need in needs for theme in need.themes}
    return [one.name for one in sorted(found.values(), key=lambda one: one.rank)]


def _half_hours(agent: Agent, days: Sequence[DayFrame]) -> int:
    """How long an agent can work: there, not away, at most the legal day."""
    away = [one for one in agent.periods if one.kind == PeriodKind.UNAVAILABLE]
    return sum(
        min(
            legal.LONGEST_DAY,
            sum(
                is_there(agent, start)
                and not any(one.starts_at <= start < one.ends_at for one in away)
                for start in day.starts
            ),
        )
        for day in days
    )
