"""Entry and exit of visitors with an appointment today, written beside the scans."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select, union_all, update

from salon.appointments.models import Appointment, AppointmentStatus
from salon.badges.models import Badge
from salon.entrance.models import Presence
from salon.fair.queries import live_editions
from salon.platform.database.db import current_session, transaction
from salon.platform.pages.public_pages import UNSEEN
from salon.platform.settings.clock import local, paris


def record_visitors_inside(now: datetime) -> int:
    """Record when the visitor of each of today's appointments entered, and who went out before it;
    return how many were new.

    At most four statements for an edition, however many scans and appointments there are; nothing
    is locked while there is nothing to record.
    """
    current_session().rollback()  # a reading that began before the last scans does not show them
    return sum(_record_in(edition.id, now) for edition in live_editions())


def _record_in(edition_id: int, now: datetime) -> int:
    today = local(now).date()
    entered, gone = _entered(edition_id, today), _gone(edition_id, today)
    either = union_all(entered.with_only_columns(Appointment.id), gone).limit(1)
    if current_session().execute(either).first() is None:
        return 0
    inside = entered.subquery()
    at = select(inside.c.at).where(inside.c.id == Appointment.id).scalar_subquery()
    with transaction() as session:
        session.execute(
            update(Appointment)
            .where(Appointment.id.in_(gone))
            .values(in_hall_at=None)
            .execution_options(synchronize_session=False, **{UNSEEN: True})
        )
        # The version stays: nobody who writes an account has to read again for this.
        done: Any = session.execute(
            update(Appointment)
            .where(Appointment.in_hall_at.is_(None), Appointment.id.in_(select(inside.c.id)))
            .values(in_hall_at=at)
            .execution_options(synchronize_session=False, **{UNSEEN: True})
        )
    return int(done.rowcount)


def _gone(edition_id: int, today: date) -> Select[int]:
    """Select the appointments of that day whose visitor went out before reaching the stand."""
    midnight, end = paris(today, time()), paris(today + timedelta(days=1), time())
    presences = (
        select(Presence.badge_id)
        .join(Badge, Badge.id == Presence.badge_id)
        .where(Badge.attendee_id == Appointment.attendee_id)
    )
    return select(Appointment.id).where(
        Appointment.edition_id == edition_id,
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.in_hall_at.is_not(None),
        Appointment.arrived_at.is_(None),
        Appointment.starts_at >= midnight,
        Appointment.starts_at < end,
        presences.exists(),
        ~presences.where(Presence.is_inside).exists(),
    )


def _entered(edition_id: int, today: date) -> Select[int, datetime]:
    """Select (appointment, time of its visitor's first entry that day) of that day's
    appointments."""
    midnight, end = paris(today, time()), paris(today + timedelta(days=1), time())
    first = case(
        (Presence.first_entry_at >= midnight, Presence.first_entry_at), else_=Presence.last_at
    )
    return (
        select(Appointment.id.label("id"), func.min(first).label("at"))
        .join(Badge, Badge.attendee_id == Appointment.attendee_id)
        .join(Presence, Presence.badge_id == Badge.id)
        .where(
            Appointment.edition_id == edition_id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.in_hall_at.is_(None),
            Appointment.starts_at >= midnight,
            Appointment.starts_at < end,
            Presence.is_inside,
            Presence.first_entry_at.is_not(None),
            Presence.last_at >= midnight,
        )
        .group_by(Appointment.id)
    )
