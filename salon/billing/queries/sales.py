"""Prices, billing details and sales documents of an exhibitor."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload, selectinload

from salon.billing.models import (
    DEPOSIT,
    Allocation,
    BillingDetails,
    Sale,
    SalesDocument,
    SalesKind,
    SaleStatus,
)
from salon.exhibitors.models import ApplicationStatus, Exhibitor, PriceItem
from salon.fair.models import Edition
from salon.platform.database.db import current_session

PAID = selectinload(SalesDocument.allocations).joinedload(Allocation.payment)
"""Loads what receipts pay of a document."""


def prices_of(edition: Edition) -> Sequence[PriceItem]:
    """Return the prices on sale, in the order of the list."""
    statement = select(PriceItem).where(
        PriceItem.edition_id == edition.id, PriceItem.retired_at.is_(None)
    )
    return current_session().scalars(statement.order_by(PriceItem.rank, PriceItem.id)).all()


def retired_prices(edition: Edition) -> Sequence[PriceItem]:
    """Return the prices no longer on sale, the last first."""
    statement = select(PriceItem).where(
        PriceItem.edition_id == edition.id, PriceItem.retired_at.is_not(None)
    )
    return current_session().scalars(statement.order_by(PriceItem.retired_at.desc())).all()


def get_price(item_id: int) -> PriceItem:
    return current_session().get_one(PriceItem, item_id)


def find_billing(exhibitor_id: int) -> BillingDetails | None:
    return current_session().scalar(
        select(BillingDetails).where(BillingDetails.exhibitor_id == exhibitor_id)
    )


def sales_of(exhibitor_id: int) -> Sequence[SalesDocument]:
    """Return every sales document of an exhibitor, the last first, with what it was paid."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.exhibitor_id == exhibitor_id)
        .options(PAID)
        .order_by(SalesDocument.id.desc())
    )
    return current_session().scalars(statement).all()


def is_closed(exhibitor_id: int) -> bool:
    """Return whether the exhibitor's sale is closed."""
    status = select(Sale.status).where(Sale.exhibitor_id == exhibitor_id)
    return current_session().scalar(status) == SaleStatus.CLOSED


def takes_part(exhibitor: Exhibitor) -> bool:
    """Return whether the exhibitor is accepted, at a fair that is not cancelled."""
    edition = current_session().get_one(Edition, exhibitor.edition_id)
    return exhibitor.status == ApplicationStatus.ACCEPTED and not edition.is_cancelled


def get_document(document_id: int) -> SalesDocument:
    """Return a sales document with lines, exhibitor and what it was paid."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.id == document_id)
        .options(
            selectinload(SalesDocument.lines),
            PAID,
            joinedload(SalesDocument.exhibitor),
        )
    )
    return current_session().scalars(statement).one()


def get_public_invoice(document_id: int) -> SalesDocument:
    """Return an invoice or credit note of a public buyer; raise NoResultFound for any other."""
    document = get_document(document_id)
    kinds = (SalesKind.INVOICE, SalesKind.CREDIT_NOTE)
    if document.kind not in kinds or not document.buyer.get("is_public"):
        raise NoResultFound
    return document


def get_document_of(document_id: int, exhibitor_id: int) -> SalesDocument:
    """Return a document of the exhibitor; raise NoResultFound for another exhibitor's."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.id == document_id, SalesDocument.exhibitor_id == exhibitor_id)
        .options(selectinload(SalesDocument.lines), PAID)
    )
    return current_session().scalars(statement).one()


def find_document(document_id: int | None) -> SalesDocument | None:
    return None if document_id is None else current_session().get(SalesDocument, document_id)


def find_document_named(exhibitor_id: int, reference: str) -> SalesDocument | None:
    """Return the document of an exhibitor with this reference."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.exhibitor_id == exhibitor_id, SalesDocument.reference == reference)
        .options(selectinload(SalesDocument.lines), PAID)
    )
    return current_session().scalars(statement).one_or_none()


def credit_notes_of(invoice_id: int) -> Sequence[SalesDocument]:
    """Return the credit notes of an invoice, with their lines."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.from_id == invoice_id, SalesDocument.kind == SalesKind.CREDIT_NOTE)
        .options(selectinload(SalesDocument.lines))
        .order_by(SalesDocument.id)
    )
    return current_session().scalars(statement).all()


def deducted_deposits(invoice: SalesDocument) -> Sequence[SalesDocument]:
    """Return the deposit invoices that an invoice deducts, as its lines name them."""
    words = " ".join(line.label for line in invoice.lines if line.code == DEPOSIT)
    if invoice.deposit_percent is not None or not words:
        return ()
    statement = select(SalesDocument).where(
        SalesDocument.from_id == invoice.from_id, SalesDocument.deposit_percent.is_not(None)
    )
    deposits = current_session().scalars(statement.order_by(SalesDocument.id))
    return [deposit for deposit in deposits if f" {deposit.reference} " in words]


def latest_day_of(series: str) -> date | None:
    """Return the latest date of the documents of a series, None for its first one."""
    statement = select(func.max(SalesDocument.issued_on)).where(SalesDocument.series == series)
    return current_session().scalar(statement)
