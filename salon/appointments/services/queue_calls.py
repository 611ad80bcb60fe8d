"""The queue of a stand: call the next number and record what became of it.

A waiting number with a `called_at` was called and put back. Each gesture is journaled with the
state before it, so that the last one can be undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.queue_times import time_to_put_back
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    Hold,
    Ticket,
    TicketStatus,
    WaitingStatus,
)
from salon.appointments.queries import queue as queries
from salon.appointments.rules import queue as rules
from salon.appointments.rules.meeting import check_can_undo
from salon.appointments.rules.queue import Gesture
from salon.appointments.services.placing import settle_waiting_entries
from salon.appointments.services.queue import locked_queue
from salon.fair.models import Stand
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local
from salon.staffing.models import Agent


def call_next(act: Act, stand: Stand, agent: Agent | None, *, knowing: bool = False) -> Ticket:
    """Call the next number; two agents at once call two numbers.

    `agent` None: an organiser calls for the stand. `knowing`: the agent accepts to call in spite of
    a near appointment. Raises NobodyWaits, StillCalling, AppointmentSoon.
    """
    with locked_queue(act, stand.id) as session:
        tickets = queries.tickets_of(stand.id, local(act.now).date())
        if agent is not None:
            own_tickets = [ticket for ticket in tickets if ticket.called_by_id == agent.id]
            called_numbers = [
                ticket.number for ticket in own_tickets if ticket.status == TicketStatus.CALLED
            ]
            rules.check_calls_nobody(called_numbers[0] if called_numbers else None)
            soon = None if knowing else queries.find_appointment_soon(agent.id, act.now)
            visitor_place = soon.attendee.on_behalf_of if soon else ""
            rules.check_is_free(soon.starts_at if soon else None, visitor_place, act.now)
        waiting = [ticket for ticket in tickets if ticket.status == TicketStatus.WAITING]
        if not waiting:
            raise rules.NobodyWaits
        ticket = waiting[0]
        before = _ticket_state(ticket)
        ticket.status, ticket.called_at, ticket.closed_at = TicketStatus.CALLED, act.now, None
        ticket.called_by_id = agent.id if agent else None
        _write_gesture(act, session, ticket, Gesture.CALL, before)
    return ticket


def serve_ticket(act: Act, ticket: Ticket, agent: Agent | None) -> Ticket:
    """Record that the visitor is received, and so is their late appointment.

    Raises NumberChanged.
    """
    with _gesture(act, ticket, Gesture.SERVE, ticket.appointment_id) as session:
        if ticket.status == TicketStatus.WAITING:
            ticket.called_at, ticket.called_by_id = act.now, agent.id if agent else None
        ticket.status, ticket.closed_at = TicketStatus.MET, act.now
        if ticket.appointment is not None and ticket.appointment.status in rules.HONOURABLE:
            _close_late_appointment(session, ticket.appointment, act.now)
    return ticket


def miss_ticket(act: Act, ticket: Ticket) -> Ticket:
    """Record that the called visitor is not there. Raises NumberChanged."""
    with _gesture(act, ticket, Gesture.MISS):
        ticket.status, ticket.closed_at = TicketStatus.MISSED, act.now
    return ticket


def put_back_ticket(act: Act, ticket: Ticket) -> Ticket:
    """Put a called number back next in the queue, behind those put back before it.

    Raises NumberChanged.
    """
    with _gesture(act, ticket, Gesture.PUT_BACK):
        waiting = [
            (ticket.queued_from, ticket.called_at is not None)
            for ticket in queries.tickets_of(ticket.stand_id, ticket.day_on)
            if ticket.status == TicketStatus.WAITING
        ]
        ticket.status, ticket.closed_at = TicketStatus.WAITING, None
        ticket.queued_from = time_to_put_back(waiting, act.now)
    return ticket


def leave_queue(act: Act, ticket: Ticket, *, as_visitor: bool = False) -> Ticket:
    """Take a number out of the queue. Idempotent for the visitor. Raises NumberChanged."""
    with locked_queue(act, ticket.stand_id) as session:
        session.refresh(ticket)
        if as_visitor and ticket.status == TicketStatus.LEFT:
            return ticket
        before = _check_gesture(session, ticket, Gesture.LEAVE)
        ticket.status, ticket.closed_at = TicketStatus.LEFT, act.now
        if as_visitor:
            write_entry(
                session,
                act.actor,
                AppointmentAction.TICKET_LEFT,
                f"ticket:{ticket.id}",
                number=ticket.number,
            )
        else:
            _write_gesture(act, session, ticket, Gesture.LEAVE, before)
    return ticket


def undo_gesture(act: Act, stand: Stand, ticket_id: int) -> Ticket:
    """Undo the last gesture on a number of the stand. Raises NothingToUndo."""
    read_ticket = queries.get_ticket(stand.id, ticket_id)
    with locked_queue(act, stand.id, read_ticket.appointment_id) as session:
        entry = queries.find_last_gesture(stand.id)
        ticket = queries.get_ticket(stand.id, ticket_id)
        session.refresh(ticket)
        details = entry.details if entry is not None else {}
        if details.get("ticket") != ticket.id or details.get("became") != ticket.status:
            raise rules.NothingToUndo
        _restore(ticket, details["was"])
        subject = f"queue:{stand.id}"
        write_entry(
            session,
            act.actor,
            AppointmentAction.QUEUE_UNDONE,
            subject,
            ticket=ticket.id,
            number=ticket.number,
        )
    return ticket


def _close_late_appointment(session: Session, appointment: Appointment, now: datetime) -> None:
    appointment.status = AppointmentStatus.MET
    appointment.arrived_at = appointment.arrived_at or now
    appointment.closed_at = now
    session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
    settle_waiting_entries(session, appointment, WaitingStatus.SERVED)


@contextmanager
def _gesture(
    act: Act, ticket: Ticket, gesture: Gesture, appointment_id: int | None = None
) -> Iterator[Session]:
    """Lock the queue and the appointment, check the gesture, and journal it once made."""
    with locked_queue(act, ticket.stand_id, appointment_id) as session:
        before = _check_gesture(session, ticket, gesture)
        yield session
        _write_gesture(act, session, ticket, gesture, before)


def _check_gesture(session: Session, ticket: Ticket, gesture: Gesture) -> dict[str, object]:
    """Refresh the ticket, check that the gesture is possible, and return its state."""
    session.refresh(ticket)
    rules.check_gesture(gesture, ticket.number, ticket.status)
    return _ticket_state(ticket)


def _ticket_state(ticket: Ticket) -> dict[str, object]:
    appointment = ticket.appointment
    return {
        "status": ticket.status.value,
        "called_by_id": ticket.called_by_id,
        "appointment": appointment.status.value if appointment else None,
        "called_at": ticket.called_at.isoformat() if ticket.called_at else None,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
        "queued_from": ticket.queued_from.isoformat(),
    }


def _restore(ticket: Ticket, was: dict[str, Any]) -> None:
    """Restore a ticket, and its appointment if this gesture closed it. Raises AccountWritten."""
    was_served = ticket.status == TicketStatus.MET
    ticket.status = TicketStatus(was["status"])
    ticket.called_by_id = was["called_by_id"]
    ticket.queued_from = datetime.fromisoformat(was["queued_from"])
    for name in ("called_at", "closed_at"):
        setattr(ticket, name, datetime.fromisoformat(was[name]) if was[name] else None)
    appointment = ticket.appointment
    ended = appointment is not None and appointment.status == AppointmentStatus.MET
    if appointment is not None and was_served and ended and was["appointment"] != "met":
        check_can_undo(appointment)
        appointment.status = AppointmentStatus(was["appointment"])
        appointment.closed_at = None


def _write_gesture(
    act: Act, session: Session, ticket: Ticket, gesture: Gesture, was: dict[str, object]
) -> None:
    write_entry(
        session,
        act.actor,
        AppointmentAction(f"queue.{gesture}"),
        f"queue:{ticket.stand_id}",
        gesture=gesture.value,
        ticket=ticket.id,
        number=ticket.number,
        became=ticket.status.value,
        was=was,
    )
