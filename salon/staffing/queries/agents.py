"""Reads of agents."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from salon.fair.models import Edition, PartnerBody
from salon.platform.database.db import current_session
from salon.staffing.models import Agent, AgentStand

WITH_ALL = (
    joinedload(Agent.body).joinedload(PartnerBody.stand),
    selectinload(Agent.themes),
    selectinload(Agent.places).joinedload(AgentStand.stand),
    selectinload(Agent.periods),
)


def agents_of(edition: Edition, body_ids: Collection[int] | None = None) -> Sequence[Agent]:
    """Return the agents not removed, with their relations, by body then name.

    `body_ids`: of these bodies only.
    """
    statement = (
        _listed(edition)
        .join(Agent.body)
        .options(*WITH_ALL)
        .order_by(PartnerBody.rank, Agent.name_key, Agent.id)
    )
    if body_ids is not None:
        statement = statement.where(Agent.body_id.in_(body_ids))
    return current_session().scalars(statement).all()


def get_agent(edition: Edition, agent_id: int) -> Agent:
    """Return an agent of the edition, with their relations. Raises NoResultFound."""
    statement = _listed(edition).where(Agent.id == agent_id)
    return current_session().scalars(statement.options(*WITH_ALL)).one()


def get_removed_agent(edition: Edition, agent_id: int) -> Agent:
    """Return an agent of the edition, removed or not, unless their data was erased. Raises
    NoResultFound.
    """
    agent = select(Agent).where(
        Agent.edition_id == edition.id, Agent.id == agent_id, Agent.email != ""
    )
    return current_session().scalars(agent.options(*WITH_ALL)).one()


def removed_agents(edition: Edition, body_ids: Collection[int] | None) -> Sequence[Agent]:
    """Return the agents removed from the list, by name; of these bodies unless None."""
    agents = select(Agent).where(
        Agent.edition_id == edition.id, Agent.removed_at.is_not(None), Agent.email != ""
    )
    if body_ids is not None:
        agents = agents.where(Agent.body_id.in_(body_ids))
    return current_session().scalars(agents.options(*WITH_ALL).order_by(Agent.name_key)).all()


def find_agent(agent_id: int) -> Agent | None:
    """Return an agent of any edition, removed or not."""
    return current_session().get(Agent, agent_id)


def find_agent_of_account(edition: Edition, account_id: int) -> Agent | None:
    """Return the agent of an account at an edition, or None."""
    statement = _listed(edition).where(Agent.account_id == account_id)
    return current_session().scalars(statement.options(*WITH_ALL)).one_or_none()


def find_agent_of_calendar(token: str) -> Agent | None:
    """Return the agent whose feed has this private address; a removed agent keeps it, emptied."""
    return current_session().scalar(select(Agent).where(Agent.calendar_token == token))


def coordinators_of(edition: Edition, *body_ids: int) -> Sequence[Agent]:
    """Return the coordinators of these bodies, by body then name."""
    statement = _listed(edition).where(Agent.body_id.in_(body_ids), Agent.is_coordinator)
    ordered = statement.order_by(Agent.body_id, Agent.name_key, Agent.id)
    return current_session().scalars(ordered.options(joinedload(Agent.body))).all()


def _listed(edition: Edition) -> Select[Agent]:
    """Return a statement of the agents of an edition, those removed left out."""
    return select(Agent).where(Agent.edition_id == edition.id, Agent.removed_at.is_(None))
