"""An agent is forgotten: the row, the account, what was written of them."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.dashboard.queries.persons import Person
from salon.dashboard.services.mask import GONE, Mask
from salon.dashboard.services.purge_steps import QUIETLY
from salon.dashboard.services.rota_purge import agent_blank, end_agent_accounts
from salon.platform.journal import JournalEntry
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    Shift,
    ShiftStatus,
)


def expected_until(session: Session, person: Person) -> list[datetime]:
    """When the published shifts of a person end."""
    ids = [one.id for one in person.agents]
    wanted = select(Shift.ends_at).where(
        Shift.agent_id.in_(ids), Shift.status == ShiftStatus.PUBLISHED
    )
    return list(session.scalars(wanted))


def forget_agent(session: Session, person: Person, mask: Mask, real_now: datetime) -> None:
    """The agents become nobody, their absences go, and the account that nobody else uses ends."""
    ids = [one.id for one in person.agents]
    accounts = {one.account_id for one in person.agents if one.account_id is not None}
    mask.cover(session, Account.id, Account.display_name, names_alone=True)
    session.execute(
        update(JournalEntry)
        .where(JournalEntry.actor.in_([f"agent:{one}" for one in accounts]))
        .values(actor_name=GONE, address=""),
        execution_options=QUIETLY,
    )
    drafts = (Shift.agent_id.in_(ids), Shift.status == ShiftStatus.DRAFT)
    session.execute(delete(Shift).where(*drafts), execution_options=QUIETLY)
    session.execute(
        delete(AgentPeriod).where(AgentPeriod.agent_id.in_(ids)), execution_options=QUIETLY
    )
    session.execute(
        update(Agent).where(Agent.id.in_(ids)).values(agent_blank(real_now)),
        execution_options=QUIETLY,
    )
    end_agent_accounts(session, accounts, real_now)
