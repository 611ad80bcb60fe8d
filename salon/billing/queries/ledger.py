"""The money of an edition: figures, exhibitors by step, late invoices, the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
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


def _is_live(invoice: type[SalesDocument]) -> ColumnElement[bool]:
    """Return whether a document is an invoice that no credit note cancels."""
    note = aliased(SalesDocument)
    is_cancelled = exists().where(note.cancels_id == invoice.id)
    return and_(invoice.kind == SalesKind.INVOICE, ~is_cancelled)


def _owed(edition_id: int, today: date) -> Subquery:
    """Return what each exhibitor owes for its live invoices, and whether some of it is late."""
    invoice = aliased(SalesDocument)
    dues = (
        select(invoice.exhibitor_id, invoice.due_on, _due(invoice).label("due"))
        .where(invoice.edition_id == edition_id, _is_live(invoice))
        .subquery()
    )
    is_late = (dues.c.due > 0) & (dues.c.due_on < today)
    return (
        select(
            dues.c.exhibitor_id,
            func.sum(dues.c.due).label("due"),
            func.max(case((is_late, 1), else_=0)).label("is_late"),
        )
        .group_by(dues.c.exhibitor_id)
        .subquery()
    )


def _to_invoice(edition_id: int) -> Subquery:
    """Return the orders of each exhibitor that wait for an invoice: `SalesFile.to_invoice`.

    `amount`: what they ask, their deposits deducted; `was_invoiced`: a credit note cancelled one.
    """
    order, invoice, quote, note, credit = (aliased(SalesDocument) for _ in range(5))
    freed_at = (
        select(func.max(note.id))
        .join(invoice, invoice.id == note.cancels_id)
        .where(invoice.from_id == order.id)
        .correlate(order)
        .scalar_subquery()
    )
    of_order = and_(invoice.from_id == order.id, _is_live(invoice))
    is_replaced = exists().where(
        quote.exhibitor_id == order.exhibitor_id,
        quote.kind == SalesKind.QUOTE,
        quote.id > func.coalesce(freed_at, order.id),
    )
    credited = (
        select(func.coalesce(func.sum(credit.gross), 0))
        .where(credit.from_id == invoice.id, credit.kind == SalesKind.CREDIT_NOTE)
        .correlate(invoice)
        .scalar_subquery()
    )
    deposits = (
        select(func.coalesce(func.sum(invoice.gross - credited), 0))
        .where(of_order)
        .correlate(order)
        .scalar_subquery()
    )
    waiting = (
        select(
            order.exhibitor_id,
            order.id,
            (order.gross - deposits).label("amount"),
            case((freed_at.is_not(None), 1), else_=0).label("was_invoiced"),
        )
        .where(
            order.edition_id == edition_id,
            order.kind == SalesKind.ORDER,
            ~exists().where(of_order, invoice.deposit_percent.is_(None)),
            or_(exists().where(of_order), ~is_replaced),
        )
        .subquery()
    )
    return (
        select(
            waiting.c.exhibitor_id,
            func.min(waiting.c.id).label("order_id"),
            func.sum(waiting.c.amount).label("amount"),
            func.max(waiting.c.was_invoiced).label("was_invoiced"),
        )
        .group_by(waiting.c.exhibitor_id)
        .subquery()
    )


def _awaited_quotes(edition_id: int) -> Subquery:
    """Return the last quote of each exhibitor, and whether it was agreed on."""
    last, quote, order = (aliased(SalesDocument) for _ in range(3))
    last_ids = select(func.max(last.id)).where(
        last.edition_id == edition_id, last.kind == SalesKind.QUOTE
    )
    is_agreed = exists().where(order.from_id == quote.id, order.kind == SalesKind.ORDER)
    return (
        select(quote.exhibitor_id, quote.gross, is_agreed.label("is_agreed"))
        .where(quote.id.in_(last_ids.group_by(last.exhibitor_id)))
        .subquery()
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
    """Return a subquery: step and amount of each exhibitor accepted, or that ordered.

    One that owes money and waits for a document has a row for each. One whose payer takes part no
    more, and was billed nothing, is TO_SETTLE.
    """
    return _situations(edition.id, edition.is_cancelled, today)


@lru_cache(maxsize=4)  # it takes longer to write than to run
def _situations(edition_id: int, is_cancelled: bool, today: date) -> Subquery:
    owed, orders, quotes = (
        _owed(edition_id, today),
        _to_invoice(edition_id),
        _awaited_quotes(edition_id),
    )
    needs_decision = or_(
        literal(is_cancelled),
        Exhibitor.status != ApplicationStatus.ACCEPTED,
        orders.c.was_invoiced == 1,
    )
    is_accepted = Exhibitor.status == ApplicationStatus.ACCEPTED
    is_open, owes = Sale.id.is_(None), func.coalesce(owed.c.due, 0) > 0
    waits = is_open & orders.c.order_id.is_not(None)
    payer, invoice = aliased(Exhibitor), aliased(SalesDocument)
    takes_part = exists().where(
        payer.id == Sale.payer_id, payer.status == ApplicationStatus.ACCEPTED
    )
    is_billed = exists().where(invoice.exhibitor_id == Sale.payer_id, _is_live(invoice))
    lost_its_payer = Sale.payer_id.is_not(None) & is_accepted & ~takes_part & ~is_billed
    is_quoted = is_open & quotes.c.is_agreed.is_(False) & is_accepted
    step = case(
        ((waits & needs_decision) | lost_its_payer, SaleStep.TO_SETTLE.value),
        (waits, SaleStep.TO_INVOICE.value),
        (is_quoted, SaleStep.QUOTED.value),
        (owed.c.due.is_not(None), SaleStep.PAID.value),
        (~is_open, SaleStep.CLOSED.value),
        else_=SaleStep.TO_QUOTE.value,
    )
    amount = case((waits, orders.c.amount), (is_quoted, quotes.c.gross), else_=0)
    first_order = aliased(SalesDocument)

    def rows(
        step: ColumnElement[str], amount: ColumnElement[Decimal]
    ) -> Select[int, str, Decimal, int | None, date | None, bool]:
        is_closed = (Sale.exhibitor_id == Exhibitor.id) & (Sale.status == SaleStatus.CLOSED)
        return (
            select(
                Exhibitor.id.label("exhibitor_id"),
                step.label("step"),
                amount.label("amount"),
                first_order.id.label("order_id"),
                first_order.service_done_on.label("service_done_on"),
                owed.c.due.is_not(None).label("is_invoiced"),
            )
            .outerjoin(owed, owed.c.exhibitor_id == Exhibitor.id)
            .outerjoin(orders, orders.c.exhibitor_id == Exhibitor.id)
            .outerjoin(first_order, first_order.id == orders.c.order_id)
            .outerjoin(quotes, quotes.c.exhibitor_id == Exhibitor.id)
            .outerjoin(Sale, is_closed)
            .where(Exhibitor.edition_id == edition_id)
        )

    collected = case((owed.c.is_late == 1, SaleStep.LATE.value), else_=SaleStep.TO_COLLECT.value)
    is_known = or_(is_accepted, orders.c.order_id.is_not(None), owed.c.due.is_not(None))
    return union_all(
        rows(collected, owed.c.due).where(owes),
        rows(step, amount).where(is_known, or_(~owes, waits, is_quoted)),
    ).subquery()


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
    ties=(Exhibitor.name_key, Exhibitor.id, column("step")),
)


def money_page(
    edition: Edition, filters: MoneyFilter, today: date, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of (exhibitor, step, amount), by name of exhibitor."""
    situation = situations(edition, today)
    rows = (
        select(Exhibitor, situation.c.step, situation.c.amount)
        .join(situation, situation.c.exhibitor_id == Exhibitor.id)
        .order_by(Exhibitor.name_key, Exhibitor.id, situation.c.step)
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
    with_payer = joinedload(Exhibitor.sale).joinedload(Sale.payer)
    return MONEY.page(rows, request, joinedload(Exhibitor.stand), with_payer)


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
    return _invoices(edition, _is_live(SalesDocument))


def open_invoices(edition: Edition) -> Sequence[SalesDocument]:
    """Return the invoices that no credit note cancels and that are not settled."""
    return _invoices(edition, _is_live(SalesDocument), _due(SalesDocument) > 0)


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
