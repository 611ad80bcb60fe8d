"""The applications that an invitation of a former exhibitor would repeat."""

from sqlalchemy import select

from salon.exhibitors.models import Contact, Exhibitor
from salon.platform.database.db import current_session
from salon.platform.words.likeness import Identity


def marks_of(siret: str, name_key: str, email_key: str) -> list[str]:
    """Return the marks of an exhibitor; two exhibitors that share one are the same."""
    marks = (("siret", siret), ("name", name_key), ("email", email_key))
    return [f"{kind}:{text}" for kind, text in marks if text]


def contacts_of_applications(edition_id: int) -> dict[int, Identity]:
    """Return the contacts of the applications of this edition, by id, each with its exhibitor."""
    statement = (
        select(Contact, Exhibitor.name)
        .join(Exhibitor, Exhibitor.id == Contact.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(Contact.id)
    )
    return {
        contact.id: Identity(
            *(contact.first_name, contact.last_name, contact.civility, contact.function),
            *(contact.email, contact.phone),
            organisation=name,
        )
        for contact, name in current_session().execute(statement)
    }


def applications_by_mark(edition_id: int) -> dict[str, Exhibitor]:
    """Return the applications of this edition by each of their marks, the first one of a mark."""
    statement = (
        select(Exhibitor, Contact.email_key)
        .outerjoin(Contact, Contact.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(Exhibitor.id)
    )
    applications: dict[str, Exhibitor] = {}
    for exhibitor, email_key in current_session().execute(statement):
        for mark in marks_of(exhibitor.siret, exhibitor.name_key, email_key or ""):
            applications.setdefault(mark, exhibitor)
    return applications
