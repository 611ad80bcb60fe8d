"""Reads of the needs of stands, summed, and of the time of agents."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from salon.fair.models import Edition, PartnerBody
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.models import Agent, Need, PeriodKind
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.problem import is_there
from salon.staffing.queries.rota import frames, needs_of, rota_of, stands_of


@dataclass(frozen=True)
class StandNeeds:
    """The needs of a stand over the fair; `themes`: the required ones."""

    body: PartnerBody
    needs: Sequence[Need]
    themes: Sequence[str]

    @property
    def minimum(self) -> int:
        """Return the half hours of agents, at least."""
        return sum(need.minimum for need in self.needs)

    @property
    def wished(self) -> int:
        return sum(need.wished for need in self.needs)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Return (least, most) of minimum, wished and maximum while the stand needs agents."""
        return [
            (min(numbers), max(numbers))
            for numbers in (
                [need.minimum for need in self.needs],
                [need.wished for need in self.needs],
                [need.maximum for need in self.needs],
            )
            if numbers
        ]


@dataclass(frozen=True)
class NeedsOverview:
    """The needs of each stand, and the half hours that agents have within the legal day."""

    stands: Sequence[StandNeeds]
    available: int

    @property
    def minimum(self) -> int:
        return sum(stand.minimum for stand in self.stands)

    @property
    def wished(self) -> int:
        return sum(stand.wished for stand in self.stands)


def needs_overview(edition: Edition, body_ids: Collection[int] | None = None) -> NeedsOverview:
    """Return the needs of the stands of these bodies, and the time of their agents. None: of
    all.
    """
    needs = needs_of(edition)
    stands = [
        StandNeeds(body, needs.get(stand_id, []), _themes(needs.get(stand_id, [])))
        for stand_id, body in stands_of(edition).items()
        if body_ids is None or body.id in body_ids
    ]
    days, rota = frames(edition), rota_of(edition)
    available = sum(
        _half_hours(agent, days, limits_of_agent(agent, rota).day)
        for agent in agents_of(edition, body_ids)
    )
    return NeedsOverview(stands, available)


def _themes(needs: Iterable[Need]) -> list[str]:
    by_id = {row.id: row for need in needs for row in need.themes}
    return [theme.name for theme in sorted(by_id.values(), key=lambda theme: theme.rank)]


def _half_hours(agent: Agent, days: Sequence[DayFrame], most: int) -> int:
    """Return how long an agent can work: there, not away, `most` half hours a day."""
    absences = [period for period in agent.periods if period.kind == PeriodKind.UNAVAILABLE]
    return sum(
        min(
            most,
            sum(
                is_there(agent, start)
                and not any(period.starts_at <= start < period.ends_at for period in absences)
                for start in day.starts
            ),
        )
        for day in days
    )
