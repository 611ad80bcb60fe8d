"""Contacts left at stands, in the file of a person (RGPD art. 15)."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from salon.dashboard.presenters.fields import COLUMNS
from salon.dashboard.queries.persons import Person
from salon.leads.models import Lead, LeadConsent
from salon.leads.models.labels import Field, Purpose, consent_text
from salon.platform.database.db import Model, current_session

Facts = dict[str, str]


def leads_of(person: Person, facts_of: Callable[[Model], Facts]) -> dict[str, list[Facts]]:
    """Return title → rows: meetings at stands, readings of the badge, consents given."""
    statement = select(Lead).where(Lead.attendee_id.in_(person.ids)).order_by(Lead.id)
    whole = statement.options(
        joinedload(Lead.exhibitor), selectinload(Lead.readings), selectinload(Lead.consents)
    )
    leads = current_session().scalars(whole).all()
    return {
        "Rencontres sur les stands": [{**_exhibitor_of(lead), **facts_of(lead)} for lead in leads],
        "Lectures du badge sur les stands": [
            {**_exhibitor_of(lead), **facts_of(reading)}
            for lead in leads
            for reading in lead.readings
        ],
        "Accords donnés aux exposants": [
            _consent(lead, consent, facts_of) for lead in leads for consent in lead.consents
        ],
    }


def _exhibitor_of(lead: Lead) -> Facts:
    return {COLUMNS["exhibitor"]: lead.exhibitor.name}


def _consent(lead: Lead, consent: LeadConsent, facts_of: Callable[[Model], Facts]) -> Facts:
    exhibitor_name = lead.exhibitor.legal_name or lead.exhibitor.name
    return {
        **_exhibitor_of(lead),
        **facts_of(consent),
        COLUMNS["purpose"]: Purpose(consent.purpose).label,
        COLUMNS["fields"]: ", ".join(Field(name).label for name in consent.fields),
        COLUMNS["text"]: consent_text(consent.purpose, consent.text_version, exhibitor_name),
    }
