"""A stand's queue as its agents' page, its screen and the visitor's page show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from salon.appointments.models import Appointment, Ticket, TicketStatus
from salon.appointments.queries.queue import Queue
from salon.appointments.rules.queue import SOON, Gesture
from salon.platform.database.journal import JournalEntry
from salon.platform.words.formats import NBSP, hour, plural

MOST_NEXT = 5
MOST_CALLED = 4
MOST_CLOSED = 8
STEP = 5
"""Waits are rounded to a multiple of these minutes, their precision."""


@dataclass(frozen=True)
class TimelineLine:
    """A line of the timeline: an appointment at its start, or a ticket at its estimated turn."""

    at: datetime | None
    when: str
    appointment: Appointment | None = None
    ticket: Ticket | None = None
    is_late: bool = False


@dataclass(frozen=True)
class UndoableGesture:
    """The last gesture on a ticket, while it can be undone."""

    ticket: Ticket
    word: str


def wait_words(minutes: int | None) -> str:
    """Return « moins de 5 minutes », « environ 25 minutes » or « environ 1 h 20 »."""
    if minutes is None:
        return "durée inconnue"
    if minutes < STEP:
        return f"moins de {STEP}{NBSP}minutes"
    rounded = -(-minutes // STEP) * STEP
    if rounded < 60:
        return f"environ {rounded}{NBSP}minutes"
    minutes_text = f"{NBSP}{rounded % 60:02d}" if rounded % 60 else ""
    return f"environ {rounded // 60}{NBSP}h{minutes_text}"


def short_wait(minutes: int | None) -> str:
    """Return the wait as a figure of minutes: « 25 », « < 5 » or « ? »."""
    if minutes is None:
        return "?"
    return f"<{NBSP}{STEP}" if minutes < STEP else str(-(-minutes // STEP) * STEP)


def turn_words(at: datetime, now: datetime) -> str:
    """Return the time of a turn: « maintenant » or « vers 10 h 55 »."""
    if at - now < timedelta(minutes=1):
        return "maintenant"
    return f"vers {hour(at + timedelta(minutes=-at.minute % STEP))}"


def timeline(queue: Queue) -> list[TimelineLine]:
    """Return appointments and waiting tickets by time; those without a time come last."""
    lines = [
        TimelineLine(
            appointment.starts_at,
            hour(appointment.starts_at),
            appointment,
            is_late=appointment.starts_at <= queue.now and appointment.arrived_at is None,
        )
        for appointment in queue.appointments
    ]
    for ticket in queue.waiting:
        at = queue.starts_at(ticket)
        lines.append(
            TimelineLine(at, turn_words(at, queue.now) if at else "heure inconnue", ticket=ticket)
        )
    return sorted(lines, key=lambda line: (line.at is None, line.at or queue.now))


def own_call(queue: Queue, agent_id: int | None) -> Ticket | None:
    """Return the ticket that an agent has called and not settled, or None."""
    return next((ticket for ticket in queue.called if ticket.called_by_id == agent_id), None)


def appointment_near(queue: Queue, agent_id: int | None) -> Appointment | None:
    """Return the agent's appointment that is under way or near, shown before a call, or None."""
    return next(
        (
            appointment
            for appointment in queue.appointments
            if appointment.agent_id == agent_id
            and appointment.starts_at <= queue.now + SOON
            and queue.now < appointment.ends_at
        ),
        None,
    )


def undoable_gesture(queue: Queue, entry: JournalEntry | None) -> UndoableGesture | None:
    """Return the last gesture, None when the ticket has changed since."""
    details: Mapping[str, Any] = entry.details if entry is not None else {}
    ticket = next((ticket for ticket in queue.tickets if ticket.id == details.get("ticket")), None)
    if ticket is None or ticket.status != details["became"]:
        return None
    return UndoableGesture(ticket, Gesture(details["gesture"]).label)


def screen_of(queue: Queue) -> dict[str, object]:
    """Return what the screen shows: numbers and first names of agents, no visitor's name."""
    waiting = queue.waiting
    hidden_count = len(waiting) - MOST_NEXT
    return {
        "at": hour(queue.now),
        "called": [
            {
                "number": ticket.number,
                "by": f"avec {ticket.called_by.first_name}" if ticket.called_by else "",
                "since": hour(ticket.called_at) if ticket.called_at else "",
            }
            for ticket in queue.called[:MOST_CALLED]
        ],
        "next": [ticket.number for ticket in waiting[:MOST_NEXT]],
        "more": f"et {plural(hidden_count, 'autre')}" if hidden_count > 0 else "",
        "wait": wait_words(queue.minutes_until(queue.next_turn))
        if queue.is_open
        else "file fermée",
    }


def place_in_queue(queue: Queue, ticket: Ticket) -> dict[str, object]:
    """Return what the visitor's page shows: tickets before this one, estimated wait and time."""
    if ticket.status != TicketStatus.WAITING or ticket.id not in queue.turns:
        return {"before": 0, "wait": "", "when": ""}
    at = queue.starts_at(ticket)
    before = [waiting_ticket.id for waiting_ticket in queue.waiting].index(ticket.id)
    return {
        "before": before,
        "wait": wait_words(queue.minutes_until(queue.turns[ticket.id])),
        "when": turn_words(at, queue.now) if at else "",
    }
