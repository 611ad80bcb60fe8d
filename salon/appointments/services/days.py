"""Follow a change of the days: appointments move with their day, or find another time."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from salon.appointments.engine.rescue import Reassignment
from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    BookingRequest,
    BookingSettings,
    Hold,
    WaitingEntry,
)
from salon.appointments.queries.appointments import LIVE
from salon.appointments.queries.rescue import rescue_of
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.former_appointments import (
    facts_of,
    former_appointment,
    restore_appointments,
)
from salon.appointments.services.messages import message_context, notify_visitor
from salon.appointments.services.placing import lock_appointments
from salon.appointments.services.rescue import carry_out
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import (
    Change,
    Consequence,
    Consequences,
    DaysChange,
    Facts,
    Fate,
    Follower,
)
from salon.platform.mail.wording import Context
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
            former = _former(change.former.get(self.name, ()), appointments, change)
            restored = restore_appointments(session, edition, change, settings, former, _tell)
            return [*consequences, *restored]
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
    _move_waiting(session, edition, change)
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


def _move_waiting(session: Session, edition: Edition, change: DaysChange) -> None:
    """Let those who wait for a day wait for the one that it becomes."""
    waiting = select(WaitingEntry).where(WaitingEntry.edition_id == edition.id)
    requests = select(BookingRequest).where(BookingRequest.edition_id == edition.id)
    for row in (*session.scalars(waiting), *session.scalars(requests)):
        if row.day_on is not None:
            row.day_on = change.moves.get(row.day_on, row.day_on)


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
    before = {appointment.id: _facts_before(appointment, change) for appointment in lost}
    rescue = rescue_of(edition, lost, change.at)
    carry_out(Act(change.actor, change.at), session, rescue, settings)
    reassigned = [rescue.of(move) for move in rescue.moves if isinstance(move, Reassignment)]
    to_choose = [appointment for appointment in lost if appointment not in reassigned]
    return [
        Consequence(
            fate,
            "Rendez-vous hors des heures",
            [appointment_name(appointment) for appointment in rows],
            [
                former_appointment(
                    appointment, before[appointment.id], _facts_before(appointment, change)
                )
                for appointment in rows
            ],
        )
        for fate, rows in ((Fate.KEPT, reassigned), (Fate.ASKED, to_choose))
    ]


def _former(
    former: Facts, appointments: Sequence[Appointment], change: DaysChange
) -> Sequence[Facts]:
    """Return the rows of undo data; one of 1.0.0 names a booked time on the days to be undone."""
    to_choose = {
        appointment.id: facts_of(appointment)
        for appointment in appointments
        if appointment.status == AppointmentStatus.TO_CHOOSE
    }
    rows = []
    for first, *facts in former:
        if first == "appointment":
            rows.append(facts)
        elif first in to_choose:
            agent_id, stand_id, *times = facts
            booked = [agent_id, stand_id, *map(change.moved, times), AppointmentStatus.BOOKED]
            rows.append([first, booked, to_choose[first]])
    return rows


def _tell(session: Session, change: Change, appointment: Appointment, replaced: Context) -> None:
    context = {"before": replaced, "same_agent": replaced["agent"] == appointment.agent.polite_name}
    notify_visitor(session, "appointment_reassigned", appointment, **context)


def _facts_before(appointment: Appointment, change: DaysChange) -> Facts:
    """Return the facts of an appointment, its times on the days before the change."""
    agent_id, stand_id, *times, status = facts_of(appointment)
    return [agent_id, stand_id, *map(change.moved_back, times), status]


def appointment_name(appointment: Appointment) -> str:
    return f"{appointment.attendee.full_name}, {hour(appointment.starts_at)}"
