"""Exhibitors ready for their next document, and orders that hold others back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select

from salon.billing.engine.ledger import SaleStep
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.ledger import Figure, situations, standing_invoices
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import Exhibitor, OrganisationKind
from salon.fair.models import Edition
from salon.platform.database.db import current_session

STEPS = {SalesKind.QUOTE: SaleStep.TO_QUOTE, SalesKind.INVOICE: SaleStep.TO_INVOICE}


@dataclass(frozen=True)
class Waiting:
    """An exhibitor ready for its next document.

    `last_document_id` is 0 without any; for a credit note, that of its invoice.
    """

    exhibitor_id: int
    name: str
    last_document_id: int


def _rows(edition: Edition, kind: SalesKind, today: date, *columns: Any) -> Select[Any]:
    situation = situations(edition, today)
    rows = (
        select(*columns, *([] if columns else [func.count(), func.sum(situation.c.amount)]))
        .select_from(Exhibitor)
        .join(situation, situation.c.exhibitor_id == Exhibitor.id)
        .where(situation.c.step == STEPS[kind].value)
    )
    return rows.where(~_awaits_service(situation)) if kind == SalesKind.INVOICE else rows


def _awaits_service(situation: Subquery) -> ColumnElement[bool]:
    """A public buyer is invoiced after the *service fait*."""
    is_public = Exhibitor.kind == OrganisationKind.PUBLIC_BODY
    return and_(is_public, situation.c.service_done_on.is_(None))


def ready_for(edition: Edition, kind: SalesKind, today: date) -> Figure:
    """Return the number of documents that can be issued and their amount."""
    if kind == SalesKind.CREDIT_NOTE:
        invoices = invoices_to_credit(edition)
        return Figure(len(invoices), sum((invoice.gross for invoice in invoices), ZERO))
    count, amount = current_session().execute(_rows(edition, kind, today)).one()
    return Figure(count, Decimal(str(amount or 0)).quantize(ZERO))


def next_ready(
    edition: Edition, kind: SalesKind, today: date, after: int, limit: int
) -> Sequence[Waiting]:
    """Return the next exhibitors in the order of their ids, starting after `after`."""
    if kind == SalesKind.CREDIT_NOTE:
        ready_exhibitors = [
            Waiting(invoice.exhibitor_id, invoice.exhibitor.name, invoice.id)
            for invoice in invoices_to_credit(edition)
            if invoice.exhibitor_id > after
        ]
        return sorted(ready_exhibitors, key=lambda waiting: waiting.exhibitor_id)[:limit]
    last = (
        select(func.coalesce(func.max(SalesDocument.id), 0))
        .where(SalesDocument.exhibitor_id == Exhibitor.id)
        .correlate(Exhibitor)
        .scalar_subquery()
    )
    rows = _rows(edition, kind, today, Exhibitor.id, Exhibitor.name, last)
    rows = rows.where(Exhibitor.id > after).order_by(Exhibitor.id).limit(limit)
    return [Waiting(*row) for row in current_session().execute(rows)]


def invoices_to_credit(edition: Edition) -> Sequence[SalesDocument]:
    """Return the invoices that a cancelled fair cancels, by due day; none of any other fair."""
    return standing_invoices(edition) if edition.is_cancelled else []


def orders_without_service(edition: Edition, today: date) -> Sequence[SalesDocument]:
    """Return the orders of public buyers without a recorded *service fait*, by name."""
    situation = situations(edition, today)
    statement = (
        select(SalesDocument)
        .join(situation, situation.c.exhibitor_id == SalesDocument.exhibitor_id)
        .join(Exhibitor, Exhibitor.id == SalesDocument.exhibitor_id)
        .where(
            situation.c.step == SaleStep.TO_INVOICE.value,
            SalesDocument.id == situation.c.order_id,
            _awaits_service(situation),
        )
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    return current_session().scalars(statement).all()
