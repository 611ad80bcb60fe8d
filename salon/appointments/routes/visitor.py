"""What is typed to book or to wait: which time, and for whom."""

from flask import abort

from salon.appointments.forms.fields import InstantField, RowField
from salon.appointments.forms.visitor import BookForForm, BookForm, WaitForForm, WaitForm
from salon.appointments.queries.visitors import companions_of
from salon.appointments.services.placing import Choice
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models import Attendee
from salon.badges.services import Person
from salon.fair.models import Theme
from salon.platform.access import network, settings
from salon.platform.limits import count_try

AnyForm = BookForm | BookForForm | WaitForm | WaitForForm


def offer_attendees(form: BookForForm | WaitForForm, holder: Attendee) -> None:
    """The people whom who has this badge may choose: those of the same registration."""
    people = companions_of(holder)
    form.attendee.choices = [
        (attendee.id, f"{attendee.full_name}, {attendee.on_behalf_of}") for attendee in people
    ]
    if form.attendee.data is None:
        form.attendee.data = holder.id


def read_visitor(form: AnyForm) -> int | Person | None:
    """The person of a form; None once the form says what is wrong."""
    valid = form.validate()
    if isinstance(form, BookForForm | WaitForForm):
        return form.attendee.data if valid else None
    place = read_place(form)
    return person_of(form, place) if valid and place is not None else None


def contact_of(holder: Attendee | None) -> str:
    """Where to write besides to the person: to who registered them."""
    return holder.group.contact_email if holder else ""


def read_choice(theme: Theme, starts_at: InstantField, agent: RowField) -> Choice:
    """The time that a form names; a 400 when it names none."""
    at = starts_at.instant
    if at is None or (agent.data and agent.row is None):
        abort(400)
    return Choice(theme.id, at, agent.row)


def count_booking(what: str) -> None:
    """One more from this address. Raises TooManyTries."""
    count_try(f"booking-{what}:{network()}", settings().bookings_per_minute, 60)
