"""Erasure of exhibitors' contacts: rows, accounts, names in the journal."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.dashboard.queries.persons import Person, accounts_of
from salon.dashboard.services.account_closing import end_accounts, forget_actors
from salon.dashboard.services.mask import Mask
from salon.dashboard.services.purge_steps import blank_rows
from salon.exhibitors.models import Contact


def forget_contact(
    session: Session, person: Person, emails: Iterable[str], mask: Mask, real_now: datetime
) -> None:
    """Blank the contacts, and the accounts that nobody else uses."""
    accounts = accounts_of(person)
    keys = {email_key_of(email) for email in emails}
    forget_actors(
        session, [f"exhibitor:{account.id}" for account in accounts if account.email_key in keys]
    )
    end_accounts(session, keys, real_now)
    mask.cover(session, Account.id, Account.display_name, names_alone=True)
    ids = [contact.id for contact in person.contacts]
    blank_rows(session, Contact, Contact.id.in_(ids))
