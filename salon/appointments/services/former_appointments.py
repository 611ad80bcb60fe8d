"""Appointments as undo data have them: what they were, and what the change made of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.appointments.engine.slots import Slot, tick
from salon.appointments.models import Appointment, AppointmentStatus, BookingSettings, Hold
from salon.appointments.services.claims import delete_claims, find_clash
from salon.appointments.services.messages import message_context, notify_visitor
from salon.appointments.services.offering import requeue_appointment
from salon.appointments.services.placing import lock_appointments, move_to_slot
from salon.badges.models import AttendeeStatus
from salon.fair.models import Edition, Stand
from salon.fair.queries import body_id_at, find_stand_of_body
from salon.platform.database.consequences import Change, Consequence, Consequences, Facts, Fate
from salon.platform.database.db import current_session
from salon.platform.database.moments import OfDayGivenUp
from salon.platform.mail.wording import Context
from salon.platform.words.formats import hour
from salon.staffing.models import Agent

LABEL = "Rendez-vous"
Tell = Callable[[Session, Change, Appointment, Context], None]


def facts_of(appointment: Appointment) -> list[Any]:
    times = appointment.starts_at, appointment.ends_at
    return [appointment.agent_id, appointment.stand_id, *times, appointment.status.value]


def former_appointment(appointment: Appointment, before: Facts, after: Facts) -> list[object]:
    """Return a row of undo data: the facts of an appointment before and after a change."""
    stand = current_session().get_one(Stand, before[1])
    return ["appointment", appointment.id, before, after, body_id_at(stand)]


def restore_appointments(
    session: Session,
    edition: Edition,
    change: Change,
    settings: BookingSettings,
    former: Facts,
    tell: Tell,
) -> Consequences:
    """Give back to appointments what they had, unless their visitor changed them since.

    `former`: number, facts before, facts after, body of each. One whose agent or hour is not there
    stays pending; one whose time another took does not come back. `tell` posts the messages.
    """
    chains = _chains(former)
    lock_appointments(session, list(chains))
    names, left_out, pending, touched = [], [], [], []
    for appointment_id, row in chains.items():
        appointment = session.get(Appointment, appointment_id)
        if appointment is None:
            continue
        before, after, body_id = row
        if not _same(facts_of(appointment), after):
            pending.append(["appointment", appointment_id, *row])
            continue
        slot = _slot(edition, change, appointment, before, body_id)
        if slot is None:
            left_out.append(_name(appointment))
            pending.append(["appointment", appointment_id, *row])
            continue
        touched.append((appointment, before, slot))
    for appointment, *_ in touched:
        session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
        delete_claims(session, appointment)
    for appointment, before, slot in touched:
        clash = find_clash(session, slot, appointment.attendee_id, settings.buffer_minutes)
        if clash is not None:
            left_out.append(_name(appointment))
            if appointment.status == AppointmentStatus.BOOKED:
                move_to_slot(
                    session, appointment, _present_slot(appointment), settings.buffer_minutes
                )
            continue
        replaced = message_context(appointment)
        appointment.cancelled_at = None
        move_to_slot(session, appointment, slot, settings.buffer_minutes)
        if before[4] == AppointmentStatus.TO_CHOOSE:
            appointment.status = AppointmentStatus.TO_CHOOSE
            delete_claims(session, appointment)
            ask_to_choose(session, appointment, change)
        else:
            tell(session, change, appointment, replaced)
        names.append(_name(appointment))
    session.flush()
    return [
        Consequence(Fate.RESTORED, LABEL, names),
        Consequence(Fate.LEFT_OUT, LABEL, left_out, pending=pending),
    ]


def ask_to_choose(session: Session, appointment: Appointment, change: Change) -> None:
    """Put the visitor of an appointment that has no time on the waiting list again; say so."""
    requeue_appointment(session, appointment, change.at)
    context = {"before": message_context(appointment), "proposal": None, "words": change.words}
    notify_visitor(session, "appointment_to_choose", appointment, **context)


def _chains(former: Facts) -> Mapping[int, tuple[Any, ...]]:
    """Return (before, after, body) of each appointment.

    Where what a change found had been made by another one, undone since, the former state counts.
    """
    rows: dict[int, tuple[Any, ...]] = {}
    for appointment_id, before, after, *body_ids in former:
        body_id = body_ids[0] if body_ids else None
        own = rows.get(appointment_id)
        if own is None:
            rows[appointment_id] = before, after, body_id
        elif _same(after, own[0]):
            rows[appointment_id] = before, own[1], body_id
        elif _same(own[1], before):
            rows[appointment_id] = own[0], after, own[2]
    return rows


def _same(facts: Sequence[object], others: Sequence[object]) -> bool:
    """Return whether two states are alike.

    The stand follows the body; the days move without what was cancelled.
    """
    if facts[4] == others[4] == AppointmentStatus.CANCELLED:
        return bool(facts[0] == others[0])
    return [facts[0], *facts[2:]] == [others[0], *others[2:]]


def _slot(
    edition: Edition, change: Change, appointment: Appointment, before: Facts, body_id: int | None
) -> Slot | None:
    """Return where and when an appointment comes back; None while it cannot."""
    agent_id, stand_id, starts_at, ends_at, _ = before
    stand = find_stand_of_body(stand_id, body_id)
    agent = current_session().get_one(Agent, agent_id)
    if stand is None or isinstance(starts_at, OfDayGivenUp) or agent.removed_at is not None:
        return None
    if appointment.attendee.status != AttendeeStatus.REGISTERED:
        return None
    if appointment.theme.withdrawn_at is not None:
        return None
    is_past = ends_at <= change.at and not edition.is_postponed
    if is_past or not _is_open(edition, starts_at, ends_at):
        return None
    return Slot(agent_id, stand.id, tick(starts_at), tick(ends_at))


def _is_open(edition: Edition, starts_at: datetime, ends_at: datetime) -> bool:
    return any(day.opens_at <= starts_at and ends_at <= day.closes_at for day in edition.days)


def _present_slot(appointment: Appointment) -> Slot:
    start, end = tick(appointment.starts_at), tick(appointment.ends_at)
    return Slot(appointment.agent_id, appointment.stand_id, start, end)


def _name(appointment: Appointment) -> str:
    return f"{appointment.attendee.full_name}, {hour(appointment.starts_at)}"
