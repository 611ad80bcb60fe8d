"""A person's contacts at stands: what they may read of them, and what goes when they are erased."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from salon.dashboard.persons import Person
from salon.dashboard.steps import QUIETLY
from salon.dashboard.words import COLUMNS
from salon.leads.labels import Field, Purpose, text_of
from salon.leads.models import Lead, LeadConsent
from salon.leads.services.sharing import forget_shares
from salon.platform.db import session

Facts = dict[str, str]


def forget_leads(writing: Session, person: Person, now: datetime) -> None:
    """What they gave is taken back and each exhibitor who has it is told, by a number (art. 19);
    what stands wrote of them goes."""
    forget_shares(writing, person.ids, now)
    writing.flush()
    writing.execute(
        update(Lead)
        .where(Lead.attendee_id.in_(person.ids))
        .values(note="", follow_up="", version=Lead.version + 1),
        execution_options=QUIETLY,
    )


def leads_of(person: Person, facts_of: Callable[[Any], Facts]) -> dict[str, list[Facts]]:
    """Title → rows: who met them on which stand, who read their badge, what they agreed to."""
    wanted = select(Lead).where(Lead.attendee_id.in_(person.ids)).order_by(Lead.id)
    whole = wanted.options(
        joinedload(Lead.exhibitor), selectinload(Lead.readings), selectinload(Lead.consents)
    )
    found = session().scalars(whole).all()
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
        COLUMNS["text"]: text_of(one.purpose, one.text_version, who),
    }
