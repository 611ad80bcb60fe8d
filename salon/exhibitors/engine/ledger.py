"""Where the money of an exhibitor stands: the step it is at, what an invoice still asks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import Payment, SalesDocument, SalesKind

BUCKETS = ("Non échu", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "Plus de 90 jours")


class InvoiceState(StrEnum):
    """What is left of an invoice on a day."""

    TO_PAY = "to_pay"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    LATE = "late"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "to_pay": "À payer",
            "partly_paid": "Partiellement réglée",
            "paid": "Réglée",
            "late": "En retard",
            "cancelled": "Annulée par un avoir",
        }[self.value]

    @property
    def pill(self) -> str:
        return {
            "to_pay": "info",
            "partly_paid": "warning",
            "paid": "ok",
            "late": "danger",
            "cancelled": "neutral",
        }[self.value]


class Step(StrEnum):
    """Where an exhibitor is between its first quote and its last payment."""

    TO_QUOTE = "to_quote"
    QUOTED = "quoted"
    TO_INVOICE = "to_invoice"
    TO_COLLECT = "to_collect"
    LATE = "late"
    PAID = "paid"

    @property
    def label(self) -> str:
        return {
            "to_quote": "Devis à établir",
            "quoted": "Devis envoyé",
            "to_invoice": "À facturer",
            "to_collect": "À encaisser",
            "late": "En retard",
            "paid": "Réglé",
        }[self.value]

    @property
    def pill(self) -> str:
        return {
            "to_quote": "neutral",
            "quoted": "info",
            "to_invoice": "warning",
            "to_collect": "info",
            "late": "danger",
            "paid": "ok",
        }[self.value]


@dataclass(frozen=True)
class Standing:
    """An invoice on a day. `surplus` was received beyond what was asked, and goes back."""

    state: InvoiceState
    paid: Decimal
    credited: Decimal
    due: Decimal
    surplus: Decimal
    days_late: int


@dataclass(frozen=True)
class File:
    """The documents of an exhibitor that count now: the last quote and what came of it."""

    quote: SalesDocument | None
    order: SalesDocument | None
    invoice: SalesDocument | None

    @property
    def step(self) -> Step:
        """Without the day: an invoice that is not settled is TO_COLLECT."""
        if self.invoice is not None:
            return Step.TO_COLLECT
        if self.order is not None:
            return Step.TO_INVOICE
        return Step.TO_QUOTE if self.quote is None else Step.QUOTED


def received(payments: Iterable[Payment]) -> Decimal:
    """What was received and not cancelled."""
    return sum((one.amount for one in payments if one.cancelled_at is None), ZERO)


def credits_of(invoice: SalesDocument, sales: Iterable[SalesDocument]) -> list[SalesDocument]:
    """The credit notes of an invoice, among the documents of its exhibitor."""
    return [one for one in sales if one.kind == SalesKind.CREDIT_NOTE and one.from_id == invoice.id]


def still_due(invoice: SalesDocument, credit_notes: Iterable[SalesDocument]) -> Decimal:
    """What is left to pay; negative when more was received than asked."""
    notes = list(credit_notes)
    paid = received(invoice.payments)
    if any(one.cancels_id == invoice.id for one in notes):
        return ZERO - paid
    return invoice.gross - sum((one.gross for one in notes), ZERO) - paid


def standing_of(
    invoice: SalesDocument, credit_notes: Iterable[SalesDocument], today: date
) -> Standing:
    """What an invoice asks today, its payments and credit notes counted.

    The day that is due is still in time; the day after is one day late.
    """
    notes = list(credit_notes)
    paid = received(invoice.payments)
    credited = sum((one.gross for one in notes), ZERO)
    cancelled = any(one.cancels_id == invoice.id for one in notes)
    left = still_due(invoice, notes)
    due, surplus = max(left, ZERO), max(ZERO - left, ZERO)
    days = (today - invoice.due_on).days if invoice.due_on and due else 0
    if cancelled:
        state = InvoiceState.CANCELLED
    elif not due:
        state = InvoiceState.PAID
    elif days > 0:
        state = InvoiceState.LATE
    else:
        state = InvoiceState.PARTLY_PAID if paid else InvoiceState.TO_PAY
    return Standing(state, paid, credited, due, surplus, max(days, 0))


def file_of(sales: Sequence[SalesDocument]) -> File:
    """The last quote, the order made from it, and the invoice that no credit note cancels."""
    cancelled = {one.cancels_id for one in sales if one.cancels_id is not None}
    quotes = [one for one in sales if one.kind == SalesKind.QUOTE]
    quote = max(quotes, key=lambda one: one.id, default=None)
    orders = [one for one in sales if one.kind == SalesKind.ORDER]
    order = next((one for one in orders if quote is not None and one.from_id == quote.id), None)
    invoices = [one for one in sales if one.kind == SalesKind.INVOICE]
    live = [one for one in invoices if one.id not in cancelled]
    return File(quote, order, max(live, key=lambda one: one.id, default=None))


def bucket_of(days_late: int) -> int:
    """The rank in BUCKETS of an amount that is so many days late."""
    return 0 if days_late <= 0 else min((days_late + 29) // 30, len(BUCKETS) - 1)


def aged(standings: Iterable[Standing]) -> list[Decimal]:
    """What is due in each of BUCKETS, then in all."""
    sums = [ZERO] * len(BUCKETS)
    for one in standings:
        sums[bucket_of(one.days_late)] += one.due
    return [*sums, sum(sums, ZERO)]


def is_cancelled(invoice: SalesDocument, sales: Iterable[SalesDocument]) -> bool:
    return any(one.cancels_id == invoice.id for one in sales)
