"""Reads of the queues of stands, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.appointments.engine.queue_times import (
    Server,
    Span,
    Turn,
    estimated_turns,
    instant,
    minute,
)
from salon.appointments.engine.slots import TICK, Situation, tick, tick_from
from salon.appointments.engine.slots import instant as instant_of_tick
from salon.appointments.models import Appointment, AppointmentStatus, Ticket, TicketStatus
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.queries.settings import USUAL_MINUTES, theme_bookings
from salon.appointments.queries.situation import Window, situation_of
from salon.appointments.rules.queue import HONOURABLE, SOON, Gesture, is_open
from salon.badges.models import Attendee, Commune
from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local
from salon.staffing.models import Agent, Shift, ShiftStatus

LIVE = (TicketStatus.WAITING, TicketStatus.CALLED)
WITH_STAND = (
    joinedload(Ticket.stand).joinedload(Stand.body),
    joinedload(Ticket.stand).joinedload(Stand.hall),
    joinedload(Ticket.called_by),
    joinedload(Ticket.attendee).joinedload(Attendee.commune).joinedload(Commune.epci),
    joinedload(Ticket.appointment),
)


@dataclass(frozen=True)
class Queue:
    """A stand's queue at a moment.

    `tickets`: those of the day, in the order of their turn. `turns`: by waiting ticket;
    `next_turn`: of a number taken now. `appointments`: expected today, without a ticket. `usual`:
    minutes of a meeting.
    """

    body: PartnerBody
    now: datetime
    tickets: Sequence[Ticket]
    appointments: Sequence[Appointment]
    turns: dict[int, Turn | None]
    next_turn: Turn | None
    agents: int
    usual: int
    is_open: bool

    @property
    def waiting(self) -> list[Ticket]:
        return [ticket for ticket in self.tickets if ticket.status == TicketStatus.WAITING]

    @property
    def called(self) -> list[Ticket]:
        """Return the called tickets, the latest first."""
        tickets = [ticket for ticket in self.tickets if ticket.status == TicketStatus.CALLED]
        return sorted(tickets, key=lambda ticket: ticket.called_at or ticket.taken_at, reverse=True)

    @property
    def closed(self) -> list[Ticket]:
        """Return the closed tickets, the latest first."""
        tickets = [ticket for ticket in self.tickets if ticket.status not in LIVE]
        return sorted(tickets, key=lambda ticket: ticket.closed_at or ticket.taken_at, reverse=True)

    def minutes_until(self, turn: Turn | None) -> int | None:
        """Return the minutes until a turn; None when no time is left for it."""
        return None if turn is None else turn.start - minute(self.now)

    def starts_at(self, ticket: Ticket) -> datetime | None:
        """Return the estimated start of a waiting ticket; None when no time is left for it."""
        turn = self.turns[ticket.id]
        return None if turn is None else instant(turn.start)


def read_queue(edition: Edition, body: PartnerBody, now: datetime) -> Queue:
    """Return the queue of a stand today, with the estimated turn of each waiting ticket."""
    tickets = tickets_of(body.stand_id, local(now).date())
    placed = {ticket.appointment_id for ticket in tickets if ticket.status in LIVE}
    appointments = [
        appointment
        for appointment in _appointments_at(edition, body.stand_id, now)
        if appointment.id not in placed
    ]
    usual = usual_minutes(edition, body)
    servers = _servers(edition, body.stand_id, tickets, appointments, usual, now)
    waiting = [ticket for ticket in tickets if ticket.status == TicketStatus.WAITING]
    *estimates, last = estimated_turns(servers, [usual] * (len(waiting) + 1), minute(now))
    at = minute(now)
    return Queue(
        body=body,
        now=now,
        tickets=tickets,
        appointments=appointments,
        turns={ticket.id: turn for ticket, turn in zip(waiting, estimates, strict=True)},
        next_turn=last,
        agents=sum(any(a <= at < b for a, b in server.present) for server in servers),
        usual=usual,
        is_open=is_open(edition.days, now),
    )


def tickets_of(stand_id: int, day_on: date) -> Sequence[Ticket]:
    """Return the tickets of a stand on a day, in the order of their turn."""
    statement = select(Ticket).where(Ticket.stand_id == stand_id, Ticket.day_on == day_on)
    statement = statement.options(*WITH_STAND).order_by(Ticket.queued_from, Ticket.number)
    return current_session().scalars(statement).all()


def get_ticket(stand_id: int, ticket_id: int) -> Ticket:
    """Return a ticket of a stand. Raises NoResultFound."""
    statement = select(Ticket).where(Ticket.stand_id == stand_id, Ticket.id == ticket_id)
    return current_session().scalars(statement.options(*WITH_STAND)).one()


def get_ticket_by_token(token: str) -> Ticket:
    """Return the ticket of a private link. Raises NoResultFound."""
    statement = select(Ticket).where(Ticket.private_token == token)
    return current_session().scalars(statement.options(*WITH_STAND)).one()


def find_live_ticket(attendee_id: int, stand_id: int, day_on: date) -> Ticket | None:
    """Return the ticket with which a person waits at a stand on a day, or None."""
    statement = select(Ticket).where(
        Ticket.attendee_id == attendee_id,
        Ticket.stand_id == stand_id,
        Ticket.day_on == day_on,
        Ticket.status.in_(LIVE),
    )
    return current_session().scalar(statement.order_by(Ticket.number).limit(1))


def find_late_appointment(stand_id: int, attendee_id: int, now: datetime) -> Appointment | None:
    """Return a person's latest appointment at a stand begun today and not held, or None."""
    statement = select(Appointment).where(
        Appointment.stand_id == stand_id,
        Appointment.attendee_id == attendee_id,
        Appointment.status.in_(HONOURABLE),
        Appointment.starts_at <= now,
        Appointment.starts_at > now - timedelta(days=1),
    )
    late = current_session().scalars(statement.order_by(Appointment.starts_at.desc())).all()
    today = local(now).date()
    return next(
        (appointment for appointment in late if local(appointment.starts_at).date() == today), None
    )


def find_appointment_soon(agent_id: int, now: datetime) -> Appointment | None:
    """Return the agent's appointment that is under way or begins within five minutes, or None.

    Those whose visitor has a ticket are left out.
    """
    numbered = select(Ticket.appointment_id).where(
        Ticket.appointment_id.is_not(None), Ticket.status.in_(LIVE)
    )
    statement = select(Appointment).where(
        Appointment.agent_id == agent_id,
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.starts_at <= now + SOON,
        Appointment.ends_at > now,
        Appointment.id.not_in(numbered),
    )
    statement = statement.options(*WITH_ALL).order_by(Appointment.starts_at).limit(1)
    return current_session().scalar(statement)


def find_last_gesture(stand_id: int) -> JournalEntry | None:
    """Return the last gesture on a ticket of the stand, None if it was undone."""
    statement = select(JournalEntry).where(JournalEntry.subject == f"queue:{stand_id}")
    entry = current_session().scalar(statement.order_by(JournalEntry.id.desc()).limit(1))
    return entry if entry is not None and entry.details.get("gesture") in list(Gesture) else None


def usual_minutes(edition: Edition, body: PartnerBody) -> int:
    """Return the mean duration of the themes of a stand, in minutes."""
    bookings = theme_bookings(edition)
    lengths = [
        bookings[theme.id].minutes if theme.id in bookings else USUAL_MINUTES
        for theme in body.themes
    ]
    return round(sum(lengths) / len(lengths)) if lengths else USUAL_MINUTES


def is_on_rota_of(agent: Agent, stand_id: int) -> bool:
    """Return whether an agent has a published shift on a stand."""
    statement = select(Shift.id).where(
        Shift.agent_id == agent.id,
        Shift.stand_id == stand_id,
        Shift.status == ShiftStatus.PUBLISHED,
    )
    return current_session().scalar(statement.limit(1)) is not None


def _appointments_at(edition: Edition, stand_id: int, now: datetime) -> list[Appointment]:
    """Return today's appointments of a stand that are still expected, by time."""
    statement = select(Appointment).where(
        Appointment.edition_id == edition.id,
        Appointment.stand_id == stand_id,
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.starts_at > now - timedelta(days=1),
        Appointment.starts_at < now + timedelta(days=1),
    )
    expected = current_session().scalars(
        statement.options(*WITH_ALL).order_by(Appointment.starts_at)
    )
    today = local(now).date()
    return [appointment for appointment in expected if local(appointment.starts_at).date() == today]


def _servers(
    edition: Edition,
    stand_id: int,
    tickets: Sequence[Ticket],
    appointments: Sequence[Appointment],
    usual: int,
    now: datetime,
) -> list[Server]:
    """Return the agents on duty from now on today, with their expected appointments."""
    ends_at = next(
        (day.closes_at for day in edition.days if day.opens_at <= now < day.closes_at), now
    )
    situation = situation_of(edition, now, Window(now, ends_at), with_notice=False)
    present = _present(situation, stand_id, (tick(now), tick_from(ends_at)))
    engaged: dict[int, list[Span]] = {agent_id: [] for agent_id in present}
    for appointment in appointments:
        if appointment.agent_id in engaged:
            engaged[appointment.agent_id].append(
                (minute(appointment.starts_at), minute(appointment.ends_at))
            )
    for agent_id, began_at in _receiving(tickets).items():
        if agent_id in engaged:
            engaged[agent_id].append((minute(began_at), minute(began_at) + usual))
    return [Server(agent_id, present[agent_id], engaged[agent_id]) for agent_id in sorted(present)]


def _present(
    situation: Situation, stand_id: int, ticks_left: tuple[int, int]
) -> dict[int, list[Span]]:
    spans_by_agent: dict[int, list[Span]] = {}
    for duty in situation.duties:
        is_over = duty.end <= ticks_left[0] or duty.start >= ticks_left[1]
        if duty.stand_id != stand_id or is_over:
            continue
        ticks = [
            at
            for at in range(duty.start, duty.end)
            if not situation.is_away(duty.agent_id, at, at + 1)
        ]
        spans = spans_by_agent.setdefault(duty.agent_id, [])
        for at in ticks:
            span = minute(instant_of_tick(at)), minute(instant_of_tick(at) + TICK)
            if spans and spans[-1][1] == span[0]:
                span = spans.pop()[0], span[1]
            spans.append(span)
    return spans_by_agent


def _receiving(tickets: Sequence[Ticket]) -> dict[int, datetime]:
    """Return since when each agent receives the number that they called last."""
    began_at: dict[int, datetime] = {}
    for ticket in sorted(tickets, key=lambda ticket: ticket.called_at or ticket.taken_at):
        if ticket.called_by_id is not None and ticket.called_at is not None:
            if ticket.status == TicketStatus.CALLED:
                began_at[ticket.called_by_id] = ticket.called_at
            elif ticket.status == TicketStatus.MET:
                began_at[ticket.called_by_id] = ticket.closed_at or ticket.called_at
            else:
                began_at.pop(ticket.called_by_id, None)
    return began_at
