"""Erasure of a contact of exhibitors: their rows, their account, what was written of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.dashboard.queries.persons import Person, accounts_of
from salon.dashboard.services.exhibitor_purge import NOBODY, end_accounts
from salon.dashboard.services.mask import GONE, Mask
from salon.exhibitors.models import Contact
from salon.platform.journal import JournalEntry

QUIETLY = {"synchronize_session": False}


def forget_contact(
    session: Session, person: Person, emails: Iterable[str], mask: Mask, real_now: datetime
) -> None:
    """The contacts become nobody; an account that nobody else uses ends with them."""
    accounts = accounts_of(person)
    keys = {email_key_of(email) for email in emails}
    _forget_networks(session, [one for one in accounts if one.email_key in keys])
    end_accounts(session, keys, real_now)
    mask.cover(session, Account.id, Account.display_name, names_alone=True)
    _forget_addresses(session, person)
    ids = [one.id for one in person.contacts]
    session.execute(
        update(Contact).where(Contact.id.in_(ids)).values(NOBODY), execution_options=QUIETLY
    )


def _forget_networks(session: Session, accounts: Sequence[Account]) -> None:
    """The journal keeps what was done from an account that ends, not who nor from where."""
    session.execute(
        update(JournalEntry)
        .where(JournalEntry.actor.in_([f"exhibitor:{one.id}" for one in accounts]))
        .values(actor_name=GONE, address=""),
        execution_options=QUIETLY,
    )


def _forget_addresses(session: Session, person: Person) -> None:
    """What the public did on their application: from which network is theirs."""
    session.execute(
        update(JournalEntry)
        .where(
            JournalEntry.subject.in_(person.exhibitor_subjects),
            JournalEntry.actor.startswith("public:"),
        )
        .values(actor="public:", address=""),
        execution_options=QUIETLY,
    )
