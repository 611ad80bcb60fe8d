"""Reads of an agent's own page, besides their published shifts and requests."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.fair.models import Edition
from salon.platform.db import current_session
from salon.staffing.models import Agent, StandIn, StandInStatus


def stand_ins_sought_for(agent: Agent) -> set[int]:
    """Return the shifts that the agent cannot hold, and that nobody has taken."""
    statement = select(StandIn.shift_id).where(
        StandIn.agent_id == agent.id, StandIn.status == StandInStatus.OPEN
    )
    return set(current_session().scalars(statement))


def coordinators_of_bodies(edition: Edition, body_ids: Collection[int]) -> Sequence[Agent]:
    """Return the coordinators of these bodies, by body then name."""
    statement = (
        select(Agent)
        .where(
            Agent.edition_id == edition.id,
            Agent.body_id.in_(body_ids),
            Agent.is_coordinator,
            Agent.removed_at.is_(None),
        )
        .options(joinedload(Agent.body))
        .order_by(Agent.body_id, Agent.name_key, Agent.id)
    )
    return current_session().scalars(statement).all()
