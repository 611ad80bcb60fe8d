"""Appointments as engagements, for the pages and files of the features below."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.services.private_links import renew_links
from salon.appointments.services.telling import place_of
from salon.platform.db import current_session
from salon.platform.engagements import Engagement, Found


class Appointments:
    """Where engagements are read (`salon.platform.engagements.Source`)."""

    def of_agents(self, agent_ids: Collection[int]) -> Found:
        found: dict[int, list[Engagement]] = {}
        for one in _read(Appointment.agent_id, agent_ids):
            found.setdefault(one.agent_id, []).append(_for_agent(one))
        return found

    def of_attendees(self, attendee_ids: Collection[int]) -> Found:
        found: dict[int, list[Engagement]] = {}
        for one in _read(Appointment.attendee_id, attendee_ids):
            found.setdefault(one.attendee_id, []).append(for_visitor(one))
        return found

    def renew_links(self, session: Session, attendee_ids: Collection[int]) -> None:
        renew_links(session, attendee_ids)


def _read(column: InstrumentedAttribute[int], ids: Collection[int]) -> Sequence[Appointment]:
    wanted = select(Appointment).where(column.in_(ids)).options(*WITH_ALL)
    return current_session().scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()


def _for_agent(one: Appointment) -> Engagement:
    whom = f"{one.attendee.full_name} ({one.attendee.on_behalf_of})"
    page = f"/planning/rendez-vous/{one.id}"
    return _engagement(one, f"{one.theme.name} – {one.attendee.on_behalf_of}", whom, page)


def for_visitor(one: Appointment) -> Engagement:
    """An appointment as its visitor sees it."""
    page = f"/rendez-vous/{one.private_token}"
    return _engagement(one, one.theme.name, one.agent.polite_name, page)


def _engagement(one: Appointment, title: str, whom: str, page: str) -> Engagement:
    changes: list[datetime] = [
        at for at in (one.booked_at, one.cancelled_at, one.closed_at) if at is not None
    ]
    return Engagement(
        id=one.id,
        uid=one.uid,
        sequence=one.sequence,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        title=title,
        place=place_of(one.stand),
        whom=whom,
        words=one.subject,
        page=page,
        agent_id=one.agent_id,
        attendee_id=one.attendee_id,
        stand_id=one.stand_id,
        is_live=one.status != AppointmentStatus.CANCELLED,
        is_firm=one.status != AppointmentStatus.TO_CHOOSE,
        changed_at=max(changes),
        in_hall=one.in_hall_at is not None,
        at_stand=one.arrived_at is not None,
        theme=one.theme.name,
        state=one.status.label,
        is_over=one.status in (AppointmentStatus.MET, AppointmentStatus.MISSED),
    )
