"""Restore cancelled appointments at their own time, if it is still free."""

from datetime import datetime

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.slots import Slot
from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import appointments_cancelled_since
from salon.appointments.rules import booking as rules
from salon.appointments.rules.booking import Limit, SlotNotFree
from salon.appointments.services.booking import check_limits
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.messages import notify_visitor
from salon.appointments.services.placing import Choice, find_slot, move_to_slot
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.models import AttendeeStatus
from salon.badges.services import restore_attendee
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import call_off_about
from salon.platform.words.errors import RuleBroken

OWN_TIME = (Limit.NOTICE, Limit.COVER)
"""Limits that the appointment already passed when it was booked."""


def retake_appointment(act: Act, appointment: Appointment) -> Appointment:
    """Book a cancelled appointment again at its time, with its agent or a colleague.

    Idempotent. The cancellation message is called off, or a new confirmation posted if it had left.
    Raises TimeGone, AlreadyBegun, NotCancelled, NotRegistered, VisitorElsewhere; LimitReached for
    the public.
    """
    edition = appointment.edition
    settings = get_or_create_settings(edition)
    with act.transaction(settings, appointment) as session:
        if appointment.is_live:
            return appointment
        rules.check_is_cancelled(appointment.status == AppointmentStatus.CANCELLED)
        rules.check_has_not_begun(appointment.starts_at, act.now)
        rules.check_visitor_is_registered(appointment.attendee.status == AttendeeStatus.REGISTERED)
        accepted = (*OWN_TIME, Limit.PER_VISITOR, Limit.PER_COMMUNE) if act.actor.role else OWN_TIME
        check_limits(appointment.attendee, appointment.theme_id, settings, accepted)
        delete_expired_holds(session, act.now)
        slot = own_slot(appointment, act.now)
        appointment.cancelled_at = None
        move_to_slot(session, appointment, slot, settings.buffer_minutes)
        subject = f"appointment:{appointment.id}"
        write_entry(session, act.actor, AppointmentAction.RETAKEN, subject)
        if call_off_about(session, subject, "appointment_cancelled"):
            notify_visitor(session, "appointment_booked", appointment)
    return appointment


def restore_visitor(act: Act, attendee_id: int) -> list[Appointment]:
    """Restore a cancelled registration and the appointments cancelled with it.

    Return the appointments whose time is gone. Raises as `restore_attendee`.
    """
    cancelled_at = restore_attendee(act, attendee_id)
    lost = []
    for appointment in appointments_cancelled_since(attendee_id, cancelled_at):
        try:
            retake_appointment(act, appointment)
        except RuleBroken:
            lost.append(appointment)
    return lost


def own_slot(appointment: Appointment, now: datetime) -> Slot:
    """Return a slot at the appointment's time, with its agent or a colleague. Raises TimeGone."""
    for agent_id in (appointment.agent_id, None):
        choice = Choice(appointment.theme_id, appointment.starts_at, agent_id)
        try:
            return find_slot(appointment.edition, choice, now, accepted=OWN_TIME)
        except (SlotNotFree, rules.NotThisAgent):
            continue
    raise rules.TimeGone
