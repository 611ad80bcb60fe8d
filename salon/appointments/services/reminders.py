"""Reminders: the appointments of the next day on the evening before, and each an hour before.

Each reminder is sent once, and never late.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import appointments_to_remind
from salon.appointments.services.messages import (
    addresses_of,
    message_context,
    notify_visitor,
    salutation_for,
)
from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.platform.database.db import transaction
from salon.platform.mail import outbox
from salon.platform.settings.clock import local, paris

EVE_FROM = time(18)
"""Local time from which the appointments of the next day are reminded."""
SOON = timedelta(hours=1)


def post_appointment_reminders(now: datetime) -> int:
    """Post the reminders that are due and return how many. Idempotent."""
    return sum(
        _post_tomorrow_reminders(edition, now) + _post_soon_reminders(edition, now)
        for edition in confirmed_editions()
    )


def _post_tomorrow_reminders(edition: Edition, now: datetime) -> int:
    if local(now).time() < EVE_FROM:
        return 0
    today = local(now).date()
    eve = paris(today, EVE_FROM)
    start, end = (paris(today + timedelta(days=days), time()) for days in (1, 2))
    due = [
        appointment
        for appointment in appointments_to_remind(edition, start, end)
        if appointment.eve_told_at is None and appointment.booked_at < eve
    ]
    by_visitor = sorted(due, key=lambda appointment: appointment.attendee_id)
    return sum(
        _remind_tomorrow(list(group), now)
        for _, group in groupby(by_visitor, key=lambda appointment: appointment.attendee_id)
    )


def _remind_tomorrow(due: Sequence[Appointment], now: datetime) -> int:
    """Post one message for a visitor's whole day; another worker may have posted it before."""
    times = {appointment.id: appointment.starts_at for appointment in due}
    with transaction(*due) as session:
        still_due = [
            appointment
            for appointment in due
            if appointment.eve_told_at is None
            and _is_still_due(appointment)
            and appointment.starts_at == times[appointment.id]
        ]
        for appointment in still_due:
            appointment.eve_told_at = now
        _post_tomorrow_messages(
            session, sorted(still_due, key=lambda appointment: appointment.starts_at)
        )
    return len(still_due)


def _post_tomorrow_messages(session: Session, appointments: Sequence[Appointment]) -> None:
    """Post all appointments to the visitor, and to each booker those they booked."""
    by_address: dict[str, list[Appointment]] = {}
    for appointment in appointments:
        for address in addresses_of(appointment):
            by_address.setdefault(address, []).append(appointment)
    for address, addressed in by_address.items():
        visitor = addressed[0].attendee
        outbox.post(
            session,
            "appointment_tomorrow",
            address,
            about=f"attendee:{visitor.id}",
            urgent=False,
            salutation=salutation_for(visitor, address),
            name=visitor.full_name,
            is_holder=address == visitor.email,
            appointments=[
                {
                    **message_context(appointment),
                    "subject": appointment.subject,
                    "token": appointment.private_token,
                }
                for appointment in addressed
            ],
        )


def _post_soon_reminders(edition: Edition, now: datetime) -> int:
    due = [
        appointment
        for appointment in appointments_to_remind(edition, now, now + SOON)
        if _is_soon_due(appointment, now)
    ]
    return sum(_remind_soon(appointment, now) for appointment in due)


def _remind_soon(appointment: Appointment, now: datetime) -> bool:
    """Post the reminder unless another worker did or the appointment changed."""
    with transaction(appointment) as session:
        if not (_is_soon_due(appointment, now) and _is_still_due(appointment)):
            return False
        appointment.hour_told_at = now
        notify_visitor(session, "appointment_soon", appointment)
    return True


def _is_soon_due(appointment: Appointment, now: datetime) -> bool:
    """Return whether the start is near; a booking made within the hour is not reminded."""
    is_near = now < appointment.starts_at <= now + SOON
    return (
        is_near
        and appointment.hour_told_at is None
        and appointment.booked_at < appointment.starts_at - SOON
    )


def _is_still_due(appointment: Appointment) -> bool:
    return appointment.status == AppointmentStatus.BOOKED and appointment.arrived_at is None
