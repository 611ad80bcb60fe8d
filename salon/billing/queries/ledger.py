"""The money of an edition: figures, exhibitors by step, late invoices, the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from salon.billing.engine.ledger import SaleStep
from salon.billing.models import Allocation, Payment, Sale, SalesDocument, SalesKind, SaleStatus
from salon.billing.queries.sales import PAID
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import ApplicationStatus, Exhibitor, OrganisationKind, Reminder
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class MoneyFilter:
    """Filters of the money list."""

    text: str = ""
    step: str = ""
    buyer: str = ""


@dataclass(frozen=True)
class Figure:
    """A number of documents and their amount."""

    count: int = 0
    amount: Decimal = ZERO


def _live_invoice() -> ScalarSelect[int | None]:
    """Return the id of the exhibitor's invoice that no credit note cancels, as a scalar query."""
    note = aliased(SalesDocument)
    return (
        select(func.max(SalesDocument.id))
        .where(
            SalesDocument.exhibitor_id == Exhibitor.id,
            SalesDocument.kind == SalesKind.INVOICE,
            ~exists().where(note.cancels_id == SalesDocument.id),
        )
        .correlate(Exhibitor)
        .scalar_subquery()
    )


def _last_quote() -> ScalarSelect[int | None]:
    return (
        select(func.max(SalesDocument.id))
        .where(SalesDocument.exhibitor_id == Exhibitor.id, SalesDocument.kind == SalesKind.QUOTE)
        .correlate(Exhibitor)
        .scalar_subquery()
    )


def _due(invoice: type[SalesDocument]) -> ColumnElement[Decimal]:
    """Return what is due of an invoice that stands: `balance_due`, for the database."""
    note = aliased(SalesDocument)
    paid = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.document_id == invoice.id, Payment.cancelled_at.is_(None))
        .correlate(invoice)
        .scalar_subquery()
    )
    credited = (
        select(func.coalesce(func.sum(note.gross), 0))
        .where(note.from_id == invoice.id, note.kind == SalesKind.CREDIT_NOTE)
        .correlate(invoice)
        .scalar_subquery()
    )
    left = func.round(invoice.gross - paid - credited, 2, type_=SalesDocument.gross.type)
    return case((left > 0, left), else_=0)


def situations(edition: Edition, today: date) -> Subquery:
    """Return a subquery: step and amount of each exhibitor accepted, or that ordered."""
    return _situations(edition.id, edition.is_cancelled, today)


@lru_cache(maxsize=4)  # it takes longer to write than to run
def _situations(edition_id: int, is_cancelled: bool, today: date) -> Subquery:
    ids = (
        select(
            Exhibitor.id.label("exhibitor_id"),
            Exhibitor.status.label("status"),
            _last_quote().label("quote_id"),
            _live_invoice().label("invoice_id"),
        )
        .where(Exhibitor.edition_id == edition_id)
        .subquery()
    )
    order, quote, invoice, credited = (aliased(SalesDocument) for _ in range(4))
    due = _due(invoice)
    needs_decision = or_(
        literal(is_cancelled),
        ids.c.status != ApplicationStatus.ACCEPTED,
        exists().where(credited.from_id == order.id, credited.kind == SalesKind.INVOICE),
    )
    step = case(
        (invoice.id.is_not(None) & (due <= 0), SaleStep.PAID.value),
        (invoice.id.is_not(None) & (invoice.due_on < today), SaleStep.LATE.value),
        (invoice.id.is_not(None), SaleStep.TO_COLLECT.value),
        (Sale.id.is_not(None), SaleStep.CLOSED.value),
        (order.id.is_not(None) & needs_decision, SaleStep.TO_SETTLE.value),
        (order.id.is_not(None), SaleStep.TO_INVOICE.value),
        (quote.id.is_not(None), SaleStep.QUOTED.value),
        else_=SaleStep.TO_QUOTE.value,
    )
    amount = case(
        (invoice.id.is_not(None), due),
        (Sale.id.is_not(None), None),
        (order.id.is_not(None), order.gross),
        (quote.id.is_not(None), quote.gross),
        else_=None,
    )
    return (
        select(
            ids.c.exhibitor_id,
            step.label("step"),
            func.coalesce(amount, 0).label("amount"),
            order.id.label("order_id"),
            order.service_done_on.label("service_done_on"),
        )
        .outerjoin(quote, quote.id == ids.c.quote_id)
        .outerjoin(order, (order.from_id == quote.id) & (order.kind == SalesKind.ORDER))
        .outerjoin(invoice, invoice.id == ids.c.invoice_id)
        .outerjoin(
            Sale, (Sale.exhibitor_id == ids.c.exhibitor_id) & (Sale.status == SaleStatus.CLOSED)
        )
        .where(
            or_(
                ids.c.status == ApplicationStatus.ACCEPTED,
                order.id.is_not(None),
                invoice.id.is_not(None),
            )
        )
        .subquery()
    )


def figures_of(edition: Edition, today: date) -> dict[SaleStep, Figure]:
    """Return the number of exhibitors at each step and their amount, in one query."""
    situation = situations(edition, today)
    statement = select(situation.c.step, func.count(), func.sum(situation.c.amount)).group_by(
        situation.c.step
    )
    figures = {step: Figure() for step in SaleStep}
    for step, count, amount in current_session().execute(statement):
        figures[SaleStep(step)] = Figure(count, Decimal(str(amount)).quantize(ZERO))
    return figures


MONEY = Listing(
    {
        "name": Column("Nom", Exhibitor.name_key),
        "area": Column("Surface", Exhibitor.area),
        "amount": Column("Montant", column("amount")),
    },
    sort="name",
    ties=(Exhibitor.name_key, Exhibitor.id),
)


def money_page(
    edition: Edition, filters: MoneyFilter, today: date, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of (exhibitor, step, amount), by name of exhibitor."""
    situation = situations(edition, today)
    rows: Select[Any] = (
        select(Exhibitor, situation.c.step, situation.c.amount)
        .join(situation, situation.c.exhibitor_id == Exhibitor.id)
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    for word in folded(filters.text).split():
        in_reference = exists().where(
            SalesDocument.exhibitor_id == Exhibitor.id,
            func.lower(SalesDocument.reference).contains(filters.text.lower(), autoescape=True),
        )
        rows = rows.where(or_(Exhibitor.name_key.contains(word, autoescape=True), in_reference))
    if filters.step:
        rows = rows.where(situation.c.step == filters.step)
    if filters.buyer:
        public = Exhibitor.kind == OrganisationKind.PUBLIC_BODY
        rows = rows.where(public if filters.buyer == "public" else ~public)
    return MONEY.page(rows, request, joinedload(Exhibitor.stand))


def _invoices(edition: Edition, *conditions: ColumnElement[bool]) -> Sequence[SalesDocument]:
    """Return invoices, oldest due first, with exhibitor and what they were paid."""
    statement = (
        select(SalesDocument)
        .where(
            SalesDocument.edition_id == edition.id,
            SalesDocument.kind == SalesKind.INVOICE,
            *conditions,
        )
        .options(joinedload(SalesDocument.exhibitor), PAID)
        .order_by(SalesDocument.due_on, SalesDocument.id)
    )
    return current_session().scalars(statement).all()


def standing_invoices(edition: Edition) -> Sequence[SalesDocument]:
    """Return the invoices that no credit note cancels, settled or not."""
    note = aliased(SalesDocument)
    return _invoices(edition, ~exists().where(note.cancels_id == SalesDocument.id))


def open_invoices(edition: Edition) -> Sequence[SalesDocument]:
    """Return the invoices that no credit note cancels and that are not settled."""
    note = aliased(SalesDocument)
    return _invoices(
        edition, ~exists().where(note.cancels_id == SalesDocument.id), _due(SalesDocument) > 0
    )


def public_invoices(edition: Edition) -> Sequence[SalesDocument]:
    """Return the invoices and credit notes of public buyers, in order of issue."""
    documents = journal_of(edition)
    return [document for document in documents if document.buyer.get("is_public")]


def origins_of(documents: Iterable[SalesDocument]) -> dict[int, SalesDocument]:
    """Return the origins of these documents by id: an invoice's order, a credit note's invoice."""
    ids = {document.from_id for document in documents}
    origins = current_session().scalars(select(SalesDocument).where(SalesDocument.id.in_(ids)))
    return {origin.id: origin for origin in origins}


def reminders_of(invoice: SalesDocument) -> Sequence[datetime]:
    """Return the times at which reminders of the invoice were posted, oldest first."""
    statement = select(Reminder.posted_at).where(
        Reminder.exhibitor_id == invoice.exhibitor_id, Reminder.subject == f"invoice:{invoice.id}"
    )
    return current_session().scalars(statement.order_by(Reminder.posted_at)).all()


def credit_notes_by_invoice(edition: Edition) -> dict[int, list[SalesDocument]]:
    """Return the credit notes of an edition, by the id of their invoice."""
    statement = select(SalesDocument).where(
        SalesDocument.edition_id == edition.id, SalesDocument.kind == SalesKind.CREDIT_NOTE
    )
    notes_by_invoice: dict[int, list[SalesDocument]] = {}
    for note in current_session().scalars(statement.order_by(SalesDocument.id)):
        if note.from_id is not None:
            notes_by_invoice.setdefault(note.from_id, []).append(note)
    return notes_by_invoice


def journal_of(edition: Edition) -> Sequence[SalesDocument]:
    """Return invoices and credit notes in order of issue, with lines and what they were paid."""
    statement = (
        select(SalesDocument)
        .where(
            SalesDocument.edition_id == edition.id,
            SalesDocument.kind.in_((SalesKind.INVOICE, SalesKind.CREDIT_NOTE)),
        )
        .options(
            joinedload(SalesDocument.exhibitor),
            selectinload(SalesDocument.lines),
            PAID,
        )
        .order_by(SalesDocument.id)
    )
    return current_session().scalars(statement).all()
