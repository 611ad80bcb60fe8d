"""Who is told of the eve of a day of the fair."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from salon.badges.models import Attendee, AttendeeStatus
from salon.exhibitors.models import Contact, ContactKind
from salon.fair.models import Edition
from salon.platform.database.db import current_session


def is_to_tell(day_on: date) -> ColumnElement[bool]:
    """Match the registered people who were not told yet of the eve of a day."""
    untold = or_(Attendee.eve_told_on.is_(None), Attendee.eve_told_on != day_on)
    return and_(Attendee.status == AttendeeStatus.REGISTERED, untold)


def people_to_tell(
    edition: Edition, day_on: date, registered_before: datetime
) -> Sequence[Attendee]:
    """Return the people with an address whose first day of the fair is `day_on`, by name.

    Agents are told with their shifts, and whoever has the address of the main contact of their
    stand, with what the exhibitor is told.
    """
    is_contact = select(Contact.id).where(
        Contact.exhibitor_id == Attendee.exhibitor_id,
        Contact.kind == ContactKind.MAIN,
        Contact.email == Attendee.email,
    )
    statement = select(Attendee).where(
        is_to_tell(day_on),
        Attendee.edition_id == edition.id,
        Attendee.email != "",
        Attendee.agent_id.is_(None),
        Attendee.registered_at < registered_before,
        ~is_contact.exists(),
    )
    fair_days = [day.day_on for day in edition.days]
    people = current_session().scalars(statement.order_by(Attendee.name_key, Attendee.id))
    return [person for person in people if person.days_among(fair_days)[0] == day_on]
