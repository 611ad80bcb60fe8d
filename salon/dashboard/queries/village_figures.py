"""The village of the overview: how far its rota is, and what waits for an organiser."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.platform.db import current_session
from salon.staffing.engine.solving.scoring import gaps_of
from salon.staffing.models import Agent, Publication, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.problem import problem_of, rota_from
from salon.staffing.queries.rota import find_publication, shifts_of
from salon.staffing.services.publication import differences


@dataclass(frozen=True)
class VillageFigures:
    """`uncovered`: half hours of a stand, still to come, short of what they need; as published, or
    as drafted while nothing is. `untold`: agents whose draft differs from what they were sent."""

    agents: int
    publication: Publication | None
    uncovered: int
    untold: int
    stand_ins: int


def village_of(edition: Edition, now: datetime) -> VillageFigures:
    """What the overview says of the rota of an edition, whatever the number of its agents."""
    publication = find_publication(edition)
    asked = problem_of(edition, now)
    rota = asked.draft
    if publication is not None:
        rota = rota_from(asked, shifts_of(edition, ShiftStatus.PUBLISHED))
    gaps = [one for one in gaps_of(asked.problem, rota) if asked.starts[one.at] > now]
    open_ones = (
        select(func.count(StandIn.id))
        .join(Agent, Agent.id == StandIn.agent_id)
        .where(Agent.edition_id == edition.id, StandIn.status == StandInStatus.OPEN)
    )
    return VillageFigures(
        agents=len(asked.agents),
        publication=publication,
        uncovered=len(gaps),
        untold=len(differences(edition)),
        stand_ins=current_session().scalar(open_ones) or 0,
    )
