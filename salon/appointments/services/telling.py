"""Messages to visitors and agents about an appointment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.appointments.models import Appointment, Hold
from salon.badges.models import Attendee
from salon.badges.models.labels import salutation
from salon.fair.models import Stand
from salon.platform.clock import local
from salon.platform.formats import day, hour
from salon.platform.mail import outbox


def location_of(stand: Stand) -> str:
    """Return « Département, hall 3, stand 66 »."""
    body_prefix = f"{stand.body.short_name}, " if stand.body else ""
    return f"{body_prefix}hall {stand.hall.name}, stand {stand.number}"


def message_context(claimant: Appointment | Hold) -> dict[str, str]:
    """Return the theme, place, time and agent for the context of a message."""
    return {
        "theme": claimant.theme.name,
        "where": location_of(claimant.stand),
        "day": day(local(claimant.starts_at).date()),
        "from": hour(claimant.starts_at),
        "to": hour(claimant.ends_at),
        "agent": claimant.agent.polite_name,
        "starts_at": claimant.starts_at.isoformat(),
        "ends_at": claimant.ends_at.isoformat(),
    }


def salutation_for(attendee: Attendee, address: str) -> str:
    """Return the salutation of a message; « Bonjour » for a booker other than the visitor."""
    if address != attendee.email:
        return "Bonjour"
    return salutation(attendee.civility, attendee.function)


def _earliest_start(appointment: Appointment, context: Mapping[str, Any]) -> datetime:
    """Return when the appointment begins, or began before it was moved if that is earlier."""
    former = context.get("before")
    if former is None:
        return appointment.starts_at
    return min(appointment.starts_at, datetime.fromisoformat(former["starts_at"]))


def notify_visitor(session: Session, kind: str, appointment: Appointment, **context: Any) -> None:
    """Post a message to the visitor and to the booker when it is another person."""
    attendee = appointment.attendee
    addresses = dict.fromkeys(filter(None, (attendee.email, appointment.contact_email)))
    for address in addresses:
        outbox.post(
            session,
            kind,
            address,
            about=f"appointment:{appointment.id}",
            event_at=_earliest_start(appointment, context),
            appointment_id=appointment.id,
            token=appointment.private_token,
            salutation=salutation_for(attendee, address),
            name=attendee.full_name,
            is_holder=address == attendee.email,
            subject=appointment.subject,
            appointment=message_context(appointment),
            **context,
        )


def notify_agent(session: Session, kind: str, appointment: Appointment, **context: Any) -> None:
    """Post a message to the agent of an appointment."""
    agent = appointment.agent
    outbox.post(
        session,
        kind,
        agent.email,
        about=f"agent:{agent.id}",
        event_at=_earliest_start(appointment, context),
        first_name=agent.first_name,
        appointment_id=appointment.id,
        name=appointment.attendee.full_name,
        whose=appointment.attendee.on_behalf_of,
        subject=appointment.subject,
        appointment=message_context(appointment),
        **context,
    )
