"""Applications as their private link opens them, and what they choose from."""

from collections.abc import Sequence

from sqlalchemy import select
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
from salon.exhibitors.queries.exhibitors import WHOLE
from salon.exhibitors.rules.lifecycle import IN_HAND, LIVE
from salon.fair.models import Edition, Hall
from salon.platform.db import current_session


def get_application(token: str) -> Exhibitor:
    """The application that a private link opens, with the options it wants."""
    options = selectinload(Exhibitor.options).joinedload(WantedOption.item)
    wanted = select(Exhibitor).where(Exhibitor.private_token == token)
    return current_session().scalars(wanted.options(*WHOLE, options)).unique().one()


def edition_of(exhibitor: Exhibitor) -> Edition:
    """The edition that an exhibitor applies to, with its days."""
    wanted = select(Edition).where(Edition.id == exhibitor.edition_id)
    return current_session().scalars(wanted.options(joinedload(Edition.days))).unique().one()


def find_known_application(edition_id: int, siret: str, email: str) -> Exhibitor | None:
    """The application that a SIRET has already: sent, or a draft of this same address.

    Somebody else's draft is none: a mistyped address must not shut a company out.
    """
    main = Exhibitor.contacts.any(
        (Contact.kind == ContactKind.MAIN) & (Contact.email_key == email_key_of(email))
    )
    sent = Exhibitor.status.in_((*IN_HAND, ApplicationStatus.ACCEPTED))
    wanted = (
        select(Exhibitor)
        .where(
            Exhibitor.edition_id == edition_id,
            Exhibitor.siret == siret,
            Exhibitor.status.in_(LIVE),
            sent | main,
        )
        .options(selectinload(Exhibitor.contacts))
        .order_by(Exhibitor.status == ApplicationStatus.DRAFT, Exhibitor.id)
        .limit(1)
    )
    return current_session().scalars(wanted).first()


def find_sent_application(edition_id: int, siret: str, besides: int) -> Exhibitor | None:
    """Another application of this SIRET that was sent and still stands; none without a SIRET."""
    if not siret:
        return None
    wanted = (
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
    return current_session().scalars(wanted).first()


def price_list(edition_id: int, unit: PriceUnit | None = None) -> Sequence[PriceItem]:
    """The prices in force, in the order of the list, of one unit where given."""
    wanted = (
        select(PriceItem)
        .where(PriceItem.edition_id == edition_id, PriceItem.retired_at.is_(None))
        .order_by(PriceItem.rank, PriceItem.id)
    )
    if unit is not None:
        wanted = wanted.where(PriceItem.unit == unit)
    return current_session().scalars(wanted).all()


def hall_names(edition_id: int) -> dict[int, str]:
    """The halls to choose from: id → name."""
    wanted = select(Hall.id, Hall.name).where(Hall.edition_id == edition_id).order_by(Hall.name)
    return {row.id: row.name for row in current_session().execute(wanted)}


def find_record(siret: str) -> CompanyRecord | None:
    return current_session().get(CompanyRecord, siret) if siret else None


def find_known_company(siret: str) -> Company | None:
    """What was last heard of a SIRET, however long ago."""
    record = find_record(siret)
    return Company.from_record(record.answer) if record else None
