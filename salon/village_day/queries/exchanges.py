"""Reads of exchanges."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from salon.platform.db import current_session
from salon.staffing.models import Agent, Exchange
from salon.staffing.queries.published import WITH_PLACE
from salon.village_day.queries.standins import RECENT


def exchanges_with(agent: Agent) -> Sequence[Exchange]:
    """Return the open exchanges of an agent, proposed or received, and the latest answers."""
    statement = (
        select(Exchange)
        .where(or_(Exchange.asked_by_id == agent.id, Exchange.asked_of_id == agent.id))
        .options(
            joinedload(Exchange.given).options(*WITH_PLACE),
            joinedload(Exchange.wanted).options(*WITH_PLACE),
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
