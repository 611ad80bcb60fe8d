"""Steps of the purge that concern appointments: counts stay, texts and people go."""

from typing import Any

from sqlalchemy import delete, or_, select

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    BookingRequest,
    Hold,
    NextStep,
    Ticket,
    WaitingEntry,
)
from salon.dashboard.services.purge_steps import (
    QUIETLY,
    Due,
    Step,
    Volume,
    blank,
    delete_old,
    volume_of,
)
from salon.platform.files import remove_file

WORDLESS: dict[str, Any] = {
    "subject": "",
    "project": "",
    "stage": "",
    "deadline": "",
    "amount": None,
    "contact_email": "",
    "note": "",
    "funding": {},
    "booked_by": "",
}
"""Columns of an appointment that stay: time, theme, commune, outcome."""


def _of_editions(due: Due) -> Any:
    return select(Appointment.id).where(Appointment.edition_id.in_(due.editions))


def _delete_steps(session: Any, due: Due) -> Volume:
    old = NextStep.appointment_id.in_(_of_editions(due))
    volume = Volume(volume_of(session, NextStep.due_on, old).rows)
    if due.dry_run:
        return volume
    session.execute(delete(NextStep).where(old), execution_options=QUIETLY)
    return volume


def _delete_documents(session: Any, due: Due) -> Volume:
    old = AppointmentDocument.appointment_id.in_(_of_editions(due))
    volume = volume_of(session, AppointmentDocument.uploaded_at, old)
    if due.dry_run:
        return volume
    for name in session.scalars(select(AppointmentDocument.stored_name).where(old)):
        remove_file(due.data, name)
    session.execute(delete(AppointmentDocument).where(old), execution_options=QUIETLY)
    return volume


def _delete_waits(session: Any, due: Due) -> Volume:
    old = WaitingEntry.edition_id.in_(due.editions)
    volume = volume_of(session, WaitingEntry.joined_at, old)
    if due.dry_run:
        return volume
    ids = select(WaitingEntry.id).where(old)
    session.execute(delete(Hold).where(Hold.waiting_id.in_(ids)), execution_options=QUIETLY)
    session.execute(delete(WaitingEntry).where(old), execution_options=QUIETLY)
    return volume


MEETING_STEPS: dict[str, Step] = {
    "appointment_steps": _delete_steps,
    "appointment_documents": _delete_documents,
    "waiting_entries": _delete_waits,
    "queue_tickets": blank(
        Ticket,
        Ticket.edition_id.in_,
        Ticket.taken_at,
        Ticket.attendee_id.is_not(None),
        attendee_id=None,
    ),
    "appointment_holds": delete_old(Hold.expires_at),
    "booking_requests": delete_old(BookingRequest.asked_at),
    "appointments": blank(
        Appointment,
        Appointment.edition_id.in_,
        Appointment.starts_at,
        or_(Appointment.subject != "", Appointment.booked_by != ""),
        **WORDLESS,
        version=Appointment.version + 1,
    ),
}
