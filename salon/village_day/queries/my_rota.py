"""Reads of an agent's own page, besides their published shifts and requests."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from salon.platform.database.db import current_session
from salon.staffing.models import (
    Agent,
    AgentStand,
    Exchange,
    Shift,
    ShiftStatus,
    StandIn,
    StandInStatus,
)
from salon.staffing.queries.published import WITH_PLACE
from salon.village_day.queries.standins import RECENT


def stand_ins_sought_for(agent: Agent) -> set[int]:
    """Return the shifts that the agent cannot hold, and that nobody has taken."""
    statement = select(StandIn.shift_id).where(
        StandIn.agent_id == agent.id, StandIn.status == StandInStatus.OPEN
    )
    return set(current_session().scalars(statement))


def exchangeable_shifts(agent: Agent, now: datetime) -> set[int]:
    """Return the agent's shifts to come for which a colleague has another one to come, each of the
    two being allowed on the other's stand. Whether both days stay within the rules is asked later.
    """
    own, other = Shift, aliased(Shift)
    mine, theirs = aliased(AgentStand), aliased(AgentStand)
    is_a_change = or_(
        other.stand_id != own.stand_id,
        other.starts_at != own.starts_at,
        other.ends_at != own.ends_at,
    )
    statement = (
        select(own.id)
        .distinct()
        .join(other, (other.edition_id == own.edition_id) & (other.agent_id != own.agent_id))
        .join(mine, (mine.agent_id == own.agent_id) & (mine.stand_id == other.stand_id))
        .join(theirs, (theirs.agent_id == other.agent_id) & (theirs.stand_id == own.stand_id))
        .where(
            own.agent_id == agent.id,
            own.status == ShiftStatus.PUBLISHED,
            other.status == ShiftStatus.PUBLISHED,
            own.starts_at > now,
            other.starts_at > now,
            is_a_change,
        )
    )
    return set(current_session().scalars(statement))


def exchanges_with(agent: Agent) -> Sequence[Exchange]:
    """Return the open exchanges of an agent, proposed or received, and the latest answers."""
    statement = (
        select(Exchange)
        .where(or_(Exchange.asked_by_id == agent.id, Exchange.asked_of_id == agent.id))
        .options(
            joinedload(Exchange.offered_shift).options(*WITH_PLACE),
            joinedload(Exchange.requested_shift).options(*WITH_PLACE),
            joinedload(Exchange.asked_by),
            joinedload(Exchange.asked_of),
        )
        .order_by(Exchange.asked_at.desc(), Exchange.id.desc())
        .limit(RECENT)
    )
    return current_session().scalars(statement).all()


def get_exchange(agent: Agent, exchange_id: int) -> Exchange:
    """Return an exchange that this agent proposed or received. Raises NoResultFound."""
    statement = select(Exchange).where(
        Exchange.id == exchange_id,
        or_(Exchange.asked_by_id == agent.id, Exchange.asked_of_id == agent.id),
    )
    return current_session().scalars(statement).one()
