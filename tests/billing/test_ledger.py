"""The state of an invoice on a day, and the documents that count: pure."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from salon.billing.engine.ledger import (
    InvoiceState,
    SaleStep,
    bucket_of,
    credits_of,
    invoice_balance,
    sales_file_of,
)
from salon.billing.models import Allocation, Payment, SalesDocument, SalesKind
from salon.platform.settings.clock import now
from salon.platform.settings.installation import ROOT

DUE = date(2021, 10, 31)


def document(number: int, kind: SalesKind, **more: Any) -> SalesDocument:
    return SalesDocument(id=number, kind=kind, gross=Decimal("120.00"), due_on=DUE, **more)


def paid_amount(amount: str, *, cancelled: bool = False) -> Allocation:
    payment = Payment(amount=Decimal(amount), cancelled_at=now() if cancelled else None)
    return Allocation(amount=Decimal(amount), payment=payment)


@pytest.mark.parametrize(
    ("paid", "days", "state", "due", "late"),
    [
        ([], 0, InvoiceState.TO_PAY, "120.00", 0),
        ([], 1, InvoiceState.LATE, "120.00", 1),
        (["20"], 0, InvoiceState.PARTLY_PAID, "100.00", 0),
        (["20"], 45, InvoiceState.LATE, "100.00", 45),
        (["20", "100"], 45, InvoiceState.PAID, "0.00", 0),
    ],
)
def test_an_invoice_on_a_day(
    paid: list[str], days: int, state: InvoiceState, due: str, late: int
) -> None:
    invoice = document(1, SalesKind.INVOICE)
    cancelled = paid_amount("500", cancelled=True)
    invoice.allocations = [*(paid_amount(text) for text in paid), cancelled]
    balance = invoice_balance(invoice, [], DUE + timedelta(days=days))
    assert (balance.state, str(balance.due)) == (state, due)
    assert balance.days_late == late


def test_a_credit_note_lessens_or_cancels() -> None:
    invoice = document(1, SalesKind.INVOICE)
    invoice.allocations = [paid_amount("30")]
    part = document(2, SalesKind.CREDIT_NOTE, from_id=1)
    part.gross = Decimal("90.00")
    assert invoice_balance(invoice, [part], DUE).state == InvoiceState.PAID
    whole = document(3, SalesKind.CREDIT_NOTE, from_id=1, cancels_id=1)
    balance = invoice_balance(invoice, credits_of(invoice, [whole, part]), DUE)
    assert (balance.state, balance.due) == (InvoiceState.CANCELLED, 0)


def test_the_last_quote_and_what_came_of_it() -> None:
    old = document(1, SalesKind.QUOTE)
    ordered = document(2, SalesKind.ORDER, from_id=1)
    assert sales_file_of([]).step() == SaleStep.TO_QUOTE
    assert sales_file_of([old]).step() == SaleStep.QUOTED
    assert sales_file_of([old, ordered]).step() == SaleStep.TO_INVOICE
    new = document(3, SalesKind.QUOTE)
    assert sales_file_of([old, ordered, new]).step() == SaleStep.QUOTED
    first = document(4, SalesKind.INVOICE, from_id=2)
    credit = document(5, SalesKind.CREDIT_NOTE, from_id=4, cancels_id=4)
    assert sales_file_of([old, ordered, first]).step() == SaleStep.TO_COLLECT
    assert sales_file_of([old, ordered]).step(takes_part=False) == SaleStep.TO_SETTLE
    credited = sales_file_of([old, ordered, first, credit])
    assert (credited.step(), credited.credited) == (SaleStep.TO_SETTLE, first)
    assert credited.step(is_closed=True) == SaleStep.CLOSED
    renewed = [document(7, SalesKind.QUOTE), document(8, SalesKind.ORDER, from_id=7)]
    assert sales_file_of([old, ordered, first, credit, *renewed]).step() == SaleStep.TO_INVOICE
    second = document(6, SalesKind.INVOICE, from_id=2)
    assert sales_file_of([second, credit, first, ordered, old]).invoice is second


@pytest.mark.parametrize(
    ("days", "rank"),
    [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (900, 4)],
)
def test_ages(days: int, rank: int) -> None:
    assert bucket_of(days) == rank


def test_the_page_of_the_steps_names_each_of_them() -> None:
    page = (ROOT / "docs" / "sale-states.md").read_text("utf-8")
    for step in SaleStep:
        assert f"| `{step.name}` | {step.label} |" in page
        assert re.search(rf"--> {step.name}\b", page)
