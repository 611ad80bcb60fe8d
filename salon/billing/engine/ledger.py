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
    """The current documents of an exhibitor.

    `agreed`: the order of the last quote. `orders`: those that stand; a quote replaces an order of
    which nothing is invoiced, and adds to the others. `invoices`: those that no credit note
    cancels, deposits included, the oldest first. `to_invoice`: orders without a live invoice of
    their lines. `credited`: the last invoice of these that a credit note cancelled.
    """

    quote: SalesDocument | None
    agreed: SalesDocument | None
    orders: Sequence[SalesDocument] = ()
    invoices: Sequence[SalesDocument] = ()
    to_invoice: Sequence[SalesDocument] = ()
    credited: SalesDocument | None = None

    @property
    def order(self) -> SalesDocument | None:
        """Return the order to invoice next, else the last one that stands."""
        return next(iter([*self.to_invoice, *reversed(self.orders)]), None)

    @property
    def invoice(self) -> SalesDocument | None:
        """Return the last invoice that stands."""
        return self.invoices[-1] if self.invoices else None

    @property
    def awaited(self) -> SalesDocument | None:
        """Return the quote that waits for an agreement."""
        return self.quote if self.agreed is None else None

    @property
    def pending(self) -> list[SalesDocument]:
        """Return what a new quote replaces: the awaited one, orders not invoiced at all."""
        orders = [order for order in self.to_invoice if self.deposit(order) is None]
        return [*filter(None, [self.awaited]), *orders]

    def invoiced(self, order: SalesDocument) -> SalesDocument | None:
        """Return the live invoice of the lines of an order."""
        return self._of(order, is_deposit=False)

    def deposit(self, order: SalesDocument) -> SalesDocument | None:
        """Return the live deposit invoice of an order."""
        return self._of(order, is_deposit=True)

    def _of(self, order: SalesDocument, *, is_deposit: bool) -> SalesDocument | None:
        return next(
            (
                invoice
                for invoice in self.invoices
                if invoice.from_id == order.id
                and (invoice.deposit_percent is not None) == is_deposit
            ),
            None,
        )

    def step(self, *, is_closed: bool = False, takes_part: bool = True) -> SaleStep:
        """Return what is done next, regardless of the day: an unsettled invoice is TO_COLLECT.

        `takes_part`: the exhibitor is accepted and the fair takes place. An order whose invoice was
        cancelled, or of an exhibitor who takes part no more, is TO_SETTLE: an organiser decides.
        """
        if self.to_invoice and not is_closed:
            decided = takes_part and self.credited is None
            return SaleStep.TO_INVOICE if decided else SaleStep.TO_SETTLE
        if self.invoices:
            return SaleStep.TO_COLLECT
        if is_closed:
            return SaleStep.CLOSED
        return SaleStep.TO_QUOTE if self.quote is None else SaleStep.QUOTED


@dataclass(frozen=True)
class SaleSums:
    """What is ordered, invoiced, credited and paid of a sale, left to invoice and to receive."""

    ordered: Decimal
    invoiced: Decimal
    credited: Decimal
    paid: Decimal
    to_invoice: Decimal
    due: Decimal


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
    """Return the last quote, the orders that stand, and the invoices that no credit note cancels.

    An order stands while something of it is invoiced, or no quote came after it, or after the
    credit note that cancelled its invoice.
    """
    cancelled = {row.cancels_id: row.id for row in sales if row.cancels_id is not None}
    quotes, orders, invoices = (
        sorted((row for row in sales if row.kind == kind), key=lambda row: row.id)
        for kind in (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE)
    )
    quote = quotes[-1] if quotes else None
    live = [invoice for invoice in invoices if invoice.id not in cancelled]
    billed_ids = {invoice.from_id for invoice in live}
    whole_ids = {invoice.from_id for invoice in live if invoice.deposit_percent is None}
    former = [invoice for invoice in invoices if invoice.id in cancelled]
    freed_at: dict[int | None, int] = {}
    for row in former:
        freed_at[row.from_id] = max(cancelled[row.id], freed_at.get(row.from_id, 0))
    standing = [
        order
        for order in orders
        if order.id in billed_ids
        or quote is None
        or quote.id < max(order.id, freed_at.get(order.id, 0))
    ]
    to_invoice = [order for order in standing if order.id not in whole_ids]
    ids = {order.id for order in to_invoice}
    return SalesFile(
        quote=quote,
        agreed=next((order for order in orders if quote and order.from_id == quote.id), None),
        orders=standing,
        invoices=live,
        to_invoice=to_invoice,
        credited=next((row for row in reversed(former) if row.from_id in ids), None),
    )


def sale_sums(file: SalesFile, sales: Sequence[SalesDocument], *, is_closed: bool) -> SaleSums:
    """Return the sums of a sale; a closed one has nothing left to invoice."""
    invoices, notes = (
        [row for row in sales if row.kind == kind]
        for kind in (SalesKind.INVOICE, SalesKind.CREDIT_NOTE)
    )
    return SaleSums(
        ordered=sum((order.gross for order in file.orders), ZERO),
        invoiced=sum((invoice.gross for invoice in invoices), ZERO),
        credited=sum((note.gross for note in notes), ZERO),
        paid=sum((amount_received(invoice.allocations) for invoice in invoices), ZERO),
        to_invoice=sum(
            (amount_to_invoice(file, order, sales) for order in file.to_invoice if not is_closed),
            ZERO,
        ),
        due=sum((balance_due(row, credits_of(row, sales)) for row in invoices), ZERO),
    )


def amount_to_invoice(
    file: SalesFile, order: SalesDocument, sales: Iterable[SalesDocument]
) -> Decimal:
    """Return what the invoice of an order will ask, its deposit deducted."""
    deposit = file.deposit(order)
    if deposit is None:
        return order.gross
    return order.gross - amount_asked(deposit, credits_of(deposit, sales))


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
