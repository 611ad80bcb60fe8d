"""Appointments and waiting entries follow a replaced or cancelled registration.

A replacement takes them over; a cancellation gives them up.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, delete, exists, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.appointments import LIVE, find_proposal
from salon.appointments.queries.waiting import LIVE as LIVE_WAITING
from salon.appointments.queries.waiting import find_live_entry, rank_of
from salon.appointments.rules.booking import VisitorElsewhere
from salon.appointments.services.claims import transfer_claims
from salon.appointments.services.messages import (
    message_context,
    notify_visitor,
    notify_waiting_visitor,
)
from salon.appointments.services.offering import (
    notify_offer,
    process_waiting_lists,
    withdraw_offer,
)
from salon.appointments.services.placing import end_appointment
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.models import Attendee, AttendeeStatus
from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import Message, is_held_now
from salon.platform.words.tokens import new_token


def follow_attendees(now: datetime) -> int:
    """Transfer or end the appointments and waiting entries of people no longer registered.

    Return how many.
    """
    return sum(_follow_attendees_of(edition, now) for edition in live_editions())


def _follow_attendees_of(edition: Edition, now: datetime) -> int:
    is_released = ~exists().where(
        # A cancellation can be undone while its message is held: wait as long.
        Message.about == literal("attendee:") + cast(Attendee.id, String),
        Message.kind == "cancelled",
        is_held_now(),
    )

    def is_unregistered(attendee_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        # For each appointment its person: of an edition's people, few have any.
        return exists().where(
            Attendee.id == attendee_id,
            Attendee.edition_id == edition.id,
            Attendee.status != AttendeeStatus.REGISTERED,
            is_released,
        )

    appointments = select(Appointment.id).where(
        Appointment.status.in_(LIVE), is_unregistered(Appointment.attendee_id)
    )
    waits = select(WaitingEntry.id).where(
        WaitingEntry.status.in_(LIVE_WAITING), is_unregistered(WaitingEntry.attendee_id)
    )
    ids, waiting = (
        current_session().scalars(appointments).all(),
        current_session().scalars(waits).all(),
    )
    if not ids and not waiting:
        return 0
    settings = get_or_create_settings(edition)
    for appointment_id in ids:
        appointment = current_session().get_one(Appointment, appointment_id)
        with transaction(settings, appointment) as session:
            _follow_appointment(session, appointment, now)
    with transaction(settings) as session:
        for entry_id in waiting:
            _follow_waiting_entry(session, session.get_one(WaitingEntry, entry_id))
        process_waiting_lists(session, edition, settings, now)
    return len(ids) + len(waiting)


def _follow_appointment(session: Session, appointment: Appointment, now: datetime) -> None:
    successor = _successor(appointment.attendee)
    if not appointment.is_live or successor is appointment.attendee:
        return
    subject = f"appointment:{appointment.id}"
    if successor is not None and _try_transfer_claims(session, appointment, successor):
        proposal = find_proposal(appointment)
        if proposal is not None and not _try_transfer_claims(session, proposal, successor):
            session.execute(delete(Hold).where(Hold.id == proposal.id))
        appointment.attendee = successor
        appointment.private_token = new_token()  # the former link belongs to the replaced person
        appointment.sequence += 1
        write_entry(session, SYSTEM, AppointmentAction.FOLLOWED, subject)
        session.flush()
        post_link(session, appointment)
        return
    end_appointment(session, appointment, now)
    write_entry(session, SYSTEM, AppointmentAction.CANCELLED, subject)
    notify_visitor(session, "appointment_cancelled", appointment, by_visitor=True)


def _follow_waiting_entry(session: Session, entry: WaitingEntry) -> None:
    successor = _successor(entry.attendee)
    if not entry.is_live or successor is entry.attendee:
        return
    if successor is None or find_live_entry(successor.id, entry.theme_id) is not None:
        entry.status = WaitingStatus.LEFT
        session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        write_entry(session, SYSTEM, AppointmentAction.WAITING_LEFT, f"waiting:{entry.id}")
        return
    if entry.hold is not None and not _try_transfer_claims(session, entry.hold, successor):
        withdraw_offer(session, entry)
    entry.attendee = successor
    entry.private_token = new_token()
    post_waiting_link(session, entry)
    write_entry(session, SYSTEM, AppointmentAction.WAITING_FOLLOWED, f"waiting:{entry.id}")


def _try_transfer_claims(
    session: Session, claimant: Appointment | Hold, successor: Attendee
) -> bool:
    """Transfer the claims to the successor; return whether their time was free."""
    try:
        with session.begin_nested():
            transfer_claims(session, claimant, successor.id)
    except VisitorElsewhere:
        return False
    return True


def _successor(attendee: Attendee) -> Attendee | None:
    """Return the registered person at the end of the chain of replacements, or None."""
    successor: Attendee | None = attendee
    while successor is not None and successor.status == AttendeeStatus.REPLACED:
        successor = successor.replaced_by
    return (
        successor
        if successor is not None and successor.status == AttendeeStatus.REGISTERED
        else None
    )


def renew_links(session: Session, attendee_ids: Collection[int]) -> None:
    """Renew the links of these visitors and notify those whose visit is still to come."""
    of_visitors = select(Appointment).where(Appointment.attendee_id.in_(attendee_ids))
    for appointment in session.scalars(
        of_visitors.order_by(Appointment.id)
        .with_for_update(of=Appointment)
        .execution_options(populate_existing=True)
    ).all():
        appointment.private_token = new_token()
        write_entry(
            session, SYSTEM, AppointmentAction.LINK_RENEWED, f"appointment:{appointment.id}"
        )
        if appointment.is_live:
            # The calendar event has to carry the new link: raise its SEQUENCE.
            appointment.sequence += 1
            post_link(session, appointment, is_renewed=True)
    waits = select(WaitingEntry).where(WaitingEntry.attendee_id.in_(attendee_ids))
    for entry in session.scalars(waits.order_by(WaitingEntry.id).with_for_update()).all():
        entry.private_token = new_token()
        write_entry(session, SYSTEM, AppointmentAction.WAITING_LINK_RENEWED, f"waiting:{entry.id}")
        if entry.is_live:
            post_waiting_link(session, entry)


def post_link(session: Session, appointment: Appointment, *, is_renewed: bool = False) -> None:
    """Post the current link of an appointment to its visitor and booker."""
    if appointment.status != AppointmentStatus.TO_CHOOSE:
        notify_visitor(session, "appointment_booked", appointment, is_renewed=is_renewed)
        return
    proposal = find_proposal(appointment)
    words = {
        "before": message_context(appointment),
        "proposal": message_context(proposal) if proposal else None,
    }
    notify_visitor(session, "appointment_to_choose", appointment, **words)


def post_waiting_link(session: Session, entry: WaitingEntry) -> None:
    """Post the current link of a waiting entry, with its offer if any."""
    if entry.hold is not None:
        notify_offer(session, entry, entry.hold)
    else:
        notify_waiting_visitor(session, "waiting_joined", entry, rank=rank_of(entry))
