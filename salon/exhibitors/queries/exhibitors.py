"""An exhibitor, the terms of an edition, the exhibitors of an account or near a name."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.models import Account
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Contact,
    Exhibitor,
    ExhibitorTerms,
)
from salon.fair.models import Edition, Stand
from salon.platform.database.db import UtcDateTime, current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.words.search import nearest

NEAREST = 20

WITH_DETAILS = (
    joinedload(Exhibitor.stand).joinedload(Stand.hall),
    joinedload(Exhibitor.wished_hall),
    selectinload(Exhibitor.themes),
    selectinload(Exhibitor.contacts),
    selectinload(Exhibitor.co_exhibitors),
)


def get_exhibitor(exhibitor_id: int) -> Exhibitor:
    """Return an exhibitor with stand, themes, contacts and co-exhibitors."""
    statement = select(Exhibitor).where(Exhibitor.id == exhibitor_id)
    return current_session().scalars(statement.options(*WITH_DETAILS)).unique().one()


def _of_account(account_id: int) -> Select[Exhibitor]:
    return (
        select(Exhibitor)
        .join(Exhibitor.contacts)
        .join(Account, Account.email_key == Contact.email_key)
        .where(Account.id == account_id)
        .options(*WITH_DETAILS)
    )


IS_ACCEPTED = Exhibitor.status == ApplicationStatus.ACCEPTED


@across_editions()
def exhibitors_of_account(account_id: int) -> Sequence[Exhibitor]:
    """Return the accepted exhibitors with this account as a contact, the latest edition first."""
    statement = (
        _of_account(account_id)
        .where(IS_ACCEPTED)
        .options(joinedload(Exhibitor.edition))
        .order_by(Exhibitor.edition_id.desc(), Exhibitor.name_key)
    )
    return current_session().scalars(statement).unique().all()


def get_exhibitor_of_account(exhibitor_id: int, account_id: int) -> Exhibitor:
    """Return one of `exhibitors_of_account`; raise NoResultFound for another account's."""
    statement = _of_account(account_id).where(IS_ACCEPTED, Exhibitor.id == exhibitor_id)
    return current_session().scalars(statement).unique().one()


def get_buyer_of_account(exhibitor_id: int, account_id: int) -> Exhibitor:
    """Return an exhibitor of this account that is accepted, or has sales documents.

    Raises NoResultFound for any other: a sale outlives the acceptance.
    """
    is_buyer = or_(IS_ACCEPTED, Exhibitor.sales.any())
    statement = _of_account(account_id).where(is_buyer, Exhibitor.id == exhibitor_id)
    return current_session().scalars(statement).unique().one()


def terms_of(edition: Edition) -> ExhibitorTerms:
    """Return the terms of an edition; raise NoResultFound before they are loaded."""
    statement = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == edition.id)
    return current_session().scalars(statement).one()


def find_terms(edition: Edition) -> ExhibitorTerms | None:
    """Return the terms of an edition, or None before they are loaded."""
    statement = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == edition.id)
    return current_session().scalars(statement).one_or_none()


def cancellation_steps(edition: Edition) -> list[list[int]]:
    """Return the fees of who withdraws from an edition, as `engine.cancellation` reads them."""
    terms = find_terms(edition)
    return terms.cancellation_fees if terms else []


def next_to_study(exhibitor: Exhibitor) -> tuple[int, str] | None:
    """Return (id, name) of the application to study next, by arrival; wraps to the first."""
    arrival = tuple_(Exhibitor.submitted_at, Exhibitor.id)
    position = tuple_(
        literal(exhibitor.submitted_at or exhibitor.created_at, UtcDateTime), literal(exhibitor.id)
    )
    statement = select(Exhibitor.id, Exhibitor.name).where(
        Exhibitor.edition_id == exhibitor.edition_id,
        Exhibitor.status == ApplicationStatus.SUBMITTED,
        Exhibitor.id != exhibitor.id,
    )
    in_turn = statement.order_by((arrival > position).desc(), Exhibitor.submitted_at, Exhibitor.id)
    following = current_session().execute(in_turn.limit(1)).first()
    return (following.id, following.name) if following else None


def near_exhibitors(condition: ColumnElement[bool], text: str) -> list[int]:
    """Return the ids of the NEAREST exhibitors with a name or co-exhibitor near a text.

    Reads all names that meet the condition: a fair has some hundreds.
    """
    own_names = select(literal(0).label("kind"), Exhibitor.id, Exhibitor.name_key).where(condition)
    shared_names = (
        select(literal(1), Exhibitor.id, CoExhibitor.name_key)
        .join(CoExhibitor, CoExhibitor.exhibitor_id == Exhibitor.id)
        .where(condition)
    )
    names = union_all(own_names, shared_names).order_by("kind", "name_key")
    rows = [(number, key) for _, number, key in current_session().execute(names)]
    return list(dict.fromkeys(nearest(text, rows, NEAREST)))
