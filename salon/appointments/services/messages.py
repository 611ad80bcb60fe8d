"""Messages to visitors and agents about an appointment."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.appointments.models import Appointment, Hold, WaitingEntry
from salon.badges.models import Attendee
from salon.badges.models.labels import salutation
from salon.fair.models import Stand
from salon.platform.mail import outbox
from salon.platform.mail.wording import Context
from salon.platform.words.email_addresses import email_key_of
from salon.platform.words.formats import time_context
from salon.staffing.services.messages import post_to_agent


def location_of(stand: Stand) -> str:
    """Return « Département, hall 3, stand 66 »."""
    body_prefix = f"{stand.body.short_name}, " if stand.body else ""
    return f"{body_prefix}hall {stand.hall.name}, stand {stand.number}"


def message_context(claimant: Appointment | Hold) -> dict[str, str]:
    """Return the theme, place, time and agent for the context of a message."""
    return {
        "theme": claimant.theme.name,
        "where": location_of(claimant.stand),
        "agent": claimant.agent.polite_name,
        **time_context(claimant),
    }


def salutation_for(attendee: Attendee, address: str) -> str:
    """Return the salutation of a message; « Bonjour » for a booker other than the visitor."""
    if not is_of(attendee, address):
        return "Bonjour"
    return salutation(attendee.civility, attendee.function)


def _earliest_start(appointment: Appointment, context: Context) -> datetime:
    """Return when the appointment begins, or began before it was moved if that is earlier."""
    former = context.get("before")
    if former is None:
        return appointment.starts_at
    return min(appointment.starts_at, datetime.fromisoformat(former["starts_at"]))


def post_to_visitor(
    session: Session, kind: str, claimant: Appointment | WaitingEntry, **message: Any
) -> None:
    """Post a message to the visitor, and to the booker when it is another person."""
    attendee = claimant.attendee
    for address in addresses_of(claimant):
        outbox.post(
            session,
            kind,
            address,
            token=claimant.private_token,
            salutation=salutation_for(attendee, address),
            name=attendee.full_name,
            is_holder=is_of(attendee, address),
            subject=claimant.subject,
            **message,
        )


def addresses_of(claimant: Appointment | WaitingEntry) -> list[str]:
    """Return the addresses of the visitor and of the booker, each once, whatever its capitals."""
    addresses: dict[str, str] = {}
    for address in filter(None, (claimant.attendee.email, claimant.contact_email)):
        addresses.setdefault(email_key_of(address), address)
    return list(addresses.values())


def is_of(attendee: Attendee, address: str) -> bool:
    """Return whether an address is that of a person, whatever its capitals."""
    return email_key_of(address) == email_key_of(attendee.email)


def notify_visitor(
    session: Session, kind: str, appointment: Appointment, **context: object
) -> None:
    """Post a message about an appointment to its visitor and booker."""
    post_to_visitor(
        session,
        kind,
        appointment,
        about=f"appointment:{appointment.id}",
        event_at=_earliest_start(appointment, context),
        appointment_id=appointment.id,
        appointment=message_context(appointment),
        **context,
    )


def notify_waiting_visitor(
    session: Session, kind: str, entry: WaitingEntry, **context: object
) -> None:
    """Post a message about a waiting entry to its visitor and to the contact who registered it."""
    about, theme = f"waiting:{entry.id}", entry.theme.name
    post_to_visitor(session, kind, entry, about=about, theme=theme, **context)


def notify_agent(session: Session, kind: str, appointment: Appointment, **context: object) -> None:
    """Post a message to the agent of an appointment."""
    post_to_agent(
        session,
        kind,
        appointment.agent,
        event_at=_earliest_start(appointment, context),
        appointment_id=appointment.id,
        name=appointment.attendee.full_name,
        whose=appointment.attendee.on_behalf_of,
        subject=appointment.subject,
        appointment=message_context(appointment),
        **context,
    )
