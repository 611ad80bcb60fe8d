"""Waiting lists: join, leave, accept or decline an offer. Offers go out in `offering.py`."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.slots import Slot
from salon.appointments.models import (
    Appointment,
    BookingSettings,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries import waiting as queries
from salon.appointments.queries.offers import offers_in_part
from salon.appointments.queries.settings import booking_of
from salon.appointments.rules import booking
from salon.appointments.rules import waiting as rules
from salon.appointments.services.booking import attendee_of
from salon.appointments.services.messages import notify_visitor, notify_waiting_visitor
from salon.appointments.services.offering import (
    add_entry,
    process_waiting_lists,
    requeue_last,
)
from salon.appointments.services.placing import (
    VisitorQuestion,
    WaitingChoice,
    add_appointment,
    check_theme,
    lock_appointments,
    move_to_slot,
    take_hold,
)
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.services import Person
from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission


def join_waiting(
    act: FairAct, choice: WaitingChoice, visitor: int | Person, key: str
) -> WaitingEntry:
    """Put a visitor at the end of the list of a theme and part of the day.

    Idempotent by `key`. Raises StillFree, AlreadyWaiting, NotRegistered, ThemeClosed,
    SubmissionDiffers; NoResultFound for a theme of another edition.
    """
    theme_id = choice.theme_id
    check_theme(act.edition, theme_id)
    settings = get_or_create_settings(act.edition)
    content = {**choice.content, "who": str(visitor)}
    with act.transaction(settings) as session:
        if earlier := earlier_row(session, WaitingEntry, key, content):
            return earlier
        booking.check_fair_has_a_date(act.edition)
        booking.check_theme_is_open(booking_of(theme_id).is_open)
        offers = offers_in_part(act.edition, theme_id, choice.part, act.now, choice.day_on)
        rules.check_nothing_is_free(len(offers))
        attendee = attendee_of(act, session, visitor)
        entry = add_entry(
            session,
            WaitingEntry(
                edition_id=act.edition.id,
                theme_id=theme_id,
                attendee_id=attendee.id,
                part=choice.part,
                day_on=choice.day_on,
                subject=choice.subject,
                contact_email=""
                if choice.contact_email == attendee.email
                else choice.contact_email,
                joined_at=act.now,
                queued_at=act.now,
            ),
        )
        write_entry(
            session,
            act.actor,
            AppointmentAction.WAITING_JOINED,
            f"waiting:{entry.id}",
            theme=theme_id,
        )
        notify_waiting_visitor(session, "waiting_joined", entry, rank=queries.rank_of(entry))
        settle_submission(session, key, str(entry.id))
    return entry


def leave_waiting(act: Act, entry: WaitingEntry) -> None:
    """Leave the list and offer the released time to the next. Idempotent."""
    settings = get_or_create_settings(entry.edition)
    with act.transaction(settings) as session:
        session.refresh(entry)
        if not entry.is_live:
            return
        entry.status = WaitingStatus.LEFT
        session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        write_entry(session, act.actor, AppointmentAction.WAITING_LEFT, f"waiting:{entry.id}")
        process_waiting_lists(session, entry.edition, settings, act.now)


def decline_offer(act: Act, entry: WaitingEntry) -> None:
    """Decline an offer and go to the end of the list. Idempotent. Raises NoLongerWaiting."""
    settings = get_or_create_settings(entry.edition)
    with act.transaction(settings) as session:
        session.refresh(entry)
        rules.check_is_waiting(entry.is_live)
        if entry.status != WaitingStatus.OFFERED:
            return
        requeue_last(session, entry, act.now)
        write_entry(session, act.actor, AppointmentAction.WAITING_DECLINED, f"waiting:{entry.id}")
        process_waiting_lists(session, entry.edition, settings, act.now, declined_id=entry.id)


def accept_offer(act: Act, entry: WaitingEntry) -> Appointment:
    """Turn an offer into an appointment, or give its time to the lost one.

    Raises NoLongerWaiting, OfferIsOver, SlotNotFree, NoLongerLive.
    """
    edition = entry.edition
    settings = get_or_create_settings(edition)
    with act.transaction(settings) as session:
        session.refresh(entry)
        rules.check_is_waiting(entry.is_live)
        hold = entry.hold
        rules.check_is_offered(hold.expires_at if hold else None, act.now)
        assert hold is not None
        slot = take_hold(session, edition, hold, act.now)
        appointment = _appointment(act, session, entry, slot, settings)
        entry.status = WaitingStatus.SERVED
        write_entry(session, act.actor, AppointmentAction.WAITING_SERVED, f"waiting:{entry.id}")
        notify_visitor(session, "appointment_booked", appointment)
    return appointment


def run_waiting_lists(now: datetime) -> int:
    """Process the waiting lists when something is due; return how many offers were made.

    After the fair, close the lists and notify the visitors still waiting.
    """
    return sum(_run_lists_of(edition, now) for edition in confirmed_editions())


def _run_lists_of(edition: Edition, now: datetime) -> int:
    if not queries.is_something_to_do(edition, now):
        return 0
    settings = get_or_create_settings(edition)
    with transaction(settings) as session:
        if edition.ends_at <= now:
            _close(session, edition)
            return 0
        return process_waiting_lists(session, edition, settings, now)


def _close(session: Session, edition: Edition) -> None:
    for entry in queries.entries_of(edition):
        session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        entry.status = WaitingStatus.CLOSED
        notify_waiting_visitor(session, "waiting_closed", entry)


def _appointment(
    act: Act, session: Session, entry: WaitingEntry, slot: Slot, settings: BookingSettings
) -> Appointment:
    if entry.appointment_id is not None:
        lock_appointments(session, [entry.appointment_id])
        lost = session.get_one(Appointment, entry.appointment_id)
        booking.check_is_live(lost)
        move_to_slot(session, lost, slot, settings.buffer_minutes)
        write_entry(session, act.actor, AppointmentAction.ACCEPTED, f"appointment:{lost.id}")
        return lost
    question = VisitorQuestion(entry.subject, contact_email=entry.contact_email)
    return add_appointment(act, session, entry.attendee, entry.theme_id, slot, question)
