"""Reminders: the next day of the fair on the evening before, and each appointment an hour before.

Each reminder is sent once, and never late: one that could not leave in time is called off.
"""

from datetime import datetime, timedelta

from salon.appointments.models import Appointment
from salon.appointments.queries.appointments import appointments_to_remind
from salon.appointments.services.eve import is_still_due, tell_of_eve
from salon.appointments.services.messages import notify_visitor
from salon.fair.models import Edition
from salon.fair.queries import awaited_editions
from salon.platform.database.db import transaction
from salon.platform.mail.outbox import LAPSES_AT

SOON = timedelta(hours=1)


def post_appointment_reminders(now: datetime) -> int:
    """Post the reminders that are due and return how many. Idempotent."""
    return sum(
        tell_of_eve(edition, now) + _post_soon_reminders(edition, now)
        for edition in awaited_editions()
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
        if not (_is_soon_due(appointment, now) and is_still_due(appointment)):
            return False
        appointment.hour_told_at = now
        lapse = {LAPSES_AT: appointment.starts_at.isoformat()}
        notify_visitor(session, "appointment_soon", appointment, **lapse)
    return True


def _is_soon_due(appointment: Appointment, now: datetime) -> bool:
    """Return whether the start is near; a booking made within the hour is not reminded."""
    is_near = now < appointment.starts_at <= now + SOON
    return (
        is_near
        and appointment.hour_told_at is None
        and appointment.booked_at < appointment.starts_at - SOON
    )
