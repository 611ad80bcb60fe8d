"""What a receipt pays and what is paid back of it, attacked by SQL alone on both databases."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from salon.billing.imports.statements import ReadLine
from salon.billing.models import (
    Allocation,
    Payment,
    PaymentMethod,
    Refund,
    SalesDocument,
    StatementLine,
)
from salon.billing.queries.sales import sales_of
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    cancel_payment,
    cancel_refund,
    record_payment,
    record_refund,
)
from salon.billing.services.sales import issue_credit_note
from salon.billing.services.statements import import_statement
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import act_in, new_key
from tests.platform.database.invariants.attacks import copy_of, execute, refused

pytestmark = pytest.mark.on_both

TODAY = local(now()).date()
TEN = Decimal(10)


@pytest.fixture
def invoice(app: Flask, edition: Edition) -> SalesDocument:
    make_shop(edition)
    return make_invoice(make_buyer(edition), edition)


def pay(invoice: SalesDocument, more: Decimal) -> Payment:
    """Record a receipt of the invoice and more."""
    amount = invoice.gross + more
    received = ReceivedPayment(amount, PaymentMethod.TRANSFER, TODAY, surplus_meant=True)
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    newest = select(Payment).order_by(Payment.id.desc()).limit(1)
    return current_session().scalars(newest).one()


def refund_of(payment: Payment, amount: Decimal) -> Refund:
    sent = SentRefund(amount, PaymentMethod.TRANSFER, TODAY)
    record_refund(Act(ORGANISER), payment.id, sent, new_key(), {})
    newest = select(Refund).order_by(Refund.id.desc()).limit(1)
    return current_session().scalars(newest).one()


def allocation_of(payment: Payment) -> Allocation:
    return payment.allocations[0]


def test_what_a_receipt_pays_stays_written(invoice: SalesDocument) -> None:
    allocation = allocation_of(pay(invoice, TEN))
    condition = f"WHERE id = {allocation.id}"
    refused("allocations_stay", f"UPDATE allocations SET amount = 1 {condition}")
    refused("allocations_stay", f"DELETE FROM allocations {condition}")
    refused("ck_allocations_amount_not_zero", copy_of("allocations", allocation.id, amount="0"))


def test_a_receipt_pays_at_most_its_amount(invoice: SalesDocument) -> None:
    first = pay(invoice, -TEN)
    allocation, small = allocation_of(first), pay(invoice, Decimal(5) - invoice.gross)
    more = copy_of("allocations", allocation.id, amount="0.01")
    refused("allocations_within_their_receipt", more)
    cancel_payment(Act(ORGANISER), small.id, "Rejeté")
    paying = copy_of("allocations", allocation.id, payment_id=str(small.id), amount="0.01")
    refused("allocations_within_their_receipt", paying)


def test_an_invoice_is_paid_at_most_what_it_asks(edition: Edition, invoice: SalesDocument) -> None:
    allocation = allocation_of(pay(invoice, TEN))
    guard = "allocations_within_their_invoice"
    refused(guard, copy_of("allocations", allocation.id, amount="0.01"))
    order = next(sale for sale in sales_of(invoice.exhibitor_id) if sale.kind == "order")
    small = copy_of("allocations", allocation.id, amount="0.01", document_id=str(order.id))
    refused(guard, small)
    another = make_invoice(make_buyer(edition), edition)
    refused(guard, small.replace(f" {order.id},", f" {another.id},"))
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    refused(guard, copy_of("allocations", allocation.id, amount="0.01"))


def test_what_a_receipt_pays_is_freed_once(invoice: SalesDocument) -> None:
    allocation = allocation_of(pay(invoice, TEN))
    freed = copy_of("allocations", allocation.id, amount="-amount")
    refused("allocations_are_freed_once", freed, copy_of("allocations", allocation.id, amount="-1"))
    execute(freed)


def test_no_more_is_paid_back_than_a_receipt_leaves(invoice: SalesDocument) -> None:
    payment = pay(invoice, TEN)
    refund = refund_of(payment, TEN)
    guard = "refunds_within_their_receipt"
    refused(guard, copy_of("refunds", refund.id, amount="0.01"))
    refused("ck_refunds_amount_positive", copy_of("refunds", refund.id, amount="0"))
    cancelled = f"UPDATE payments SET cancelled_at = recorded_at WHERE id = {payment.id}"
    refused("refunded_payments_stand", cancelled)
    cancel_refund(Act(ORGANISER), refund.id, "Jamais parti")
    refused(guard, copy_of("refunds", refund.id, cancelled_at="NULL", amount="10.01"))
    execute(cancelled)
    refused(guard, copy_of("refunds", refund.id, cancelled_at="NULL"))


def test_a_refund_stays(invoice: SalesDocument) -> None:
    refund = refund_of(pay(invoice, TEN), TEN)
    condition = f"WHERE id = {refund.id}"
    refused("refunds_stay", f"DELETE FROM refunds {condition}")
    refused("refunds_say_what_was_paid_back", f"UPDATE refunds SET amount = 1 {condition}")
    refused("refunds_name_who_recorded_them", f"UPDATE refunds SET reference = 'X' {condition}")
    cancel_refund(Act(ORGANISER), refund.id, "Jamais parti")
    refused("refunds_are_cancelled_once", f"UPDATE refunds SET cancelled_at = NULL {condition}")
    guard = "refunds_keep_the_day_of_their_return"
    refused(guard, f"UPDATE refunds SET cancelled_on = NULL {condition}")
    guard = "refunds_keep_why_they_were_cancelled"
    refused(guard, f"UPDATE refunds SET cancel_reason = '' {condition}")


def test_parts_of_a_receipt_are_one_line_of_the_bank(edition: Edition) -> None:
    make_shop(edition)
    invoices = [make_invoice(make_buyer(edition), edition) for _ in range(2)]
    ids = [invoice.id for invoice in invoices]
    amount = sum((invoice.gross for invoice in invoices), Decimal(0))
    read = ReadLine(TODAY, amount, "VIR", "", "", False, "a")
    import_statement(act_in(edition, ORGANISER), [read])
    line = current_session().scalars(select(StatementLine)).one()
    received = ReceivedPayment(amount, PaymentMethod.TRANSFER, TODAY, pays=ids)
    record_payment(Act(ORGANISER), ids[0], received, "", {}, line)
    first, second = current_session().scalars(select(Payment).order_by(Payment.id))
    guard = "parts_are_of_one_receipt"
    for other in ("amount = 1", "first_part_id = NULL"):
        refused(
            "payments_say_what_was_received", f"UPDATE payments SET {other} WHERE id = {second.id}"
        )
    for changed in ({"payer": "'X'"}, {"reference": "'X'"}, {"first_part_id": str(second.id)}):
        refused(guard, copy_of("payments", second.id, **{"amount": "1", **changed}))
    refused(
        "lines_are_the_receipts_of_their_amount",
        copy_of("payments", second.id, amount="1"),
        f"UPDATE statement_lines SET payment_id = {first.id} WHERE id = {line.id}",
    )
