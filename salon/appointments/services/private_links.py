"""Renew the private links of appointments and waiting entries; the former links stop working."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.appointments.models import Appointment, AppointmentStatus, WaitingEntry
from salon.appointments.queries.appointments import find_proposal
from salon.appointments.queries.waiting import rank_of
from salon.appointments.services.messages import (
    message_context,
    notify_visitor,
    notify_waiting_visitor,
)
from salon.appointments.services.offering import notify_offer
from salon.appointments.services.placing import new_token
from salon.platform.identity import SYSTEM
from salon.platform.journal import write_entry


def renew_links(session: Session, attendee_ids: Collection[int]) -> None:
    """Renew the links of these visitors and notify those whose visit is still to come."""
    of_visitors = select(Appointment).where(Appointment.attendee_id.in_(attendee_ids))
    for appointment in session.scalars(
        of_visitors.order_by(Appointment.id)
        .with_for_update(of=Appointment)
        .execution_options(populate_existing=True)
    ).all():
        appointment.private_token = new_token()
        write_entry(session, SYSTEM, "appointment.link_renewed", f"appointment:{appointment.id}")
        if appointment.is_live:
            # The calendar event has to carry the new link: raise its SEQUENCE.
            appointment.sequence += 1
            post_link(session, appointment, is_renewed=True)
    waits = select(WaitingEntry).where(WaitingEntry.attendee_id.in_(attendee_ids))
    for entry in session.scalars(waits.order_by(WaitingEntry.id).with_for_update()).all():
        entry.private_token = new_token()
        write_entry(session, SYSTEM, "waiting.link_renewed", f"waiting:{entry.id}")
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
