"""Erasure of a person's contacts left at stands."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.dashboard.queries.persons import Person
from salon.dashboard.services.purge_steps import QUIETLY
from salon.leads.models import Lead
from salon.leads.services.sharing import withdraw_consents_of

Facts = dict[str, str]


def forget_leads(session: Session, person: Person, now: datetime) -> None:
    """Withdraw a person's consents, notify each exhibitor by the contact's number (art. 19), delete
    the stands' notes."""
    withdraw_consents_of(session, person.ids, now)
    session.flush()
    session.execute(
        update(Lead)
        .where(Lead.attendee_id.in_(person.ids))
        .values(note="", follow_up="", version=Lead.version + 1),
        execution_options=QUIETLY,
    )
