"""Appointments that a change of the rota left without an agent, and the plan to rescue them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from salon.appointments.engine.rescue import Move, Orphan, plan_moves
from salon.appointments.engine.slots import Duty, tick
from salon.appointments.models import Appointment, AppointmentStatus, Hold
from salon.appointments.queries.appointments import (
    appointments,
    busy_times_of_attendees,
    live_appointments,
)
from salon.appointments.queries.situation import duties_by_agent, offering_of, situation_of
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.versions import stamp_of


@dataclass(frozen=True)
class Rescue:
    """The plan: a move for each appointment without an agent, by time."""

    edition: Edition
    moves: Sequence[Move]
    appointments: Mapping[int, Appointment]

    @property
    def stamp(self) -> str:
        """Return a digest of the plan: only the plan that was read is applied."""
        facts = [(move.orphan.id, repr(move.slot), self.of(move).sequence) for move in self.moves]
        return stamp_of(facts)

    def of(self, move: Move) -> Appointment:
        return self.appointments[move.orphan.id]


def untended_appointments(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> list[Appointment]:
    """Return the booked appointments to come that no published shift of their agent covers.

    `body_ids`: only of agents of these bodies.
    """
    duties = duties_by_agent(edition)
    return [
        appointment
        for appointment in live_appointments(edition, now)
        if (body_ids is None or appointment.agent.body_id in body_ids)
        and not is_covered(duties.get(appointment.agent_id, ()), appointment, now)
    ]


def uncovered_holds(edition: Edition, now: datetime) -> list[Hold]:
    """Return the offered or proposed times that no published shift covers any more."""
    statement = select(Hold).where(
        Hold.edition_id == edition.id,
        Hold.expires_at > now,
        or_(Hold.waiting_id.is_not(None), Hold.appointment_id.is_not(None)),
    )
    holds = current_session().scalars(statement.order_by(Hold.id)).all()
    if not holds:
        return []
    duties = duties_by_agent(edition)
    return [hold for hold in holds if not is_covered(duties.get(hold.agent_id, ()), hold, now)]


def is_covered(duties: Sequence[Duty], claim: Appointment | Hold, now: datetime) -> bool:
    """Return whether consecutive duties of the claim's agent cover its time from now on.

    An agent who looks for a stand-in is expected until it is taken.
    """
    covered_until = max(tick(claim.starts_at), tick(now))
    until = max(covered_until + 1, tick(claim.ends_at))
    for duty in duties:
        if duty.stand_id == claim.stand_id and duty.start <= covered_until:
            covered_until = max(covered_until, duty.end)
    return covered_until >= until


def read_rescue(edition: Edition, now: datetime, body_ids: Collection[int] | None = None) -> Rescue:
    """Return the plan for what is untended now; `body_ids`: only agents of these bodies."""
    return rescue_of(edition, untended_appointments(edition, now, body_ids), now)


def rescue_of(edition: Edition, lost: Sequence[Appointment], now: datetime) -> Rescue:
    """Return the plan that moves these appointments, each to an agent or to another time."""
    if not lost:
        return Rescue(edition, [], {})
    ids = [appointment.id for appointment in lost]
    busy_times = busy_times_of_attendees(
        [appointment.attendee_id for appointment in lost], now, ids
    )
    orphans = [
        Orphan(
            appointment.id,
            appointment.theme_id,
            appointment.agent_id,
            appointment.stand_id,
            tick(appointment.starts_at),
            tick(appointment.ends_at),
            appointment.attendee_id,
            frozenset(tick(at) for at in busy_times.get(appointment.attendee_id, ())),
        )
        for appointment in lost
    ]
    situation = situation_of(edition, now, without=ids)
    moves = plan_moves(situation, orphans, offering_of(edition).demands, tick(now))
    return Rescue(edition, moves, {appointment.id: appointment for appointment in lost})


def appointments_to_choose(edition: Edition) -> Sequence[Appointment]:
    """Return the appointments whose visitor has to choose another time."""
    statement = appointments(edition).where(Appointment.status == AppointmentStatus.TO_CHOOSE)
    return current_session().scalars(statement).all()
