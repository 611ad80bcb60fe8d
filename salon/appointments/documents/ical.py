"""An appointment in the visitor's calendar (RFC 5545), sent as an invitation (RFC 5546).

METHOD is REQUEST, then CANCEL once the appointment is cancelled; no answer is expected. The event
is the same as in the badge's calendar.
"""

from datetime import datetime

from icalendar import vCalAddress

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.presenters.agenda import visitor_mark_of
from salon.appointments.services.engagements import for_visitor
from salon.platform.documents.calendars import (
    address_of,
    clock_rules,
    engagement_event,
    file_of,
    new_calendar,
)
from salon.platform.settings.installation import Settings


def method_of(appointment: Appointment) -> str:
    """Return the METHOD of the calendar file, which its media type repeats."""
    return "CANCEL" if appointment.status == AppointmentStatus.CANCELLED else "REQUEST"


def appointment_calendar(appointment: Appointment, settings: Settings, stamp: datetime) -> bytes:
    """Return the calendar file of an appointment as it stands.

    An appointment that moves stays one event: its UID is stable and its SEQUENCE grows. The event
    is TENTATIVE while the visitor has to choose another time. `stamp`: when the file is made.
    """
    edition = appointment.edition
    calendar = new_calendar(
        "Rendez-vous", method_of(appointment), f"Rendez-vous – {edition.short_name}"
    )
    calendar.add_component(clock_rules())
    place = f"{edition.place}, {edition.address}"
    event = engagement_event(for_visitor(appointment, visitor_mark_of), place, settings, stamp)
    for address in _attendees(appointment):
        event.add("attendee", address, encode=False)
    calendar.add_component(event)
    return file_of(calendar, edition.organiser, settings)


def _attendees(appointment: Appointment) -> list[vCalAddress]:
    """Return the visitor as a participant, then the booker as an observer."""
    visitor, booker = appointment.attendee, appointment.contact_email
    addresses = []
    for mail, name, role in (
        (visitor.email, visitor.full_name, "REQ-PARTICIPANT"),
        (booker, booker, "NON-PARTICIPANT"),
    ):
        if mail:
            address = address_of(mail, name)
            address.params["role"], address.params["partstat"], address.params["rsvp"] = (
                role,
                "ACCEPTED",
                "FALSE",
            )
            addresses.append(address)
    return addresses
