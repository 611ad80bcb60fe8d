"""Rescue: apply the plan for appointments without an agent, and report them to coordinators."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.rescue import Proposal, Reassignment
from salon.appointments.engine.slots import TICK, Slot
from salon.appointments.models import Appointment, AppointmentStatus, BookingSettings, Hold
from salon.appointments.queries.appointments import live_appointments
from salon.appointments.queries.rescue import Rescue, rescue_of, untended_appointments
from salon.appointments.rules import booking as rules
from salon.appointments.services.claims import delete_claims, delete_expired_holds
from salon.appointments.services.messages import message_context, notify_agent, notify_visitor
from salon.appointments.services.offering import requeue_appointment
from salon.appointments.services.placing import add_hold, lock_appointments, move_to_slot
from salon.appointments.services.settings import get_or_create_settings
from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.village_day.queries.standins import coordinators_or_organisers, organisers


def apply_rescue(act: FairAct, stamp: str, body_ids: Collection[int] | None) -> Rescue:
    """Apply the whole plan; notify each visitor and each receiving agent once.

    `stamp`: of the plan that the author read. Raises NothingToRescue, PlanChanged.
    """
    settings = get_or_create_settings(act.edition)
    with act.transaction(settings) as session:
        delete_expired_holds(session, act.now)
        lost = untended_appointments(act.edition, act.now, body_ids)
        lock_appointments(session, [appointment.id for appointment in lost])
        rescue = rescue_of(act.edition, lost, act.now)
        rules.check_something_to_rescue(len(rescue.moves))
        rules.check_same_plan(stamp, rescue.stamp)
        carry_out(act, session, rescue, settings)
    return rescue


def carry_out(
    act: Act, session: Session, rescue: Rescue, settings: BookingSettings, words: str = ""
) -> None:
    """Apply a plan to appointments that are locked; notify each visitor and agent once.

    `words`: added to the visitors' messages.
    """
    for move in rescue.moves:
        # Release all claims first: a move may take the time of another appointment.
        delete_claims(session, rescue.of(move))
    for move in rescue.moves:
        appointment = rescue.of(move)
        if isinstance(move, Reassignment):
            _reassign(session, appointment, move.slot, settings, words)
        else:
            _propose(session, rescue.edition, appointment, move, act.now, words)
        write_entry(
            session,
            act.actor,
            AppointmentAction.RESCUED,
            f"appointment:{appointment.id}",
            how="kept" if isinstance(move, Reassignment) else "proposed",
            agent=appointment.agent_id,
        )


def notify_untended_appointments(now: datetime) -> int:
    """Notify the coordinators once of each appointment without an agent; return how many."""
    return sum(_notify_untended_in(edition, now) for edition in confirmed_editions())


def _notify_untended_in(edition: Edition, now: datetime) -> int:
    untended_ids = {appointment.id for appointment in untended_appointments(edition, now)}
    live = live_appointments(edition, now)
    held_again = [
        appointment
        for appointment in live
        if appointment.untended_told_at and appointment.id not in untended_ids
    ]
    newly_lost = [
        appointment
        for appointment in live
        if appointment.untended_told_at is None and appointment.id in untended_ids
    ]
    if not newly_lost and not held_again:
        return 0
    with transaction(get_or_create_settings(edition)) as session:
        lock_appointments(session, [appointment.id for appointment in (*newly_lost, *held_again)])
        still_untended_ids = {appointment.id for appointment in untended_appointments(edition, now)}
        for appointment in held_again:
            if appointment.id not in still_untended_ids:
                appointment.untended_told_at = None  # reported again if it is lost again
        reported = [
            appointment
            for appointment in newly_lost
            if appointment.id in still_untended_ids and appointment.untended_told_at is None
        ]
        for appointment in reported:
            appointment.untended_told_at = now
        for body_id in {appointment.agent.body_id for appointment in reported}:
            _notify_body(session, edition, body_id, reported)
    return len(reported)


def _notify_body(
    session: Session, edition: Edition, body_id: int, appointments: Collection[Appointment]
) -> None:
    body_appointments = [
        appointment for appointment in appointments if appointment.agent.body_id == body_id
    ]
    absent = {appointment.agent.email for appointment in body_appointments}
    people = [
        person for person in coordinators_or_organisers(edition, body_id) if person[0] not in absent
    ]
    for email, first_name in people or organisers():
        outbox.post(
            session,
            "appointments_untended",
            email,
            about=f"body:{body_id}",
            first_name=first_name,
            appointments=[
                {
                    **message_context(appointment),
                    "whose": appointment.attendee.on_behalf_of,
                    "name": appointment.attendee.full_name,
                }
                for appointment in body_appointments
            ],
        )
    for appointment in body_appointments:
        write_entry(session, SYSTEM, AppointmentAction.UNTENDED, f"appointment:{appointment.id}")


def _reassign(
    session: Session,
    appointment: Appointment,
    slot: Slot,
    settings: BookingSettings,
    words: str,
) -> None:
    before = message_context(appointment)
    same_agent = appointment.agent_id == slot.agent_id
    move_to_slot(session, appointment, slot, settings.buffer_minutes)
    context = {"before": before, "same_agent": same_agent, "words": words}
    notify_visitor(session, "appointment_reassigned", appointment, **context)
    notify_agent(session, "appointment_entrusted", appointment, same_agent=same_agent)


def _propose(
    session: Session,
    edition: Edition,
    appointment: Appointment,
    move: Proposal,
    now: datetime,
    words: str,
) -> None:
    """Hold another time for the visitor until it begins, or put them on the waiting list."""
    before = message_context(appointment)
    appointment.status = AppointmentStatus.TO_CHOOSE
    appointment.sequence += 1
    appointment.untended_told_at = None
    session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
    proposal = None
    if move.slot is not None:
        hold = add_hold(
            session,
            edition,
            appointment.theme_id,
            move.slot,
            move.slot.starts_at - TICK,
            appointment.attendee_id,
            appointment_id=appointment.id,
        )
        proposal = message_context(hold)
    else:
        requeue_appointment(session, appointment, now)
    context = {"before": before, "proposal": proposal, "words": words}
    notify_visitor(session, "appointment_to_choose", appointment, **context)
