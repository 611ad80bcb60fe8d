"""What receipts pay, and what they leave in favour of an exhibitor. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salon.billing.engine.ledger import balance_due, credits_of, sales_file_of
from salon.billing.models import Payment, Refund, SalesDocument, SalesKind
from salon.exhibitors.engine.pricing import ZERO
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class Account:
    """What an exhibitor owes for its invoices, and what its receipts leave in its favour.

    `in_favour` is negative when the bank returned money that was already paid back.
    """

    due: Decimal
    in_favour: Decimal

    @property
    def to_recover(self) -> Decimal:
        """Return what was paid back of money that the bank returned afterwards."""
        return max(ZERO - self.in_favour, ZERO)


def account_of(sales: Sequence[SalesDocument], payments: Iterable[Payment]) -> Account:
    """Return the account of an exhibitor from all its documents and receipts."""
    due = sum((due for _, due in dues_of(sales)), ZERO)
    return Account(due, sum(map(left_of, payments), ZERO))


def dues_of(sales: Sequence[SalesDocument]) -> list[tuple[SalesDocument, Decimal]]:
    """Return the invoices that are not settled with what is due, the first due first."""
    invoices = sorted(
        (document for document in sales if document.kind == SalesKind.INVOICE),
        key=lambda invoice: (invoice.due_on or invoice.issued_on, invoice.id),
    )
    dues = ((invoice, balance_due(invoice, credits_of(invoice, sales))) for invoice in invoices)
    return [(invoice, due) for invoice, due in dues if due]


def document_paid(sales: Sequence[SalesDocument]) -> SalesDocument | None:
    """Return what money of an exhibitor comes for.

    The first invoice due, else its last live invoice, else its last document.
    """
    due = next((invoice for invoice, _ in dues_of(sales)), None)
    issued = [document for document in sales if document.kind != SalesKind.CREDIT_NOTE]
    live = due or sales_file_of(sales).invoice
    return live or max(issued, key=lambda document: document.id, default=None)


def paid_by(payment: Payment) -> dict[SalesDocument, Decimal]:
    """Return what a receipt pays of each invoice; nothing once it is cancelled."""
    amounts: dict[SalesDocument, Decimal] = {}
    for allocation in payment.allocations if payment.cancelled_at is None else ():
        amounts[allocation.document] = amounts.get(allocation.document, ZERO) + allocation.amount
    return {invoice: amount for invoice, amount in amounts.items() if amount}


def paid_back(payment: Payment) -> Decimal:
    """Return what was paid back of a receipt."""
    return sum((row.amount for row in payment.refunds if row.cancelled_at is None), ZERO)


def cancellation_day(money: Payment | Refund) -> date | None:
    """Return the day on which money was cancelled, that of its noting where none was given."""
    if money.cancelled_at is None:
        return None
    return money.cancelled_on or local(money.cancelled_at).date()


def left_of(payment: Payment) -> Decimal:
    """Return what a receipt neither pays nor was paid back of it.

    Once it is cancelled, what was paid back of it is missing: the amount is negative.
    """
    received = ZERO if payment.cancelled_at is not None else payment.amount
    return received - sum(paid_by(payment).values(), ZERO) - paid_back(payment)
