"""Reads of a visitor's appointments and waiting entries, and those of the same place."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from salon.appointments.models import Appointment, BookingSettings, WaitingEntry
from salon.appointments.queries.appointments import (
    LIVE,
    appointments,
    appointments_of_attendee,
    busy_times_of_attendees,
)
from salon.appointments.queries.offers import BookableTime
from salon.appointments.queries.waiting import LIVE as LIVE_WAITING
from salon.appointments.queries.waiting import WITH_ALL
from salon.badges.models import Attendee, AttendeeStatus
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.words.formats import hour


def companions_of(attendee: Attendee) -> list[Attendee]:
    """Return the registered people of the same group, this person first."""
    statement = select(Attendee).where(
        Attendee.group_id == attendee.group_id,
        Attendee.status == AttendeeStatus.REGISTERED,
        Attendee.id != attendee.id,
    )
    return [
        attendee,
        *current_session().scalars(statement.order_by(Attendee.name_key, Attendee.id)),
    ]


def appointments_of_same_place(edition: Edition, attendee: Attendee) -> Sequence[Appointment]:
    """Return the live appointments of the same commune, EPCI or organisation, except one's own."""
    if attendee.commune_code is not None:
        same_place = Appointment.commune_code == attendee.commune_code
    elif attendee.epci_siren is not None:
        same_place = Appointment.epci_siren == attendee.epci_siren
    else:
        same_place = Appointment.attendee.has(group_id=attendee.group_id)
    statement = appointments(edition).where(
        same_place, Appointment.attendee_id != attendee.id, Appointment.status.in_(LIVE)
    )
    return current_session().scalars(statement).all()


def entries_of_attendee(attendee_id: int) -> Sequence[WaitingEntry]:
    """Return a person's live waiting entries, oldest first."""
    statement = select(WaitingEntry).where(
        WaitingEntry.attendee_id == attendee_id, WaitingEntry.status.in_(LIVE_WAITING)
    )
    return current_session().scalars(statement.options(*WITH_ALL).order_by(WaitingEntry.id)).all()


def busy_times(
    attendee: Attendee, offers: Iterable[BookableTime], now: datetime, without: Collection[int] = ()
) -> dict[datetime, str]:
    """Return the offered starts at which this visitor is busy, each with the reason.

    `without`: appointments that are about to move, left out.
    """
    busy = busy_times_of_attendees([attendee.id], now, without).get(attendee.id, set())
    if not busy:
        return {}
    settings = current_session().get(BookingSettings, attendee.edition_id)
    buffer = timedelta(minutes=settings.buffer_minutes if settings else 0)
    live = [
        appointment
        for appointment in appointments_of_attendee(attendee.id)
        if appointment.id not in without
    ]
    return {
        offer.starts_at: _reason_busy(offer, live, buffer)
        for offer in offers
        if any(offer.starts_at <= tick < offer.ends_at + buffer for tick in busy)
    }


def _reason_busy(offer: BookableTime, live: Sequence[Appointment], buffer: timedelta) -> str:
    for appointment in live:
        if (
            appointment.starts_at < offer.ends_at + buffer
            and offer.starts_at < appointment.ends_at + buffer
        ):
            return f"déjà un rendez-vous à {hour(appointment.starts_at)}, {appointment.theme.name}"
    return "une heure est déjà gardée à ce moment-là"


def find_entry_for(appointment: Appointment) -> WaitingEntry | None:
    """Return the live waiting entry of a lost appointment, or None."""
    statement = select(WaitingEntry).where(
        WaitingEntry.appointment_id == appointment.id, WaitingEntry.status.in_(LIVE_WAITING)
    )
    return current_session().scalars(statement.order_by(WaitingEntry.id.desc()).limit(1)).first()


def find_appointment_after(entry: WaitingEntry) -> Appointment | None:
    """Return the appointment of a waiting entry: the lost one, else the live one on its theme."""
    if entry.appointment_id is not None:
        return current_session().get(Appointment, entry.appointment_id)
    statement = select(Appointment).where(
        Appointment.attendee_id == entry.attendee_id,
        Appointment.theme_id == entry.theme_id,
        Appointment.status.in_(LIVE),
    )
    return current_session().scalars(statement.order_by(Appointment.id.desc()).limit(1)).first()
