"""Exhibitors ready for their next document, and orders that hold others back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select
from sqlalchemy.orm import selectinload

from salon.billing.engine.invoicing import deposit_lines
from salon.billing.engine.ledger import SaleStep, amount_asked, sales_file_of
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.buyers import lines_to_quote, treated
from salon.billing.queries.ledger import (
    Figure,
    credit_notes_by_invoice,
    situations,
    standing_invoices,
)
from salon.billing.queries.sales import sales_of
from salon.exhibitors.engine.pricing import ZERO, totals
from salon.exhibitors.models import Exhibitor, OrganisationKind
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition
from salon.platform.database.db import current_session

STEPS = {
    SalesKind.QUOTE: SaleStep.TO_QUOTE,
    SalesKind.ORDER: SaleStep.QUOTED,
    SalesKind.INVOICE: SaleStep.TO_INVOICE,
}


@dataclass(frozen=True)
class Waiting:
    """An exhibitor ready for its next document.

    `last_document_id` is 0 without any; for a credit note, that of its invoice. `amount`: the gross
    of that document; that of a quote is `quote_amount`.
    """

    exhibitor_id: int
    name: str
    last_document_id: int
    amount: Decimal = ZERO

    @property
    def key(self) -> str:
        """Return what a form sends back of it: another document makes it another."""
        return f"{self.exhibitor_id}-{self.last_document_id}"


def _rows(edition: Edition, kind: SalesKind, today: date, *columns: Any) -> Select[Any]:
    situation = situations(edition, today)
    rows = (
        select(*columns, *([] if columns else [func.count(), func.sum(situation.c.amount)]))
        .select_from(Exhibitor)
        .join(situation, situation.c.exhibitor_id == Exhibitor.id)
        .where(situation.c.step == STEPS[kind].value, literal(not edition.is_cancelled))
    )
    return rows.where(~_awaits_service(situation)) if kind == SalesKind.INVOICE else rows


def _awaits_service(situation: Subquery) -> ColumnElement[bool]:
    """A public buyer is invoiced after the *service fait*."""
    is_public = Exhibitor.kind == OrganisationKind.PUBLIC_BODY
    return and_(is_public, situation.c.service_done_on.is_(None))


def ready_for(
    edition: Edition, kind: SalesKind, today: date, *, as_deposit: bool = False
) -> Figure:
    """Return the number of documents that can be issued and their amount.

    A cancelled fair has credit notes alone.
    """
    if as_deposit or kind == SalesKind.CREDIT_NOTE:
        waiting = waiting_for(edition, kind, today, as_deposit=as_deposit)
        return Figure(len(waiting), sum((row.amount for row in waiting), ZERO))
    count, amount = current_session().execute(_rows(edition, kind, today)).one()
    return Figure(count, Decimal(str(amount or 0)).quantize(ZERO))


def waiting_for(
    edition: Edition, kind: SalesKind, today: date, *, as_deposit: bool = False
) -> Sequence[Waiting]:
    """Return the exhibitors whose next document can be issued, in the order of their ids.

    `as_deposit`: whose deposit can be, nothing being invoiced yet.
    """
    if kind == SalesKind.CREDIT_NOTE:
        notes = credit_notes_by_invoice(edition)
        ready_exhibitors = [
            Waiting(
                invoice.exhibitor_id,
                invoice.exhibitor.name,
                invoice.id,
                amount_asked(invoice, notes.get(invoice.id, ())),
            )
            for invoice in invoices_to_credit(edition)
        ]
        # the last first: an invoice before the deposit that it deducts
        return sorted(ready_exhibitors, key=lambda row: (row.exhibitor_id, -row.last_document_id))
    last = (
        select(func.coalesce(func.max(SalesDocument.id), 0))
        .where(SalesDocument.exhibitor_id == Exhibitor.id)
        .correlate(Exhibitor)
        .scalar_subquery()
    )
    situation = situations(edition, today)
    columns = (Exhibitor.id, Exhibitor.name, last, situation.c.amount)
    rows = _rows(edition, kind, today, *columns)
    if as_deposit:
        return _deposits(edition, rows.add_columns(situation.c.order_id), situation)
    return [
        Waiting(exhibitor_id, name, document_id, Decimal(str(gross)).quantize(ZERO))
        for exhibitor_id, name, document_id, gross in current_session().execute(
            rows.order_by(Exhibitor.id)
        )
    ]


def _deposits(edition: Edition, rows: Select[Any], situation: Subquery) -> list[Waiting]:
    terms = find_terms(edition)
    if terms is None or not terms.deposit_percent:
        return []
    is_private = Exhibitor.kind != OrganisationKind.PUBLIC_BODY
    waiting_rows = (
        current_session()
        .execute(rows.where(~situation.c.is_invoiced, is_private).order_by(Exhibitor.id))
        .all()
    )
    orders = current_session().scalars(
        select(SalesDocument)
        .where(SalesDocument.id.in_([row.order_id for row in waiting_rows]))
        .options(selectinload(SalesDocument.lines))
    )
    amounts = {
        order.id: totals(deposit_lines(order, terms.deposit_percent)).gross for order in orders
    }
    return [
        Waiting(exhibitor_id, name, document_id, amounts[order_id])
        for exhibitor_id, name, document_id, _, order_id in waiting_rows
        if amounts[order_id]
    ]


def quote_amount(waiting: Waiting) -> Decimal:
    """Return the gross of the quote that the exhibitor would get today."""
    exhibitor = current_session().get_one(Exhibitor, waiting.exhibitor_id)
    file = sales_file_of(sales_of(exhibitor.id))
    lines = lines_to_quote(exhibitor, file)
    return totals(treated(exhibitor, lines).lines).gross


def last_quoted_on(batch: Sequence[Waiting]) -> date:
    """Return the day of the last quote of exhibitors that have one."""
    statement = select(func.max(SalesDocument.issued_on)).where(
        SalesDocument.kind == SalesKind.QUOTE,
        SalesDocument.exhibitor_id.in_([row.exhibitor_id for row in batch]),
    )
    return current_session().scalars(statement).one() or date.min


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
