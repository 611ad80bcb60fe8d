"""Open and update the accounts of agents, and the private addresses of their calendars."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, SignIn, SingleUseCode
from salon.accounts.queries import email_key_of
from salon.platform.database.act import Act
from salon.platform.database.db import upsert
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.staffing.actions import StaffingAction
from salon.staffing.models import Agent
from salon.staffing.rules import agents as rules


def open_accounts(act: Act, session: Session, names: Mapping[str, str]) -> dict[str, int]:
    """Return the id of each address's agent account, by `email_key_of`; open the missing ones.

    `names`: the display name of each address. Raises AddressOfAnExhibitor, AccountClosed.
    """
    of_key = {email_key_of(email): (email, name) for email, name in names.items()}
    accounts = accounts_of(session, list(of_key))
    rows = [
        {
            "email": email,
            "email_key": key,
            "role": Role.AGENT,
            "display_name": name,
            "password_hash": "",
            "totp_secret": "",
            "totp_last_counter": 0,
            "created_at": act.now,
        }
        # In the order of their keys: two imports that share addresses cannot wait for each other.
        for key, (email, name) in sorted(of_key.items())
        if key not in accounts
    ]
    if rows:
        session.execute(upsert(Account).on_conflict_do_nothing(), rows)
        new_accounts = accounts_of(session, [str(row["email_key"]) for row in rows])
        for account in new_accounts.values():
            subject = f"account:{account.id}"
            write_entry(session, act.actor, AccountAction.CREATED, subject, role=Role.AGENT)
        accounts = {**accounts, **new_accounts}
    for account in accounts.values():
        check_is_an_agent(account)
    return {key: account.id for key, account in accounts.items()}


def accounts_of(session: Session, keys: Sequence[str]) -> dict[str, Account]:
    """Return the accounts of these addresses, closed ones included, by key."""
    accounts = session.scalars(select(Account).where(Account.email_key.in_(keys)))
    return {account.email_key: account for account in accounts}


def check_is_an_agent(account: Account) -> None:
    """Check that an account is an agent's, and open.

    Raises AddressOfAnExhibitor, AccountClosed.
    """
    if account.role != Role.AGENT:
        raise rules.AddressOfAnExhibitor
    if account.disabled_at is not None:
        raise rules.AccountClosed


def update_account_of(act: Act, session: Session, agent: Agent) -> None:
    """Update the account of an agent whose name or address changed.

    Where the new address has no account, the agent's own takes it, and is signed out everywhere.
    Raises AddressOfAnExhibitor, AccountClosed.
    """
    account = session.get(Account, agent.account_id) if agent.account_id is not None else None
    if account is not None and account.email_key != agent.email_key:
        if agent.email_key not in accounts_of(session, [agent.email_key]):
            account.email, account.email_key = agent.email, agent.email_key
            account.forget_identity()
            for model in (SignIn, SingleUseCode):
                session.execute(delete(model).where(model.account_id == account.id))
            write_entry(session, act.actor, StaffingAction.ACCOUNT_MOVED, f"account:{account.id}")
        else:
            account = None
    if account is None:
        opened_accounts = open_accounts(act, session, {agent.email: agent.full_name})
        agent.account_id = opened_accounts[agent.email_key]
        account = session.get_one(Account, agent.account_id)
    account.display_name = agent.full_name


def new_calendar_token() -> str:
    """Return an unguessable token for the address of a feed."""
    return secrets.token_urlsafe(24)


def renew_calendar(act: Act, agent: Agent) -> str:
    """Give an agent's feed another address; the former one opens nothing any more."""
    with act.transaction(agent) as session:
        agent.calendar_token = new_calendar_token()
        write_entry(session, act.actor, StaffingAction.AGENT_CALENDAR_RENEWED, f"agent:{agent.id}")
    return agent.calendar_token
