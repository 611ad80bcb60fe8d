"""Files that go with the messages of appointments."""

from salon.appointments.queries.appointments import find_appointment
from salon.platform.mail.delivery import Attachment
from salon.platform.mail.wording import Context
from salon.platform.settings.clock import real_now
from salon.platform.web.access import settings

WITH_CALENDAR = (
    "appointment_booked",
    "appointment_moved",
    "appointment_cancelled",
    "appointment_reassigned",
    "appointment_renumbered",
    "appointment_restored",
    "appointment_to_choose",
)


def attachments(kind: str, context: Context) -> list[Attachment]:
    """Return the calendar file of the appointment as it stands when the message leaves."""
    appointment = find_appointment(context["appointment_id"]) if kind in WITH_CALENDAR else None
    if appointment is None:
        return []
    from salon.appointments.documents.ical import appointment_calendar, method_of

    content = appointment_calendar(appointment, settings(), real_now())
    kind_of = {"charset": "utf-8", "method": method_of(appointment)}
    return [Attachment("rendez-vous.ics", "calendar", content, kind_of)]
