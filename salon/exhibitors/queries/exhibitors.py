"""An exhibitor, the current edition's terms, and whose space an account opens."""

from collections.abc import Sequence

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.models import Account
from salon.exhibitors.models import ApplicationStatus, Contact, Exhibitor, ExhibitorTerms
from salon.fair.models import Edition, Stand
from salon.fair.queries import get_current_edition
from salon.platform.db import UtcDateTime, current_session

WHOLE = (
    joinedload(Exhibitor.stand).joinedload(Stand.hall),
    joinedload(Exhibitor.wished_hall),
    selectinload(Exhibitor.themes),
    selectinload(Exhibitor.contacts),
    selectinload(Exhibitor.co_exhibitors),
)


def get_exhibitor(exhibitor_id: int) -> Exhibitor:
    """An exhibitor of the current edition, with its stand, themes, contacts and co-exhibitors."""
    edition = get_current_edition()
    wanted = select(Exhibitor).where(
        Exhibitor.id == exhibitor_id, Exhibitor.edition_id == edition.id
    )
    return current_session().scalars(wanted.options(*WHOLE)).unique().one()


def exhibitors_of_account(account_id: int) -> Sequence[Exhibitor]:
    """The accepted exhibitors of the current edition that this account is a contact of."""
    wanted = (
        select(Exhibitor)
        .join(Exhibitor.contacts)
        .join(Account, Account.email_key == Contact.email_key)
        .where(
            Account.id == account_id,
            Exhibitor.edition_id == get_current_edition().id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
        )
        .options(*WHOLE)
        .order_by(Exhibitor.name_key)
    )
    return current_session().scalars(wanted).unique().all()


def get_exhibitor_of_account(exhibitor_id: int, account_id: int) -> Exhibitor:
    """One of `exhibitors_of_account`; raises NoResultFound for anybody else's."""
    edition = get_current_edition()
    wanted = (
        select(Exhibitor)
        .join(Exhibitor.contacts)
        .join(Account, Account.email_key == Contact.email_key)
        .where(
            Account.id == account_id,
            Exhibitor.id == exhibitor_id,
            Exhibitor.edition_id == edition.id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
        )
        .options(*WHOLE)
    )
    return current_session().scalars(wanted).unique().one()


def terms_of(edition: Edition) -> ExhibitorTerms:
    """What the organiser decided for exhibitors; raises NoResultFound before it is loaded."""
    wanted = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == edition.id)
    return current_session().scalars(wanted).one()


def find_terms(edition: Edition) -> ExhibitorTerms | None:
    """As terms_of, None before the terms are loaded."""
    wanted = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == edition.id)
    return current_session().scalars(wanted).one_or_none()


def next_to_study(one: Exhibitor) -> tuple[int, str] | None:
    """(id, name) of the application to study after `one`, by arrival; from the first again."""
    arrival = tuple_(Exhibitor.submitted_at, Exhibitor.id)
    here = tuple_(literal(one.submitted_at or one.created_at, UtcDateTime), literal(one.id))
    wanted = select(Exhibitor.id, Exhibitor.name).where(
        Exhibitor.edition_id == one.edition_id,
        Exhibitor.status == ApplicationStatus.SUBMITTED,
        Exhibitor.id != one.id,
    )
    in_turn = wanted.order_by((arrival > here).desc(), Exhibitor.submitted_at, Exhibitor.id)
    found = current_session().execute(in_turn.limit(1)).first()
    return (found.id, found.name) if found else None
