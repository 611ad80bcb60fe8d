"""Exhibitors: the filters of their list, their open tasks, their unpaid invoices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from salon.billing.engine.ledger import SaleStep
from salon.billing.queries.ledger import situations
from salon.exhibitor_space.engine.lateness import overview
from salon.exhibitor_space.queries.accepted import accepted_with_tasks
from salon.exhibitors.models import (
    ApplicationStatus,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    Sector,
)
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.queries.review import ReviewFilter, exhibitors_statement, hall_choices
from salon.fair.models import Edition
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.db import current_session
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import local
from salon.platform.words.people import polite_name, salutation

OUT = (ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN)
"""Written to only where the filter names their state."""
UNPAID = {"to_pay": (SaleStep.TO_COLLECT, SaleStep.LATE), "late": (SaleStep.LATE,)}


def find_exhibitors(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    """Return the contact of each exhibitor; of unpaid invoices, the contact for billing."""
    filters = ReviewFilter(
        state=choices.get("state", ""),
        sector=choices.get("sector", ""),
        hall=int(choices["hall"]) if choices.get("hall") else None,
        stand=choices.get("stand", ""),
    )
    statement = exhibitors_statement(select(Exhibitor), edition.id, filters, now)
    if not filters.state:
        statement = statement.where(Exhibitor.status.not_in(OUT))
    if tasks := choices.get("tasks"):
        statement = statement.where(Exhibitor.id.in_(_with_tasks(edition, tasks, now)))
    kind = ContactKind.MAIN
    if unpaid := choices.get("unpaid"):
        kind, situation = ContactKind.BILLING, situations(edition, local(now).date())
        owing = select(situation.c.exhibitor_id).where(situation.c.step.in_(UNPAID[unpaid]))
        statement = statement.where(Exhibitor.id.in_(owing))
    rows = current_session().scalars(statement.options(selectinload(Exhibitor.contacts)))
    return [_recipient(exhibitor, kind) for exhibitor in rows]


def _with_tasks(edition: Edition, tasks: str, now: datetime) -> list[int]:
    """Return the ids of the exhibitors with a task late, or open."""
    terms = find_terms(edition) or ExhibitorTerms(deadlines={})
    show = "" if tasks == "late" else "open"
    today = local(now).date()
    rows = overview(accepted_with_tasks(edition), terms, today, show=show).rows
    return [row.exhibitor.id for row in rows]


def _recipient(exhibitor: Exhibitor, kind: ContactKind) -> Recipient:
    contact = exhibitor.contact(kind)
    is_in_its_space = exhibitor.status == ApplicationStatus.ACCEPTED
    return Recipient(
        key=f"exhibitor:{exhibitor.id}",
        address=contact.email if contact else "",
        name=polite_name(contact.civility, contact.full_name) if contact else "",
        greeting=salutation(contact.civility) if contact else "Bonjour",
        organisation=exhibitor.name,
        path=f"/mon-stand/{exhibitor.id}"
        if is_in_its_space
        else f"/exposants/inscription/{exhibitor.private_token}",
    )


EXHIBITORS = Audience(
    "exhibitors",
    "Exposants",
    Domain.EXHIBITORS,
    find_exhibitors,
    origin="a été donnée avec une candidature d’exposant",
    filters=(
        Filter("state", "État", lambda _: list(ApplicationStatus.choices().items())),
        Filter("sector", "Secteur", lambda _: list(Sector.choices().items())),
        Filter("hall", "Hall", lambda edition: list(hall_choices(edition.id).items())),
        Filter("stand", "Stand", lambda _: [("with", "Attribué"), ("without", "À attribuer")]),
        Filter("tasks", "Tâches", lambda _: [("late", "En retard"), ("open", "À faire")]),
        Filter(
            "unpaid",
            "Factures",
            lambda _: [("to_pay", "À payer"), ("late", "En retard de paiement")],
        ),
    ),
)
