"""Follow the standing of the fair: appointments are cancelled, booked again, or wait for a date."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from salon.appointments.engine.slots import Slot, tick
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    WaitingStatus,
)
from salon.appointments.queries.waiting import entries_of
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.days import appointment_name, live_appointments
from salon.appointments.services.former_appointments import ask_to_choose
from salon.appointments.services.messages import notify_visitor
from salon.appointments.services.offering import withdraw_offer
from salon.appointments.services.placing import end_appointment, lock_appointments, move_to_slot
from salon.badges.models import AttendeeStatus
from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Facts,
    Follower,
    Standing,
    StandingChange,
)


class AppointmentsStandingFollower(Follower[StandingChange]):
    """A postponed fair keeps its appointments, tentative in calendars; a cancelled one ends them.

    Waiting lists keep their order, and offer nothing meanwhile.
    """

    name = "appointments"
    gate = BookingSettings

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        settings = session.get(BookingSettings, edition.id)
        if settings is None:
            return []
        delete_expired_holds(session, change.at)
        if change.before == Standing.CANCELLED:
            return [_book_again(session, change, settings, change.former.get(self.name, ()))]
        appointments = live_appointments(session, edition)
        if change.after == Standing.CANCELLED:
            return [_cancel(session, edition, appointments, change)]
        for appointment in appointments:
            appointment.sequence += 1
        names = [appointment_name(appointment) for appointment in appointments]
        return [Consequence(change.fate, "Rendez-vous", names)]


def _cancel(
    session: Session,
    edition: Edition,
    appointments: Sequence[Appointment],
    change: StandingChange,
) -> Consequence:
    """Cancel appointments and release every offered time."""
    former = [[appointment.id, appointment.status.value] for appointment in appointments]
    for entry in entries_of(edition):
        if entry.status == WaitingStatus.OFFERED:
            withdraw_offer(session, entry)
    context = {"by_visitor": False, "words": change.words}
    for appointment in appointments:
        end_appointment(session, appointment, change.at)
        notify_visitor(session, "appointment_cancelled", appointment, **context)
    names = [appointment_name(appointment) for appointment in appointments]
    return Consequence(change.fate, "Rendez-vous", names, former)


def _book_again(
    session: Session, change: StandingChange, settings: BookingSettings, former: Facts
) -> Consequence:
    """Book again the appointments that the cancellation ended, of people still registered."""
    lock_appointments(session, [row_id for row_id, _ in former])
    names = []
    for appointment_id, status in former:
        appointment = session.get(Appointment, appointment_id)
        if appointment is None or appointment.status != AppointmentStatus.CANCELLED:
            continue
        if appointment.attendee.status != AttendeeStatus.REGISTERED:
            continue
        if appointment.agent.removed_at is not None:
            continue
        appointment.cancelled_at = None
        if status == AppointmentStatus.BOOKED:
            start, end = tick(appointment.starts_at), tick(appointment.ends_at)
            slot = Slot(appointment.agent_id, appointment.stand_id, start, end)
            move_to_slot(session, appointment, slot, settings.buffer_minutes)
            notify_visitor(session, "appointment_restored", appointment, words=change.words)
        else:
            appointment.status = AppointmentStatus(status)
            appointment.sequence += 1
            ask_to_choose(session, appointment, change)
        names.append(appointment_name(appointment))
    return Consequence(change.fate, "Rendez-vous", names)
