"""What the file of a person says of the stands that met them (RGPD art. 15)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from salon.dashboard.presenters import COLUMNS
from salon.dashboard.queries.persons import Person
from salon.leads.models import Lead, LeadConsent
from salon.leads.models.labels import Field, Purpose, consent_text
from salon.platform.db import current_session

Facts = dict[str, str]


def leads_of(person: Person, facts_of: Callable[[Any], Facts]) -> dict[str, list[Facts]]:
    """Title → rows: who met them on which stand, who read their badge, what they agreed to."""
    wanted = select(Lead).where(Lead.attendee_id.in_(person.ids)).order_by(Lead.id)
    whole = wanted.options(
        joinedload(Lead.exhibitor), selectinload(Lead.readings), selectinload(Lead.consents)
    )
    found = current_session().scalars(whole).all()
    return {
        "Rencontres sur les stands": [{**_whom(one), **facts_of(one)} for one in found],
        "Lectures du badge sur les stands": [
            {**_whom(lead), **facts_of(one)} for lead in found for one in lead.readings
        ],
        "Accords donnés aux exposants": [
            _consent(lead, one, facts_of) for lead in found for one in lead.consents
        ],
    }


def _whom(lead: Lead) -> Facts:
    return {COLUMNS["exhibitor"]: lead.exhibitor.name}


def _consent(lead: Lead, one: LeadConsent, facts_of: Callable[[Any], Facts]) -> Facts:
    who = lead.exhibitor.legal_name or lead.exhibitor.name
    return {
        **_whom(lead),
        **facts_of(one),
        COLUMNS["purpose"]: Purpose(one.purpose).label,
        COLUMNS["fields"]: ", ".join(Field(name).label for name in one.fields),
        COLUMNS["text"]: consent_text(one.purpose, one.text_version, who),
    }
