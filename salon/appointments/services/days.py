"""Follow a change of the days: appointments move with their day, or find another time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from salon.appointments.engine.rescue import Reassignment
from salon.appointments.engine.slots import Slot, tick
from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    BookingRequest,
    BookingSettings,
    Hold,
)
from salon.appointments.queries.appointments import LIVE
from salon.appointments.queries.rescue import rescue_of
from salon.appointments.services.claims import delete_claims, delete_expired_holds
from salon.appointments.services.messages import message_context, notify_visitor
from salon.appointments.services.placing import lock_appointments, move_to_slot
from salon.appointments.services.rescue import carry_out
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    DaysChange,
    Facts,
    Fate,
    Follower,
)
from salon.platform.words.formats import hour
from salon.staffing.models import Agent


class AppointmentsFollower(Follower[DaysChange]):
    """Appointments to come: same time on the new day; one outside the new hours is rescued."""

    name = "appointments"
    gate = BookingSettings

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        settings = session.get(BookingSettings, edition.id)
        if settings is None:
            return []
        delete_expired_holds(session, change.at)
        appointments = live_appointments(session, edition)
        if not change.settles_date:
            appointments = [
                appointment for appointment in appointments if appointment.ends_at > change.at
            ]
        consequences = [_move(session, edition, appointments, change)]
        if change.is_undo:
            former = change.former.get(self.name, ())
            return [*consequences, _restore(session, former, settings)]
        return [*consequences, *_rescue(session, edition, appointments, settings, change)]


def live_appointments(session: Session, edition: Edition) -> Sequence[Appointment]:
    """Return the live appointments by time, locked."""
    statement = select(Appointment).where(
        Appointment.edition_id == edition.id, Appointment.status.in_(LIVE)
    )
    appointments = session.scalars(statement.order_by(Appointment.starts_at)).all()
    lock_appointments(session, [appointment.id for appointment in appointments])
    return appointments


def _move(
    session: Session, edition: Edition, appointments: Sequence[Appointment], change: DaysChange
) -> Consequence:
    """Move appointments, the times held and requested, and the claims of all of them."""
    if not change.moves_days and not change.settles_date:
        return Consequence(Fate.MOVED, "Rendez-vous", [])
    for hold in session.scalars(select(Hold).where(Hold.edition_id == edition.id)).all():
        if hold.appointment_id is not None:
            hold.expires_at = change.moved(hold.expires_at)
        hold.starts_at, hold.ends_at = change.moved(hold.starts_at), change.moved(hold.ends_at)
    requests = select(BookingRequest).where(
        BookingRequest.edition_id == edition.id, BookingRequest.starts_at.is_not(None)
    )
    for request in session.scalars(requests).all():
        if request.starts_at is not None:
            request.starts_at = change.moved(request.starts_at)
    names = []
    for appointment in appointments:
        before, starts_at = message_context(appointment), appointment.starts_at
        appointment.starts_at = change.moved(appointment.starts_at)
        appointment.ends_at = change.moved(appointment.ends_at)
        if appointment.starts_at == starts_at:
            appointment.sequence += change.settles_date
            continue
        appointment.sequence += 1
        appointment.eve_told_at = appointment.hour_told_at = None
        appointment.in_hall_at = appointment.arrived_at = None
        names.append(appointment_name(appointment))
        if appointment.status == AppointmentStatus.BOOKED:
            notify_visitor(session, "appointment_moved", appointment, before=before)
    session.flush()
    _move_claims(session, edition, change)
    return Consequence(Fate.MOVED, "Rendez-vous", names)


def _move_claims(session: Session, edition: Edition, change: DaysChange) -> None:
    """Take all claims away, then put them back on their day: none meets the place of another."""
    owners = (
        (AgentClaim.metadata.tables["appointment_agent_claims"], "agent_id", Agent),
        (AgentClaim.metadata.tables["appointment_visitor_claims"], "attendee_id", Attendee),
    )
    for table, column, owner in owners:
        ids = select(owner.id).where(owner.edition_id == edition.id)
        of_edition = table.c[column].in_(ids)
        rows = [dict(row) for row in session.execute(select(table).where(of_edition)).mappings()]
        session.execute(delete(table).where(of_edition))
        if rows:
            moved = [{**row, "starts_at": change.moved(row["starts_at"])} for row in rows]
            session.execute(insert(table), moved)


def _rescue(
    session: Session,
    edition: Edition,
    appointments: Sequence[Appointment],
    settings: BookingSettings,
    change: DaysChange,
) -> Consequences:
    """Find another time for what no longer fits in the opening hours, or a place in the list."""
    lost = [
        appointment
        for appointment in appointments
        if appointment.status == AppointmentStatus.BOOKED and not change.is_open(appointment)
    ]
    former = {appointment.id: _facts(appointment) for appointment in lost}
    rescue = rescue_of(edition, lost, change.at)
    carry_out(session, rescue, settings, change.actor, change.at)
    reassigned = [rescue.of(move) for move in rescue.moves if isinstance(move, Reassignment)]
    to_choose = [appointment for appointment in lost if appointment not in reassigned]
    return [
        Consequence(
            fate,
            "Rendez-vous hors des heures",
            [appointment_name(appointment) for appointment in rows],
            [former[appointment.id] for appointment in rows],
        )
        for fate, rows in ((Fate.KEPT, reassigned), (Fate.ASKED, to_choose))
    ]


def _restore(session: Session, former: Facts, settings: BookingSettings) -> Consequence:
    """Give their time back to appointments whose visitor has not chosen another one since."""
    names = []
    for appointment_id, agent_id, stand_id, starts_at, ends_at in former:
        appointment = session.get(Appointment, appointment_id)
        if appointment is None or appointment.status != AppointmentStatus.TO_CHOOSE:
            continue
        before = message_context(appointment)
        session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
        delete_claims(session, appointment)
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        slot = Slot(agent_id, stand_id, tick(start), tick(end))
        move_to_slot(session, appointment, slot, settings.buffer_minutes)
        notify_visitor(
            session, "appointment_reassigned", appointment, before=before, same_agent=True
        )
        names.append(appointment_name(appointment))
    return Consequence(Fate.KEPT, "Rendez-vous", names)


def _facts(appointment: Appointment) -> Facts:
    times = appointment.starts_at.isoformat(), appointment.ends_at.isoformat()
    return [appointment.id, appointment.agent_id, appointment.stand_id, *times]


def appointment_name(appointment: Appointment) -> str:
    return f"{appointment.attendee.full_name}, {hour(appointment.starts_at)}"
