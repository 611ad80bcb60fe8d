"""Visits of a person registered several times, and those that an agent named twice receives: one
takes over those of another."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    Ticket,
    TicketStatus,
    VisitorClaim,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.appointments import LIVE
from salon.appointments.queries.queue import LIVE as LIVE_TICKETS
from salon.appointments.services.claims import overlaps_as_rules
from salon.appointments.services.messages import notify_visitor
from salon.appointments.services.offering import withdraw_offer
from salon.appointments.services.placing import LIVE_WAITING, end_appointment, move_to_slot
from salon.appointments.services.restoring import own_slot

Ended = dict[str, list[Any]]


def end_appointments(session: Session, ids: Collection[int], now: datetime) -> list[int]:
    """Cancel these of a person's appointments, in favour of others at the same time; return which
    were."""
    statement = select(Appointment).where(Appointment.id.in_(ids), Appointment.status.in_(LIVE))
    appointments = session.scalars(statement.order_by(Appointment.id)).all()
    for appointment in appointments:
        end_appointment(session, appointment, now)
        notify_visitor(session, "appointment_cancelled", appointment, by_visitor=True)
    session.flush()
    return [appointment.id for appointment in appointments]


def end_double_places(session: Session, former_id: int, kept_id: int) -> Ended:
    """End the places of a registration on waiting lists and in queues where the kept one has its
    own: the earlier place stays. Return the rows ended, with their status."""
    ended: Ended = {"waiting_entries": [], "queue_tickets": []}
    waits = select(WaitingEntry).where(
        WaitingEntry.attendee_id.in_((former_id, kept_id)), WaitingEntry.status.in_(LIVE_WAITING)
    )
    lists: dict[int, WaitingEntry] = {}
    for entry in session.scalars(waits.order_by(WaitingEntry.queued_at, WaitingEntry.id)):
        if lists.setdefault(entry.theme_id, entry) is not entry:
            ended["waiting_entries"].append([entry.id, entry.status.value])
            withdraw_offer(session, entry)
            entry.status = WaitingStatus.LEFT
    tickets = select(Ticket).where(
        Ticket.attendee_id.in_((former_id, kept_id)), Ticket.status.in_(LIVE_TICKETS)
    )
    queues: dict[object, Ticket] = {}
    for ticket in session.scalars(
        tickets.order_by(Ticket.called_at.is_(None), Ticket.queued_from, Ticket.id)
    ):
        if queues.setdefault((ticket.stand_id, ticket.day_on), ticket) is not ticket:
            ended["queue_tickets"].append([ticket.id, ticket.status.value])
            ticket.status = TicketStatus.LEFT
    session.flush()
    return ended


def transfer_times(session: Session, former_id: int, kept_id: int) -> None:
    """Give the times of a registration to the kept one; offers that clash are withdrawn.

    Raises VisitorElsewhere for two appointments at the same time.
    """
    own_times = select(VisitorClaim.starts_at).where(VisitorClaim.attendee_id == kept_id)
    clashing = select(VisitorClaim.hold_id).where(
        VisitorClaim.attendee_id == former_id,
        VisitorClaim.hold_id.is_not(None),
        VisitorClaim.starts_at.in_(own_times),
    )
    _drop_holds(session, session.scalars(clashing.distinct()).all())
    with overlaps_as_rules():
        session.execute(
            update(VisitorClaim)
            .where(VisitorClaim.attendee_id == former_id)
            .values(attendee_id=kept_id)
        )


def transfer_agent_times(
    session: Session, former_id: int, kept_id: int, ids: Collection[int] | None = None
) -> list[int]:
    """Give the live appointments of an agent, those of `ids` if given, and the times held there to
    one who takes the same shifts; return which appointments. Raises SlotNotFree."""
    live = select(Appointment.id).where(
        Appointment.agent_id == former_id, Appointment.status.in_(LIVE)
    )
    moved = list(session.scalars(live if ids is None else live.where(Appointment.id.in_(ids))))
    holds = select(Hold.id).where(Hold.agent_id == former_id)
    if ids is not None:
        holds = holds.where(Hold.appointment_id.in_(ids))
    hold_ids = list(session.scalars(holds))
    claims = or_(AgentClaim.appointment_id.in_(moved), AgentClaim.hold_id.in_(hold_ids))
    with overlaps_as_rules():
        for model, rows in (
            (AgentClaim, claims),
            (Appointment, Appointment.id.in_(moved)),
            (Hold, Hold.id.in_(hold_ids)),
        ):
            session.execute(update(model).where(rows).values(agent_id=kept_id))
    return moved


def give_times_back(
    session: Session, moved: dict[str, list[int]], kept_id: int, former_id: int
) -> None:
    """Give the times of rows that `transfer_times` moved back to their registration."""
    holds = select(Hold.id).where(
        or_(
            Hold.waiting_id.in_(moved.get("waiting_entries", [])),
            Hold.appointment_id.in_(moved.get("appointments", [])),
        )
    )
    own = or_(
        VisitorClaim.appointment_id.in_(moved.get("appointments", [])),
        VisitorClaim.hold_id.in_(holds),
    )
    statement = update(VisitorClaim).where(VisitorClaim.attendee_id == kept_id, own)
    session.execute(statement.values(attendee_id=former_id))


def retake_places(session: Session, ended: Ended) -> None:
    """Give the places that `end_double_places` ended their status back, those left since."""
    for entry_id, _ in ended.get("waiting_entries", []):
        entry = session.get_one(WaitingEntry, entry_id)
        if entry.status == WaitingStatus.LEFT:
            # What was offered then is gone; the place in the list is the same.
            entry.status = WaitingStatus.WAITING
    for ticket_id, status in ended.get("queue_tickets", []):
        ticket = session.get_one(Ticket, ticket_id)
        if ticket.status == TicketStatus.LEFT:
            ticket.status = TicketStatus(status)


def book_again(
    session: Session, appointment: Appointment, settings: BookingSettings, now: datetime
) -> None:
    """Book an appointment that `end_appointments` cancelled again, if it is still to come.

    Raises TimeGone.
    """
    if appointment.status != AppointmentStatus.CANCELLED or appointment.starts_at <= now:
        return
    slot = own_slot(appointment, now)
    appointment.cancelled_at = None
    move_to_slot(session, appointment, slot, settings.buffer_minutes)
    notify_visitor(session, "appointment_booked", appointment)


def _drop_holds(session: Session, hold_ids: Sequence[int | None]) -> None:
    """Release offered times; who waited waits again at the same place."""
    offered = select(WaitingEntry).join(Hold, Hold.waiting_id == WaitingEntry.id)
    for entry in session.scalars(offered.where(Hold.id.in_(hold_ids))).all():
        withdraw_offer(session, entry)
    session.execute(delete(Hold).where(Hold.id.in_(hold_ids)))
