"""Figures of the village on the overview: progress of the rota, and tasks of an organiser."""

from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import Edition
from salon.staffing.engine.solving.scoring import gaps_of
from salon.staffing.models import Publication, ShiftStatus
from salon.staffing.queries.problem import problem_of, rota_from
from salon.staffing.queries.rota import find_publication, shifts_of
from salon.staffing.services.publication import differences
from salon.village_day.queries.standins import count_shifts_to_fill


@dataclass(frozen=True)
class VillageFigures:
    """`uncovered`: half hours of a stand, still to come, short of their need; as published, or as
    drafted before any publication. `untold`: agents whose draft differs from the rota sent to
    them."""

    agents: int
    asks_for_agents: bool
    publication: Publication | None
    uncovered: int
    untold: int
    to_fill: int


def village_of(edition: Edition, now: datetime) -> VillageFigures:
    """Return the figures of the rota of an edition, in a fixed number of queries."""
    publication = find_publication(edition)
    demand = problem_of(edition, now)
    rota = demand.draft
    if publication is not None:
        rota = rota_from(demand, shifts_of(edition, ShiftStatus.PUBLISHED))
    gaps = [gap for gap in gaps_of(demand.problem, rota) if demand.starts[gap.at] > now]
    return VillageFigures(
        agents=len(demand.agents),
        asks_for_agents=any(any(post.minimum) for post in demand.problem.posts),
        publication=publication,
        uncovered=len(gaps),
        untold=len(differences(edition)),
        to_fill=count_shifts_to_fill(edition, now),
    )
