"""Erasure of a person's contacts left at stands."""

from datetime import datetime

from sqlalchemy.orm import Session

from salon.dashboard.queries.persons import Person
from salon.dashboard.services.purge_steps import blank_rows
from salon.leads.models import Lead
from salon.leads.services.sharing import withdraw_consents_of


def forget_leads(session: Session, person: Person, now: datetime) -> None:
    """Withdraw a person's consents, notify each exhibitor by the contact's number (art. 19), delete
    the stands' notes."""
    withdraw_consents_of(session, person.ids, now)
    session.flush()
    blank_rows(session, Lead, Lead.attendee_id.in_(person.ids), version=Lead.version + 1)
