"""Appointments as engagements, read by the features below through one interface."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.services.following import renew_links
from salon.appointments.services.messages import location_of
from salon.platform.database.db import current_session
from salon.platform.database.engagements import Engagement, Found, Mark

MarkOf = Callable[[Appointment, datetime], Mark]


@dataclass(frozen=True)
class Appointments:
    """The source of appointments (`salon.platform.database.engagements.Source`).

    `mark_of`, `visitor_mark_of`: their state in words, for agents and for visitors.
    """

    mark_of: MarkOf
    visitor_mark_of: MarkOf

    def of_agents(self, agent_ids: Collection[int]) -> Found:
        engagements: dict[int, list[Engagement]] = {}
        for appointment in _read(Appointment.agent_id, agent_ids):
            engagements.setdefault(appointment.agent_id, []).append(
                _for_agent(appointment, self.mark_of)
            )
        return engagements

    def of_attendees(self, attendee_ids: Collection[int]) -> Found:
        engagements: dict[int, list[Engagement]] = {}
        for appointment in _read(Appointment.attendee_id, attendee_ids):
            engagements.setdefault(appointment.attendee_id, []).append(
                for_visitor(appointment, self.visitor_mark_of)
            )
        return engagements

    def renew_links(self, session: Session, attendee_ids: Collection[int]) -> None:
        renew_links(session, attendee_ids)


def _read(column: InstrumentedAttribute[int], ids: Collection[int]) -> Sequence[Appointment]:
    statement = select(Appointment).where(column.in_(ids)).options(*WITH_ALL)
    return (
        current_session().scalars(statement.order_by(Appointment.starts_at, Appointment.id)).all()
    )


def _for_agent(appointment: Appointment, mark_of: MarkOf) -> Engagement:
    party = f"{appointment.attendee.full_name} ({appointment.attendee.on_behalf_of})"
    page = f"/planning/rendez-vous/{appointment.id}"
    title = f"{appointment.theme.name} – {appointment.attendee.on_behalf_of}"
    return _engagement(appointment, title, party, page, mark_of)


def for_visitor(appointment: Appointment, mark_of: MarkOf) -> Engagement:
    """Return the engagement as the visitor sees it."""
    page = f"/rendez-vous/{appointment.private_token}"
    party = appointment.agent.polite_name
    return _engagement(appointment, appointment.theme.name, party, page, mark_of)


def _engagement(
    appointment: Appointment, title: str, party: str, page: str, mark_of: MarkOf
) -> Engagement:
    changes: list[datetime] = [
        at
        for at in (appointment.booked_at, appointment.cancelled_at, appointment.closed_at)
        if at is not None
    ]
    return Engagement(
        id=appointment.id,
        uid=appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=title,
        place=location_of(appointment.stand),
        party=party,
        words=appointment.subject,
        page=page,
        agent_id=appointment.agent_id,
        attendee_id=appointment.attendee_id,
        stand_id=appointment.stand_id,
        is_live=appointment.status != AppointmentStatus.CANCELLED,
        is_firm=appointment.status != AppointmentStatus.TO_CHOOSE,
        changed_at=max(changes),
        mark_at=partial(mark_of, appointment),
        theme=appointment.theme.name,
        is_over=appointment.status in (AppointmentStatus.MET, AppointmentStatus.MISSED),
        standing=appointment.edition.standing,
    )
