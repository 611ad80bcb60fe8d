"""Erasure of an agent: row, account, mentions."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.dashboard.queries.persons import Person
from salon.dashboard.services.account_closing import forget_actors
from salon.dashboard.services.mask import Mask
from salon.dashboard.services.purge_steps import QUIETLY
from salon.dashboard.services.rota_purge import blank_agents
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    DistinctAgents,
    MergedAgent,
    Shift,
    ShiftStatus,
)


def expected_until(session: Session, person: Person) -> list[datetime]:
    """Return the ends of the published shifts of a person."""
    ids = [agent.id for agent in person.agents]
    statement = select(Shift.ends_at).where(
        Shift.agent_id.in_(ids), Shift.status == ShiftStatus.PUBLISHED
    )
    return list(session.scalars(statement))


def forget_agent(session: Session, person: Person, mask: Mask, real_now: datetime) -> None:
    """Blank the agents, delete their absences, close the accounts that nobody else uses."""
    ids = [agent.id for agent in person.agents]
    accounts = {agent.account_id for agent in person.agents if agent.account_id is not None}
    mask.cover(session, Account.id, Account.display_name, names_alone=True)
    forget_actors(session, [f"agent:{account}" for account in accounts])
    drafts = (Shift.agent_id.in_(ids), Shift.status == ShiftStatus.DRAFT)
    session.execute(delete(Shift).where(*drafts), execution_options=QUIETLY)
    session.execute(
        delete(AgentPeriod).where(AgentPeriod.agent_id.in_(ids)), execution_options=QUIETLY
    )
    for column in (MergedAgent.agent_id, MergedAgent.kept_id):
        statement = delete(MergedAgent).where(column.in_(ids))
        session.execute(statement, execution_options=QUIETLY)
    for column in (DistinctAgents.first_id, DistinctAgents.second_id):
        statement = delete(DistinctAgents).where(column.in_(ids))
        session.execute(statement, execution_options=QUIETLY)
    blank_agents(session, real_now, Agent.id.in_(ids))
