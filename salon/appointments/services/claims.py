"""Claims: rows of five minutes whose primary keys forbid overlapping appointments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from salon.appointments.engine.slots import TICK, Slot
from salon.appointments.models import AgentClaim, Appointment, Hold, VisitorClaim
from salon.appointments.rules import booking as rules
from salon.platform.database.db import violation_as


def save_claims(
    session: Session, claimant: Appointment | Hold, buffer_minutes: int, attendee_id: int | None
) -> None:
    """Replace the claims of an appointment or hold: agent and visitor, buffers included.

    Raises SlotNotFree, VisitorElsewhere.
    """
    is_new = claimant.id is None
    session.flush()
    if not is_new:
        delete_claims(session, claimant)
    owner = {
        "appointment_id": claimant.id if isinstance(claimant, Appointment) else None,
        "hold_id": claimant.id if isinstance(claimant, Hold) else None,
    }
    ticks = list(_ticks(claimant.starts_at, claimant.ends_at + timedelta(minutes=buffer_minutes)))
    with overlaps_as_rules():
        session.execute(
            insert(AgentClaim),
            [
                {
                    "agent_id": claimant.agent_id,
                    "starts_at": at,
                    "is_buffer": at >= claimant.ends_at,
                    **owner,
                }
                for at in ticks
            ],
        )
        if attendee_id is not None:
            rows = [{"attendee_id": attendee_id, "starts_at": at, **owner} for at in ticks]
            session.execute(insert(VisitorClaim), rows)


def find_clash(
    session: Session, slot: Slot, attendee_id: int, buffer_minutes: int
) -> datetime | None:
    """Return a time of the slot, buffer included, at which its agent or the visitor is taken."""
    ends_at = slot.ends_at + timedelta(minutes=buffer_minutes)
    for at, of_owner in (
        (AgentClaim.starts_at, AgentClaim.agent_id == slot.agent_id),
        (VisitorClaim.starts_at, VisitorClaim.attendee_id == attendee_id),
    ):
        statement = select(at).where(of_owner, at >= slot.starts_at, at < ends_at).limit(1)
        if clash := session.scalar(statement):
            return clash
    return None


def transfer_claims(session: Session, claimant: Appointment | Hold, attendee_id: int) -> None:
    """Give the visitor's claims of an appointment or hold to another attendee.

    The agent's claims stay. Raises VisitorElsewhere.
    """
    session.flush()
    of_appointment = isinstance(claimant, Appointment)
    column = VisitorClaim.appointment_id if of_appointment else VisitorClaim.hold_id
    with overlaps_as_rules():
        session.execute(
            update(VisitorClaim).where(column == claimant.id).values(attendee_id=attendee_id)
        )


def delete_claims(session: Session, claimant: Appointment | Hold) -> None:
    """Delete the claims of an appointment or hold."""
    for table in (AgentClaim, VisitorClaim):
        column = table.appointment_id if isinstance(claimant, Appointment) else table.hold_id
        session.execute(delete(table).where(column == claimant.id))


def delete_expired_holds(session: Session, now: datetime) -> None:
    """Delete the holds that were not confirmed in time."""
    session.execute(delete(Hold).where(Hold.expires_at <= now))


def _ticks(starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    while starts_at < ends_at:
        yield starts_at
        starts_at += TICK


@contextmanager
def overlaps_as_rules() -> Iterator[None]:
    """Translate a violated claim constraint into the rule it enforces."""
    with (
        violation_as(
            rules.SlotNotFree, "pk_appointment_agent_claims", "appointment_agent_claims.agent_id"
        ),
        violation_as(
            rules.VisitorElsewhere,
            "pk_appointment_visitor_claims",
            "appointment_visitor_claims.attendee_id",
        ),
    ):
        yield
