"""Agents who agreed to be taken over by the next edition."""

from collections.abc import Sequence

from sqlalchemy import func, select

from salon.accounts.models import Account
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.identity import Role
from salon.staffing.models import Agent
from salon.staffing.queries.agents import WITH_ALL


@across_editions()
def agents_to_take_over(past_edition: Edition, edition: Edition) -> Sequence[Agent]:
    """Return the agents of the past edition who agreed, and whom this one never had.

    Those whose body is gone or whose account is closed are left out.
    """
    slugs = {body.slug for body in bodies_of(edition)}
    named_keys = select(Agent.email_key).where(Agent.edition_id == edition.id)
    statement = (
        select(Agent)
        .join(Account, Account.id == Agent.account_id)
        .where(
            Agent.edition_id == past_edition.id,
            Agent.removed_at.is_(None),
            Agent.next_edition_agreed_at.is_not(None),
            Agent.email_key == Account.email_key,
            Agent.email_key.not_in(named_keys),
            Account.role == Role.AGENT,
            Account.disabled_at.is_(None),
        )
        .options(*WITH_ALL)
        .order_by(Agent.name_key, Agent.id)
    )
    agents = current_session().scalars(statement).all()
    return [agent for agent in agents if agent.body.slug in slugs]


def count_agreed(edition: Edition) -> int:
    """Return the number of agents of an edition who agreed to be taken over."""
    statement = select(func.count()).where(
        Agent.edition_id == edition.id,
        Agent.removed_at.is_(None),
        Agent.next_edition_agreed_at.is_not(None),
    )
    return current_session().scalar(statement) or 0
