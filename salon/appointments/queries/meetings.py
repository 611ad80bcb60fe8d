"""Reads for the stand: an agent's day, the sheet of an appointment, follow-ups."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import WITH_ALL, appointments
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.queries import find_scanned_badge
from salon.fair.models import Edition, PartnerBody
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.settings.clock import local
from salon.staffing.models import Agent

MOST_OTHERS = 12
"""Most other people of a commune named on a sheet."""
HELD_STATUSES = (AppointmentStatus.BOOKED, AppointmentStatus.MET, AppointmentStatus.MISSED)


@dataclass(frozen=True)
class MeetingFilter:
    """Filters of the agenda. `viewer` None: an organiser, who sees all.

    `agent_id`, `body_id`: only this agent's, or those of this body's agents.
    """

    viewer: Agent | None = None
    agent_id: int | None = None
    body_id: int | None = None


def visible_to(viewer: Agent | None) -> ColumnElement[bool] | None:
    """Return the condition on the appointments that an agent sees, None for an organiser.

    An agent sees those of their body's agents and those on their body's stand.
    """
    if viewer is None:
        return None
    of_body = select(Agent.id).where(Agent.body_id == viewer.body_id)
    stand = select(PartnerBody.stand_id).where(PartnerBody.id == viewer.body_id).scalar_subquery()
    return or_(Appointment.agent_id.in_(of_body), Appointment.stand_id == stand)


def get_visible_appointment(
    edition: Edition, viewer: Agent | None, appointment_id: int
) -> Appointment:
    """Return an appointment that the viewer may open. Raises NoResultFound."""
    statement = appointments(edition).where(Appointment.id == appointment_id)
    is_visible = visible_to(viewer)
    statement = statement if is_visible is None else statement.where(is_visible)
    statement = statement.options(
        selectinload(Appointment.steps), selectinload(Appointment.documents)
    )
    return current_session().scalars(statement.execution_options(populate_existing=True)).one()


def meetings_of(edition: Edition, filters: MeetingFilter) -> Sequence[Appointment]:
    """Return the appointments of an agenda, by time: those with a time, not cancelled."""
    statement = appointments(edition).where(Appointment.status.in_(HELD_STATUSES))
    is_visible = visible_to(filters.viewer)
    if is_visible is not None:
        statement = statement.where(is_visible)
    if filters.agent_id is not None:
        statement = statement.where(Appointment.agent_id == filters.agent_id)
    if filters.body_id is not None:
        body_agents = select(Agent.id).where(Agent.body_id == filters.body_id)
        statement = statement.where(Appointment.agent_id.in_(body_agents))
    return current_session().scalars(statement).all()


def people_of_same_place(attendee: Attendee) -> tuple[Sequence[Attendee], int]:
    """Return (the first registered people of the same place, how many more there are).

    The place is the commune, EPCI or organisation. Staff of stands and agents of the village are
    left out.
    """
    conditions = (
        Attendee.edition_id == attendee.edition_id,
        Attendee.status == AttendeeStatus.REGISTERED,
        Attendee.id != attendee.id,
        Attendee.exhibitor_id.is_(None),
        Attendee.agent_id.is_(None),
        _same_place(Attendee, attendee),
    )
    count = (
        current_session().scalar(select(func.count()).select_from(Attendee).where(*conditions)) or 0
    )
    statement = select(Attendee).where(*conditions).order_by(Attendee.name_key, Attendee.id)
    people = current_session().scalars(statement.limit(MOST_OTHERS)).all()
    return people, max(0, count - len(people))


@across_editions()
def meetings_of_same_place(appointment: Appointment) -> Sequence[Appointment]:
    """Return the other appointments of the same place, of all editions, by time.

    The place is the commune, EPCI or organisation. With their next steps.
    """
    statement = (
        select(Appointment)
        .where(
            Appointment.id != appointment.id,
            Appointment.status.in_(HELD_STATUSES),
            _same_place(Appointment, appointment),
        )
        .options(*WITH_ALL, selectinload(Appointment.steps))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return current_session().scalars(statement).all()


def _same_place(
    table: type[Attendee] | type[Appointment], row: Attendee | Appointment
) -> ColumnElement[bool]:
    """Return the condition of the same commune, else EPCI, else organisation; false when blank."""
    if row.commune_code is not None:
        return table.commune_code == row.commune_code
    if row.epci_siren is not None:
        return table.epci_siren == row.epci_siren
    same_organisation = table.organisation == row.organisation
    return same_organisation & (table.organisation != "") & table.commune_code.is_(None)


def find_visitor(edition: Edition, reading: str) -> Attendee | None:
    """Return the registered holder of a valid badge, scanned or typed, or None."""
    badge = find_scanned_badge(edition, reading)
    if badge is None or not badge.is_valid:
        return None
    statement = (
        select(Attendee)
        .where(Attendee.id == badge.attendee_id, Attendee.status == AttendeeStatus.REGISTERED)
        .options(joinedload(Attendee.commune), joinedload(Attendee.epci))
    )
    return current_session().scalar(statement)


def meetings_for(
    edition: Edition, viewer: Agent | None, attendee: Attendee, now: datetime
) -> tuple[list[Appointment], list[Appointment]]:
    """Return today's visible appointments of a visitor, and those of the same place.

    The nearest in time first; past ones last.
    """
    statement = appointments(edition).where(
        Appointment.status == AppointmentStatus.BOOKED,
        or_(Appointment.attendee_id == attendee.id, _same_place(Appointment, attendee)),
    )
    is_visible = visible_to(viewer)
    statement = statement if is_visible is None else statement.where(is_visible)
    today = [
        appointment
        for appointment in current_session().scalars(statement)
        if local(appointment.starts_at).date() == local(now).date()
    ]
    today.sort(
        key=lambda appointment: (appointment.ends_at <= now, abs(appointment.starts_at - now))
    )
    own_appointments = [
        appointment for appointment in today if appointment.attendee_id == attendee.id
    ]
    return own_appointments, [
        appointment for appointment in today if appointment.attendee_id != attendee.id
    ]


def get_delegate(appointment: Appointment, attendee_id: int) -> Attendee:
    """Return a registered person of the same place as the appointment. Raises NoResultFound."""
    statement = select(Attendee).where(
        Attendee.id == attendee_id,
        Attendee.edition_id == appointment.edition_id,
        Attendee.status == AttendeeStatus.REGISTERED,
        _same_place(Attendee, appointment),
    )
    return current_session().scalars(statement).one()


def follow_ups(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> Sequence[Appointment]:
    """Return the appointments that are over, with their next steps, by body then time.

    `body_ids`: only agents of these bodies.
    """
    statement = (
        select(Appointment)
        .join(Agent, Agent.id == Appointment.agent_id)
        .join(PartnerBody, PartnerBody.id == Agent.body_id)
        .where(
            Appointment.edition_id == edition.id,
            Appointment.status.in_(HELD_STATUSES),
            or_(Appointment.status != AppointmentStatus.BOOKED, Appointment.ends_at <= now),
        )
        .options(*WITH_ALL, selectinload(Appointment.steps))
        .order_by(PartnerBody.rank, Appointment.starts_at, Appointment.id)
    )
    if body_ids is not None:
        statement = statement.where(Agent.body_id.in_(body_ids))
    return current_session().scalars(statement).all()
