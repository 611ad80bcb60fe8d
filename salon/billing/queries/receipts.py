"""Receipts of an exhibitor, and what those of an edition leave in favour of each."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from salon.billing.engine.ledger import balance_due
from salon.billing.models import Allocation, Payment, Refund, SalesDocument
from salon.billing.queries.ledger import credit_notes_by_invoice, open_invoices
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import current_session


def receipts_of(exhibitor_id: int) -> Sequence[Payment]:
    """Return the receipts of an exhibitor, cancelled ones included, the first received first."""
    statement = (
        select(Payment)
        .join(SalesDocument, SalesDocument.id == Payment.document_id)
        .where(SalesDocument.exhibitor_id == exhibitor_id)
        .options(
            joinedload(Payment.document),
            selectinload(Payment.allocations).joinedload(Allocation.document),
            selectinload(Payment.refunds),
            selectinload(Payment.other_parts),
        )
        .order_by(Payment.received_on, Payment.id)
    )
    return current_session().scalars(statement).all()


def get_payment(payment_id: int) -> Payment:
    """Return a receipt with the document that it came for."""
    statement = (
        select(Payment).where(Payment.id == payment_id).options(joinedload(Payment.document))
    )
    return current_session().scalars(statement).one()


def dues_elsewhere(edition: Edition, exhibitor_id: int) -> list[tuple[SalesDocument, Decimal]]:
    """Return what is due of the open invoices of the other exhibitors, by name."""
    notes = credit_notes_by_invoice(edition)
    invoices = sorted(open_invoices(edition), key=lambda row: (row.exhibitor.name_key, row.id))
    return [
        (invoice, balance_due(invoice, notes.get(invoice.id, ())))
        for invoice in invoices
        if invoice.exhibitor_id != exhibitor_id
    ]


def get_refund(refund_id: int) -> Refund:
    return current_session().get_one(Refund, refund_id)


def in_favour_of(edition: Edition) -> list[tuple[Exhibitor, Decimal]]:
    """Return the exhibitors whose receipts leave something in their favour, by name."""
    return [(exhibitor, amount) for exhibitor, amount in _left_by_exhibitor(edition) if amount > 0]


def to_recover_from(edition: Edition) -> list[tuple[Exhibitor, Decimal]]:
    """Return the exhibitors to whom more was paid back than they paid, by name."""
    return [(exhibitor, -amount) for exhibitor, amount in _left_by_exhibitor(edition) if amount < 0]


def _left_by_exhibitor(edition: Edition) -> list[tuple[Exhibitor, Decimal]]:
    left = func.sum(_left())
    statement = (
        select(Exhibitor, left)
        .join(SalesDocument, SalesDocument.exhibitor_id == Exhibitor.id)
        .join(Payment, Payment.document_id == SalesDocument.id)
        .where(Exhibitor.edition_id == edition.id)
        .group_by(Exhibitor.id)
        .having(left != 0)
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    rows = current_session().execute(statement)
    return [(exhibitor, Decimal(str(amount)).quantize(ZERO)) for exhibitor, amount in rows]


def _left() -> ColumnElement[Decimal]:
    """Return what a receipt neither pays nor was paid back of it: `left_of`, for the database."""
    paid = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .where(Allocation.payment_id == Payment.id)
        .correlate(Payment)
        .scalar_subquery()
    )
    back = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .where(Refund.payment_id == Payment.id, Refund.cancelled_at.is_(None))
        .correlate(Payment)
        .scalar_subquery()
    )
    kept = case((Payment.cancelled_at.is_(None), Payment.amount - paid), else_=0)
    return func.round(kept - back, 2, type_=Payment.amount.type)
