"""Applications opened by their private link, and the choices they offer."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.queries import email_key_of
from salon.exhibitors.engine.company import Company
from salon.exhibitors.models import (
    ApplicationStatus,
    CompanyRecord,
    Contact,
    ContactKind,
    Exhibitor,
    PriceItem,
    PriceUnit,
    WantedOption,
)
from salon.exhibitors.queries.exhibitors import WITH_DETAILS
from salon.exhibitors.rules.lifecycle import IN_HAND, LIVE
from salon.fair.models import Edition, Hall
from salon.platform.database.db import current_session


def get_application(token: str) -> Exhibitor:
    """Return the application that a private link opens, with its options."""
    options = selectinload(Exhibitor.options).joinedload(WantedOption.item)
    statement = select(Exhibitor).where(Exhibitor.private_token == token)
    return current_session().scalars(statement.options(*WITH_DETAILS, options)).unique().one()


def edition_of(exhibitor: Exhibitor) -> Edition:
    """Return the edition that an exhibitor applies to, with its days."""
    statement = select(Edition).where(Edition.id == exhibitor.edition_id)
    return current_session().scalars(statement.options(joinedload(Edition.days))).unique().one()


def find_existing_application(edition_id: int, siret: str, email: str) -> Exhibitor | None:
    """Return the application that a SIRET already has: a sent one, or this address's own draft.

    Another person's draft does not count: a mistyped address must not shut a company out.
    """
    main = Exhibitor.contacts.any(
        (Contact.kind == ContactKind.MAIN) & (Contact.email_key == email_key_of(email))
    )
    is_sent = Exhibitor.status.in_((*IN_HAND, ApplicationStatus.ACCEPTED))
    statement = (
        select(Exhibitor)
        .where(
            Exhibitor.edition_id == edition_id,
            Exhibitor.siret == siret,
            Exhibitor.status.in_(LIVE),
            is_sent | main,
        )
        .options(selectinload(Exhibitor.contacts))
        .order_by(Exhibitor.status == ApplicationStatus.DRAFT, Exhibitor.id)
        .limit(1)
    )
    return current_session().scalars(statement).first()


def find_namesake(exhibitor: Exhibitor) -> Exhibitor | None:
    """Return another live application of this name in its edition."""
    statement = select(Exhibitor).where(
        Exhibitor.edition_id == exhibitor.edition_id,
        Exhibitor.name_key == exhibitor.name_key,
        Exhibitor.id != exhibitor.id,
        Exhibitor.status.in_(LIVE),
    )
    return current_session().scalars(statement.order_by(Exhibitor.id).limit(1)).first()


def find_sent_application(edition_id: int, siret: str, besides: int) -> Exhibitor | None:
    """Return another live application sent with this SIRET; None without a SIRET."""
    if not siret:
        return None
    statement = (
        select(Exhibitor)
        .where(
            Exhibitor.edition_id == edition_id,
            Exhibitor.siret == siret,
            Exhibitor.id != besides,
            Exhibitor.status.in_((*IN_HAND, ApplicationStatus.ACCEPTED)),
        )
        .options(selectinload(Exhibitor.contacts))
        .order_by(Exhibitor.id)
        .limit(1)
    )
    return current_session().scalars(statement).first()


def price_list(edition_id: int, unit: PriceUnit | None = None) -> Sequence[PriceItem]:
    """Return the prices in force, in the order of the list; those of a unit, flat ones left out."""
    statement = (
        select(PriceItem)
        .where(PriceItem.edition_id == edition_id, PriceItem.retired_at.is_(None))
        .order_by(PriceItem.rank, PriceItem.id)
    )
    if unit is not None:
        is_flat = and_(PriceItem.unit == PriceUnit.OPTION, PriceItem.price_category != "")
        statement = statement.where(PriceItem.unit == unit, ~is_flat)
    return current_session().scalars(statement).all()


def hall_names(edition_id: int) -> dict[int, str]:
    """Return the halls to choose from: id → name."""
    in_use = select(Hall.id, Hall.name).where(
        Hall.edition_id == edition_id, Hall.closed_at.is_(None)
    )
    statement = in_use.order_by(Hall.name)
    return {row.id: row.name for row in current_session().execute(statement)}


def find_record(siret: str) -> CompanyRecord | None:
    return current_session().get(CompanyRecord, siret) if siret else None


def find_recorded_company(siret: str) -> Company | None:
    """Return the company last read from the register for a SIRET, however long ago."""
    record = find_record(siret)
    return Company.from_record(record.answer) if record else None
