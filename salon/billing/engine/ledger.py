"""State of an exhibitor's money: its step, and what an invoice still asks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salon.billing.models import Allocation, SalesDocument, SalesKind
from salon.exhibitors.engine.pricing import ZERO
from salon.platform.words.labels import LabelledEnum

BUCKETS = ("Non échu", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "Plus de 90 jours")


class InvoiceState(LabelledEnum):
    """State of an invoice on a day."""

    TO_PAY = "to_pay", "À payer"
    PARTLY_PAID = "partly_paid", "Partiellement réglée"
    PAID = "paid", "Réglée"
    LATE = "late", "En retard"
    CANCELLED = "cancelled", "Annulée par un avoir"

    @property
    def pill(self) -> str:
        return {
            "to_pay": "info",
            "partly_paid": "warning",
            "paid": "ok",
            "late": "danger",
            "cancelled": "neutral",
        }[self.value]


class SaleStep(LabelledEnum):
    """Step of an exhibitor between its first quote and its last payment."""

    TO_QUOTE = "to_quote", "Devis à établir"
    QUOTED = "quoted", "Devis envoyé"
    TO_INVOICE = "to_invoice", "À facturer"
    TO_SETTLE = "to_settle", "Suite à décider"
    TO_COLLECT = "to_collect", "À encaisser"
    LATE = "late", "En retard"
    PAID = "paid", "Réglé"
    CLOSED = "closed", "Vente close"

    @property
    def pill(self) -> str:
        return {
            "to_quote": "neutral",
            "quoted": "info",
            "to_invoice": "warning",
            "to_settle": "warning",
            "to_collect": "info",
            "late": "danger",
            "paid": "ok",
            "closed": "neutral",
        }[self.value]


@dataclass(frozen=True)
class InvoiceBalance:
    """Balance of an invoice on a day."""

    state: InvoiceState
    paid: Decimal
    credited: Decimal
    due: Decimal
    days_late: int


@dataclass(frozen=True)
class SalesFile:
    """The current documents of an exhibitor: the last quote, its order, its invoice.

    `credited`: the last invoice of that order that a credit note cancelled, when none is live.
    """

    quote: SalesDocument | None
    order: SalesDocument | None
    invoice: SalesDocument | None
    credited: SalesDocument | None = None

    def step(self, *, is_closed: bool = False, takes_part: bool = True) -> SaleStep:
        """Return the step regardless of the day: an unsettled invoice is TO_COLLECT.

        `takes_part`: the exhibitor is accepted and the fair takes place. An order that was invoiced
        already, or of an exhibitor who takes part no more, is TO_SETTLE: an organiser decides.
        """
        if self.invoice is not None:
            return SaleStep.TO_COLLECT
        if is_closed:
            return SaleStep.CLOSED
        if self.order is not None:
            decided = takes_part and self.credited is None
            return SaleStep.TO_INVOICE if decided else SaleStep.TO_SETTLE
        return SaleStep.TO_QUOTE if self.quote is None else SaleStep.QUOTED


def amount_received(allocations: Iterable[Allocation]) -> Decimal:
    """Return what receipts that are not cancelled pay."""
    return sum((row.amount for row in allocations if row.cancelled_at is None), ZERO)


def credits_of(invoice: SalesDocument, sales: Iterable[SalesDocument]) -> list[SalesDocument]:
    """Return the credit notes of an invoice among the documents of its exhibitor."""
    return [
        document
        for document in sales
        if document.kind == SalesKind.CREDIT_NOTE and document.from_id == invoice.id
    ]


def amount_asked(invoice: SalesDocument, credit_notes: Iterable[SalesDocument]) -> Decimal:
    """Return what credit notes leave of an invoice, paid or not."""
    notes = list(credit_notes)
    if is_cancelled(invoice, notes):
        return ZERO
    return invoice.gross - sum((note.gross for note in notes), ZERO)


def balance_due(
    invoice: SalesDocument, credit_notes: Iterable[SalesDocument], *, is_signed: bool = False
) -> Decimal:
    """Return the amount left to pay; `is_signed`: negative while a credit note overpays it."""
    left = amount_asked(invoice, credit_notes) - amount_received(invoice.allocations)
    return left if is_signed else max(left, ZERO)


def invoice_balance(
    invoice: SalesDocument, credit_notes: Iterable[SalesDocument], today: date
) -> InvoiceBalance:
    """Return the balance of an invoice today, what it was paid and credit notes counted.

    The due day is still in time; the day after is one day late.
    """
    notes = list(credit_notes)
    paid = amount_received(invoice.allocations)
    credited = sum((note.gross for note in notes), ZERO)
    due = balance_due(invoice, notes)
    days = (today - invoice.due_on).days if invoice.due_on and due else 0
    if is_cancelled(invoice, notes):
        state = InvoiceState.CANCELLED
    elif not due:
        state = InvoiceState.PAID
    elif days > 0:
        state = InvoiceState.LATE
    else:
        state = InvoiceState.PARTLY_PAID if paid else InvoiceState.TO_PAY
    return InvoiceBalance(state, paid, credited, due, max(days, 0))


def sales_file_of(sales: Sequence[SalesDocument]) -> SalesFile:
    """Return the last quote, its order, and the invoice that no credit note cancels."""
    cancelled = {document.cancels_id for document in sales if document.cancels_id is not None}
    quotes = [document for document in sales if document.kind == SalesKind.QUOTE]
    quote = max(quotes, key=lambda document: document.id, default=None)
    orders = [document for document in sales if document.kind == SalesKind.ORDER]
    order = next(
        (document for document in orders if quote is not None and document.from_id == quote.id),
        None,
    )
    invoices = [document for document in sales if document.kind == SalesKind.INVOICE]
    live = [document for document in invoices if document.id not in cancelled]
    invoice = max(live, key=lambda document: document.id, default=None)
    of_order = [row for row in invoices if order is not None and row.from_id == order.id]
    credited = max(of_order, key=lambda document: document.id, default=None)
    return SalesFile(quote, order, invoice, credited if invoice is None else None)


def bucket_of(days_late: int) -> int:
    """Return the rank in BUCKETS of an amount this many days late."""
    return 0 if days_late <= 0 else min((days_late + 29) // 30, len(BUCKETS) - 1)


def amounts_by_bucket(standings: Iterable[InvoiceBalance]) -> list[Decimal]:
    """Return the amount due in each of BUCKETS, then the total."""
    sums = [ZERO] * len(BUCKETS)
    for standing in standings:
        sums[bucket_of(standing.days_late)] += standing.due
    return [*sums, sum(sums, ZERO)]


def is_cancelled(invoice: SalesDocument, sales: Iterable[SalesDocument]) -> bool:
    return any(document.cancels_id == invoice.id for document in sales)
