"""Closing and blanking of accounts that nobody uses any more."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import String, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from salon.accounts.models import Account, SignIn, SingleUseCode
from salon.dashboard.services.mask import GONE
from salon.dashboard.services.purge_steps import ERASED_TOKEN, QUIETLY, blank_rows
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.staffing.models import Agent

BLANK_KEY = literal(ERASED_TOKEN) + cast(Account.id, String)


def end_accounts(session: Session, keys: set[str], at: datetime) -> None:
    """Close and blank the exhibitors' accounts of these addresses."""
    account_ids = select(Account.id).where(
        Account.role == Role.EXHIBITOR, Account.email_key.in_(keys)
    )
    _close(session, session.scalars(account_ids).all(), Role.EXHIBITOR, at)


@across_editions()
def end_agent_accounts(session: Session, ids: set[int], at: datetime) -> None:
    """Close and blank these accounts, but those that an agent of any edition still has."""
    still = select(Agent.account_id).where(Agent.account_id.in_(ids))
    _close(session, ids - set(session.scalars(still)), Role.AGENT, at)


def _close(session: Session, ids: Collection[int], role: Role, at: datetime) -> None:
    for model in (SignIn, SingleUseCode):
        session.execute(delete(model).where(model.account_id.in_(ids)), execution_options=QUIETLY)
    blank_rows(
        session,
        Account,
        Account.id.in_(ids),
        Account.role == role,
        disabled_at=func.coalesce(Account.disabled_at, at),
        email_key=BLANK_KEY,
    )


def forget_actors(session: Session, actors: Sequence[str]) -> None:
    """Remove names and network addresses from the journal of accounts that end."""
    session.execute(
        update(JournalEntry)
        .where(JournalEntry.actor.in_(actors))
        .values(actor_name=GONE, address=""),
        execution_options=QUIETLY,
    )
