"""Shared parts of the visitor's booking and waiting forms."""

from flask import abort

from salon.appointments.forms.fields import InstantField, RowField
from salon.appointments.forms.visitor import BookForForm, BookForm, WaitForForm, WaitForm
from salon.appointments.queries.visitors import companions_of
from salon.appointments.services.placing import Choice
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models import Attendee
from salon.badges.services import Person
from salon.fair.models import Theme
from salon.platform.web.access import network, settings
from salon.platform.web.limits import TryLimit, count_try

AnyForm = BookForm | BookForForm | WaitForm | WaitForForm


def offer_attendees(form: BookForForm | WaitForForm, holder: Attendee) -> None:
    """Offer the holder of the badge and the people of the same group as attendees."""
    people = companions_of(holder)
    form.attendee.choices = [
        (attendee.id, f"{attendee.full_name}, {attendee.on_behalf_of}") for attendee in people
    ]
    if form.attendee.data is None:
        form.attendee.data = holder.id


def read_visitor(form: AnyForm) -> int | Person | None:
    """Return the attendee's id or the new person of a form, None when it is not valid."""
    valid = form.validate()
    if isinstance(form, BookForForm | WaitForForm):
        return form.attendee.data if valid else None
    place = read_place(form)
    return person_of(form, place) if valid and place is not None else None


def contact_of(holder: Attendee | None) -> str:
    """Return the contact address of the holder's group, "" without a holder."""
    return holder.group.contact_email if holder else ""


def read_choice(theme: Theme, starts_at: InstantField, agent: RowField) -> Choice:
    """Return the choice of a form; a 400 when it is not valid."""
    at = starts_at.instant
    if at is None or (agent.data and agent.row is None):
        abort(400)
    return Choice(theme.id, at, agent.row)


def booking_limit(action: str) -> TryLimit:
    """Return the limit of the booking attempts of this network."""
    return TryLimit(f"booking-{action}:{network()}", settings().bookings_per_minute, 60)


def count_booking(action: str) -> None:
    """Count a booking attempt of this network. Raises TooManyTries."""
    limit = booking_limit(action)
    count_try(limit.key, limit.allowed, limit.seconds)
