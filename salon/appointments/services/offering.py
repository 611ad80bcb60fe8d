"""Offer released time to the waiting lists, in order.

Runs inside the caller's transaction, which holds the lock on BookingSettings.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.slots import Slot, instant, slots
from salon.appointments.models import (
    Appointment,
    BookingSettings,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries import waiting as queries
from salon.appointments.queries.appointments import (
    appointments_without_proposal,
    busy_times_of_attendees,
)
from salon.appointments.queries.offers import demand_of, is_in_part
from salon.appointments.queries.rescue import uncovered_holds
from salon.appointments.queries.situation import offering_of, situation_of
from salon.appointments.rules import waiting as rules
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.messages import (
    message_context,
    notify_visitor,
    notify_waiting_visitor,
)
from salon.appointments.services.placing import add_hold
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.platform.database.db import violation_as
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local
from salon.platform.words.formats import day, hour
from salon.platform.words.tokens import new_token


def process_waiting_lists(
    session: Session,
    edition: Edition,
    settings: BookingSettings,
    now: datetime,
    declined_id: int | None = None,
) -> int:
    """Offer free time to the first of each waiting list; return how many offers were made.

    Unanswered offers expire and their entries go to the end. No entry is offered the same time
    twice. `declined_id`: the entry that has just declined.
    """
    if not edition.is_as_planned:
        return 0
    _withdraw_uncovered_offers(session, edition, now)
    entries = list(queries.entries_of(edition))
    for entry in entries:
        is_over = entry.hold is None or entry.hold.expires_at <= now
        if entry.status == WaitingStatus.OFFERED and is_over:
            requeue_last(session, entry, now)
            notify_waiting_visitor(session, "waiting_expired", entry)
    delete_expired_holds(session, now)
    entries += filter(
        None,
        (
            requeue_appointment(session, appointment, now)
            for appointment in appointments_without_proposal(edition, now)
        ),
    )
    waiting = [
        entry
        for entry in entries
        if entry.status == WaitingStatus.WAITING and entry.id != declined_id
    ]
    if not waiting:
        return 0
    waiting.sort(key=lambda entry: (entry.queued_at, entry.id))
    return _offer_all(session, edition, waiting, settings, now)


def _withdraw_uncovered_offers(session: Session, edition: Edition, now: datetime) -> None:
    """Withdraw offers whose agent is no longer available, and notify the visitors.

    The visitors keep their place in the list.
    """
    for hold in uncovered_holds(edition, now):
        lost_time, starts_at = message_context(hold), hold.starts_at.isoformat()
        if hold.waiting_id is not None:
            entry = session.get_one(WaitingEntry, hold.waiting_id)
            entry.offered = [start for start in entry.offered if start != starts_at]
            withdraw_offer(session, entry)
            write_entry(
                session,
                SYSTEM,
                AppointmentAction.WAITING_WITHDRAWN,
                f"waiting:{entry.id}",
                starts_at=starts_at,
            )
            notify_waiting_visitor(session, "waiting_withdrawn", entry, appointment=lost_time)
        elif hold.appointment_id is not None:
            appointment = session.get_one(Appointment, hold.appointment_id)
            session.delete(hold)
            session.flush()
            appointment.sequence += 1
            requeue_appointment(session, appointment, now)
            write_entry(
                session,
                SYSTEM,
                AppointmentAction.PROPOSAL_WITHDRAWN,
                f"appointment:{appointment.id}",
                starts_at=starts_at,
            )
            context = {"before": lost_time, "proposal": None}
            notify_visitor(session, "appointment_to_choose", appointment, **context)


def requeue_appointment(
    session: Session, appointment: Appointment, now: datetime
) -> WaitingEntry | None:
    """Put a lost appointment on the waiting list, in the order of its booking.

    Return None when its visitor already waits on the theme.
    """
    if queries.find_live_entry(appointment.attendee_id, appointment.theme_id) is not None:
        return None
    return add_entry(
        session,
        WaitingEntry(
            edition_id=appointment.edition_id,
            theme_id=appointment.theme_id,
            attendee_id=appointment.attendee_id,
            appointment_id=appointment.id,
            part=HalfDay.WHOLE_DAY,
            subject=appointment.subject,
            contact_email=appointment.contact_email,
            joined_at=now,
            queued_at=appointment.booked_at,
        ),
    )


def requeue_last(session: Session, entry: WaitingEntry, now: datetime) -> None:
    """Withdraw an offer and put its entry at the end of the list."""
    entry.queued_at = now
    withdraw_offer(session, entry)


def withdraw_offer(session: Session, entry: WaitingEntry) -> None:
    """Release the offered time; the entry waits again at the same place."""
    session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
    entry.status = WaitingStatus.WAITING
    session.flush()
    session.expire(entry, ["hold"])


def add_entry(session: Session, entry: WaitingEntry) -> WaitingEntry:
    """Insert an entry of a waiting list. Raises AlreadyWaiting."""
    entry.private_token = new_token()
    session.add(entry)
    with violation_as(
        rules.AlreadyWaiting, "uq_waiting_entries_live", "waiting_entries.attendee_id"
    ):
        session.flush()
    return entry


def _offer_all(
    session: Session,
    edition: Edition,
    waiting: Collection[WaitingEntry],
    settings: BookingSettings,
    now: datetime,
) -> int:
    situation, offering = situation_of(edition, now), offering_of(edition)
    busy_by_attendee = busy_times_of_attendees([entry.attendee_id for entry in waiting], now)
    free_slots: dict[int, list[Slot]] = {}
    offer_count = 0
    for entry in waiting:
        theme_id = entry.theme_id
        if theme_id in offering.closed and entry.appointment_id is None:
            continue
        if theme_id not in free_slots:
            free_slots[theme_id] = slots(situation, demand_of(offering, theme_id))
        busy_times = busy_by_attendee.setdefault(entry.attendee_id, set())
        for slot in free_slots[theme_id]:
            expires_at = rules.answer_by(now, slot.starts_at, settings.offer_minutes)
            ticks = {instant(at) for at in range(slot.start, slot.end + situation.buffer)}
            is_new = slot.starts_at.isoformat() not in entry.offered
            in_part = is_in_part(slot.starts_at, entry.part, entry.day_on)
            if expires_at > now and is_new and in_part and busy_times.isdisjoint(ticks):
                _offer(session, edition, entry, slot, expires_at)
                situation.take(slot)
                busy_times |= ticks
                free_slots.clear()
                offer_count += 1
                break
    return offer_count


def _offer(
    session: Session, edition: Edition, entry: WaitingEntry, slot: Slot, expires_at: datetime
) -> None:
    hold = add_hold(
        session, edition, entry.theme_id, slot, expires_at, entry.attendee_id, waiting_id=entry.id
    )
    starts_at = slot.starts_at.isoformat()
    entry.status, entry.hold = WaitingStatus.OFFERED, hold
    entry.offered = [*entry.offered, starts_at]
    write_entry(
        session,
        SYSTEM,
        AppointmentAction.WAITING_OFFERED,
        f"waiting:{entry.id}",
        starts_at=starts_at,
    )
    notify_offer(session, entry, hold)


def notify_offer(session: Session, entry: WaitingEntry, hold: Hold) -> None:
    """Post the offered time and the deadline to answer."""
    expires_at = hold.expires_at
    deadline = {"until_day": day(local(expires_at).date()), "until_hour": hour(expires_at)}
    notify_waiting_visitor(
        session, "waiting_offered", entry, appointment=message_context(hold), **deadline
    )
