"""Erasure of exhibitors' contacts: rows, accounts, names in the journal."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.billing.models import SalesDocument, SalesPaper
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.queries.persons import Person, accounts_of
from salon.dashboard.services.account_closing import end_accounts, forget_actors
from salon.dashboard.services.mask import Mask
from salon.dashboard.services.purge_steps import QUIETLY, blank_rows
from salon.exhibitors.models import Contact, Exhibitor
from salon.exhibitors.models.application import search_key_of
from salon.platform.files.uploads import remove_file_after_commit
from salon.platform.storage.store import FileStore


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


def forget_papers(session: Session, mask: Mask, store: FileStore) -> None:
    """Remove the stored PDF of each document whose texts name the person, before these are masked.

    It is drawn and stored again without them; the others stay as they were issued.
    """
    masked = [
        getattr(SalesDocument, name) for name in PERSONAL_DATA["sales_documents"].masked.split()
    ]
    papers = select(SalesPaper, *masked).join(
        SalesDocument, SalesDocument.id == SalesPaper.document_id
    )
    for paper, *texts in session.execute(papers).all():
        if any(mask.over(text, names_alone=True) != text for text in texts):
            session.delete(paper)
            remove_file_after_commit(session, store, paper.stored_name)


def write_search_keys(session: Session) -> None:
    """Write again what the catalogue searches, where the texts that it comes from were masked."""
    rows = session.execute(
        select(
            Exhibitor.id,
            Exhibitor.search_key,
            Exhibitor.name,
            Exhibitor.activity,
            Exhibitor.sector,
            Exhibitor.presentation,
        ).where(Exhibitor.search_key != "")
    ).all()
    for number, search_key, name, activity, sector, presentation in rows:
        masked_key = search_key_of(name, activity, sector, presentation)
        if masked_key != search_key:
            session.execute(
                update(Exhibitor).where(Exhibitor.id == number).values(search_key=masked_key),
                execution_options=QUIETLY,
            )
