"""Erasure of exhibitors' contacts: rows, accounts, mentions in the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.dashboard.queries.persons import Person, accounts_of
from salon.dashboard.services.account_closing import end_accounts
from salon.dashboard.services.mask import GONE, Mask
from salon.dashboard.services.purge_steps import QUIETLY, blank_rows
from salon.exhibitors.models import Contact
from salon.platform.journal import JournalEntry


def forget_contact(
    session: Session, person: Person, emails: Iterable[str], mask: Mask, real_now: datetime
) -> None:
    """Blank the contacts, and the accounts that nobody else uses."""
    accounts = accounts_of(person)
    keys = {email_key_of(email) for email in emails}
    _forget_networks(session, [account for account in accounts if account.email_key in keys])
    end_accounts(session, keys, real_now)
    mask.cover(session, Account.id, Account.display_name, names_alone=True)
    _forget_addresses(session, person)
    ids = [contact.id for contact in person.contacts]
    blank_rows(session, Contact, Contact.id.in_(ids))


def _forget_networks(session: Session, accounts: Sequence[Account]) -> None:
    """Remove names and network addresses from the journal of an account that ends."""
    session.execute(
        update(JournalEntry)
        .where(JournalEntry.actor.in_([f"exhibitor:{account.id}" for account in accounts]))
        .values(actor_name=GONE, address=""),
        execution_options=QUIETLY,
    )


def _forget_addresses(session: Session, person: Person) -> None:
    """Remove the network addresses from the public acts on their application."""
    session.execute(
        update(JournalEntry)
        .where(
            JournalEntry.subject.in_(person.exhibitor_subjects),
            JournalEntry.actor.startswith("public:"),
        )
        .values(actor="public:", address=""),
        execution_options=QUIETLY,
    )
