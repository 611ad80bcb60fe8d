"""An appointment follows the person: who is replaced gives it to who comes instead, who cancels
their visit gives it back."""

from datetime import datetime

from sqlalchemy import select

from salon.appointments.models import Appointment, AppointmentStatus, WaitingEntry, WaitingStatus
from salon.appointments.queries.appointments import LIVE
from salon.appointments.queries.waiting import LIVE as LIVE_WAITING
from salon.appointments.rules.booking import VisitorElsewhere
from salon.appointments.services.claims import put_claims
from salon.appointments.services.placing import end_appointment
from salon.appointments.services.settings import keep_settings
from salon.appointments.services.telling import tell_visitor
from salon.appointments.services.waiting import advance
from salon.badges.models import Attendee, AttendeeStatus
from salon.db import session, transaction
from salon.fair.queries import find_current_edition
from salon.identity import SYSTEM
from salon.journal import write_entry


def follow_attendees(now: datetime) -> int:
    """Settles the appointments and waits of who is no longer registered; answers how many."""
    edition = find_current_edition()
    if edition is None:
        return 0
    left = select(Attendee.id).where(
        Attendee.edition_id == edition.id, Attendee.status != AttendeeStatus.REGISTERED
    )
    theirs = select(Appointment.id).where(
        Appointment.status.in_(LIVE), Appointment.attendee_id.in_(left)
    )
    waits = select(WaitingEntry.id).where(
        WaitingEntry.status.in_(LIVE_WAITING), WaitingEntry.attendee_id.in_(left)
    )
    ids, waiting = session().scalars(theirs).all(), session().scalars(waits).all()
    if not ids and not waiting:
        return 0
    for appointment_id in ids:
        _follow(appointment_id, now)
    settings = keep_settings(edition)
    with transaction(settings) as writing:
        for entry_id in waiting:
            entry = writing.get_one(WaitingEntry, entry_id)
            entry.status = WaitingStatus.LEFT
            write_entry(writing, SYSTEM, "waiting.left", f"waiting:{entry.id}")
        advance(writing, edition, settings, now)
    return len(ids) + len(waiting)


def _follow(appointment_id: int, now: datetime) -> None:
    appointment = session().get_one(Appointment, appointment_id)
    settings = keep_settings(appointment.edition)
    successor = _successor(appointment.attendee)
    if successor is not None:
        try:
            with transaction(settings, appointment) as writing:
                if appointment.is_live and appointment.attendee_id != successor.id:
                    appointment.attendee = successor
                    appointment.sequence += 1
                    if appointment.status == AppointmentStatus.BOOKED:
                        minutes = settings.buffer_minutes
                        put_claims(writing, appointment, minutes, successor.id)
                    subject = f"appointment:{appointment.id}"
                    write_entry(writing, SYSTEM, "appointment.followed", subject)
                    tell_visitor(writing, "appointment_booked", appointment)
            return
        except VisitorElsewhere:
            session().refresh(appointment)
    with transaction(settings, appointment) as writing:
        if appointment.is_live:
            end_appointment(writing, appointment, now)
            write_entry(writing, SYSTEM, "appointment.cancelled", f"appointment:{appointment.id}")
            tell_visitor(writing, "appointment_cancelled", appointment, by_visitor=True)


def _successor(attendee: Attendee) -> Attendee | None:
    """Who comes instead, however often the replacement was replaced."""
    found = attendee.replaced_by
    while found is not None and found.status == AttendeeStatus.REPLACED:
        found = found.replaced_by
    return found if found is not None and found.status == AttendeeStatus.REGISTERED else None
