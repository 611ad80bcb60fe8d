"""Exhibitors of earlier editions, and the applications that an invitation would repeat."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from salon.exhibitors.models import ApplicationStatus, Contact, Exhibitor
from salon.fair.models import Edition
from salon.platform.db import current_session


def marks_of(siret: str, name_key: str, email_key: str) -> list[str]:
    """Return the marks of an exhibitor; two exhibitors that share one are the same."""
    marks = (("siret", siret), ("name", name_key), ("email", email_key))
    return [f"{kind}:{text}" for kind, text in marks if text]


def applications_by_mark(edition_id: int) -> dict[str, str]:
    """Return the applications of this edition: mark → name."""
    statement = (
        select(Exhibitor.name, Exhibitor.siret, Exhibitor.name_key, Contact.email_key)
        .outerjoin(Contact, Contact.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(Exhibitor.id)
    )
    names_by_mark: dict[str, str] = {}
    for name, siret, name_key, email_key in current_session().execute(statement):
        for mark in marks_of(siret, name_key, email_key or ""):
            names_by_mark.setdefault(mark, name or siret or "sans nom")
    return names_by_mark


def earlier_editions(edition_id: int) -> list[tuple[int, str, int]]:
    """Return (id, name, accepted exhibitors) of the other editions that have some, newest first."""
    statement = (
        select(Edition.id, Edition.name, Edition.slug, func.count(Exhibitor.id))
        .join(Exhibitor, Exhibitor.edition_id == Edition.id)
        .where(Edition.id != edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED)
        .group_by(Edition.id, Edition.name, Edition.slug)
        .order_by(Edition.id.desc())
    )
    return [
        (key, f"{name} ({slug})", count)
        for key, name, slug, count in current_session().execute(statement)
    ]


def accepted_in(edition_id: int) -> Sequence[Exhibitor]:
    """Return the accepted exhibitors of an edition, with their contacts, by name."""
    statement = (
        select(Exhibitor)
        .where(Exhibitor.edition_id == edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED)
        .options(selectinload(Exhibitor.contacts))
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    return current_session().scalars(statement).all()
