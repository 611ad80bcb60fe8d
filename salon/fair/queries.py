"""Reads of the fair."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from salon.db import session
from salon.fair.models import Door, Edition, Hall, PartnerBody, ProgrammeItem, Stand, Theme

CURRENT = select(Edition).where(Edition.is_current.is_(True)).options(joinedload(Edition.days))


def find_current_edition() -> Edition | None:
    """The edition that the site speaks of, with its days: one SELECT, run at every page."""
    return session().scalars(CURRENT).unique().one_or_none()


def get_current_edition() -> Edition:
    """As find_current_edition; raises NoResultFound before any edition is open."""
    return session().scalars(CURRENT).unique().one()


def get_edition(slug: str) -> Edition:
    return session().scalars(select(Edition).where(Edition.slug == slug)).one()


def find_edition(slug: str) -> Edition | None:
    return session().scalar(select(Edition).where(Edition.slug == slug))


def editions() -> Sequence[Edition]:
    """Every edition with its days, the latest first."""
    found = session().scalars(select(Edition).options(selectinload(Edition.days)))
    return sorted(found, key=lambda edition: edition.starts_at, reverse=True)


def editions_before(edition: Edition) -> list[Edition]:
    """The editions held earlier than `edition`, the latest first."""
    return [one for one in editions() if one.starts_at < edition.starts_at]


def bodies_of(edition: Edition) -> Sequence[PartnerBody]:
    """The bodies of the village with their stand and hall, the Département first."""
    return (
        session()
        .scalars(
            select(PartnerBody)
            .where(PartnerBody.edition_id == edition.id)
            .options(joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(PartnerBody.rank)
        )
        .all()
    )


def themes_of(edition: Edition) -> Sequence[Theme]:
    """The themes in the order of the village, with their body and its stand."""
    return (
        session()
        .scalars(
            select(Theme)
            .where(Theme.edition_id == edition.id)
            .options(joinedload(Theme.body).joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(Theme.rank)
        )
        .all()
    )


def get_theme(edition: Edition, slug: str) -> Theme:
    return (
        session()
        .scalars(select(Theme).where(Theme.edition_id == edition.id, Theme.slug == slug))
        .one()
    )


def programme_of(edition: Edition) -> Sequence[ProgrammeItem]:
    """What happens, by starting time."""
    return (
        session()
        .scalars(
            select(ProgrammeItem)
            .where(ProgrammeItem.edition_id == edition.id)
            .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
        )
        .all()
    )


def halls_of(edition: Edition) -> Sequence[Hall]:
    """The halls by name, with their stands and who is on them."""
    return (
        session()
        .scalars(
            select(Hall)
            .where(Hall.edition_id == edition.id)
            .options(selectinload(Hall.stands).joinedload(Stand.body))
            .order_by(Hall.name)
        )
        .all()
    )


def doors_of(edition: Edition) -> Sequence[Door]:
    return (
        session()
        .scalars(select(Door).where(Door.edition_id == edition.id).order_by(Door.code))
        .all()
    )
