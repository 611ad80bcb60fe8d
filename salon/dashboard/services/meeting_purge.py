"""Steps of the purge that concern appointments: counts stay, texts and people go."""

from sqlalchemy import or_

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    BookingRequest,
    Hold,
    NextStep,
    Ticket,
    WaitingEntry,
)
from salon.dashboard.services.purge_steps import Step, blank, delete_old, delete_rows

MEETING_STEPS: dict[str, Step] = {
    "appointment_steps": delete_rows(NextStep.due_on, is_dated=False),
    "appointment_documents": delete_rows(
        AppointmentDocument.uploaded_at, files=AppointmentDocument.stored_name
    ),
    "waiting_entries": delete_rows(WaitingEntry.joined_at, children=[Hold.waiting_id]),
    "queue_tickets": blank(Ticket.taken_at, Ticket.attendee_id.is_not(None)),
    "appointment_holds": delete_old(Hold.expires_at),
    "booking_requests": delete_old(BookingRequest.asked_at),
    "appointments": blank(
        Appointment.starts_at,
        or_(Appointment.subject != "", Appointment.booked_by != ""),
        version=Appointment.version + 1,
    ),
}
