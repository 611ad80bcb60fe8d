"""Receipts as the bank shows them: what they pay, what they leave, what is paid back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from salon.billing.documents.sales_journal import journal_table
from salon.billing.engine.receipts import Account, left_of, paid_by
from salon.billing.models import Payment, PaymentMethod, Refund, SalesDocument, SalesKind
from salon.billing.queries.ledger import journal_of, open_invoices
from salon.billing.queries.receipts import in_favour_of, receipts_of, to_recover_from
from salon.billing.queries.sales import get_document
from salon.billing.rules import receipts as rules
from salon.billing.rules.sales import NotAnInvoice
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    allocate_payment,
    cancel_payment,
    cancel_refund,
    free_allocation,
    record_payment,
    record_refund,
)
from salon.billing.services.reminders import post_invoice_reminders
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key

pytestmark = pytest.mark.on_both

TODAY = local(now()).date()
NOTHING = Decimal("0.00")
GROSS = Decimal("2172.00")


@pytest.fixture
def invoice(edition: Edition) -> SalesDocument:
    make_shop(edition)
    return make_invoice(make_buyer(edition), edition)


def pay(document: SalesDocument, amount: str, payer: str = "") -> Payment:
    received = ReceivedPayment(
        Decimal(amount), PaymentMethod.TRANSFER, TODAY, surplus_meant=True, payer=payer
    )
    record_payment(Act(ORGANISER), document.id, received, new_key(), {})
    newest = select(Payment).order_by(Payment.id.desc()).limit(1)
    return current_session().scalars(newest).one()


def pay_back(payment: Payment, amount: str, *, days: int = 0, key: str = "") -> Account:
    sent = SentRefund(Decimal(amount), PaymentMethod.TRANSFER, TODAY + timedelta(days=days))
    return record_refund(Act(ORGANISER), payment.id, sent, key or new_key(), {})


def allocate(payment: Payment, invoice: SalesDocument, amount: str) -> Account:
    return allocate_payment(Act(ORGANISER), payment.id, invoice.id, Decimal(amount))


def test_a_credit_note_after_the_payment_frees_what_was_paid(
    edition: Edition, invoice: SalesDocument
) -> None:
    first, second = pay(invoice, "2000"), pay(invoice, "172")
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    assert [left_of(payment) for payment in (first, second)] == [Decimal(44), Decimal(172)]
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Le reste")
    assert paid_by(first) == {}
    assert [amount for _, amount in in_favour_of(edition)] == [GROSS]


def test_what_is_in_favour_pays_the_invoice_that_replaces_it(
    edition: Edition, invoice: SalesDocument
) -> None:
    payment = pay(invoice, "2172")
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Mauvais libellé")
    replacing = issue(Act(ORGANISER), invoice.exhibitor_id, SalesKind.INVOICE)
    with pytest.raises(NotAnInvoice):
        allocate(payment, get_document(replacing.from_id or 0), "1")
    with pytest.raises(rules.MoreThanInvoiced):
        allocate(payment, invoice, "1")
    assert allocate(payment, replacing, "2000") == Account(Decimal(172), Decimal(172))
    with pytest.raises(rules.MoreThanLeft) as refusal:
        allocate(payment, replacing, "172.01")
    assert "172,00\u00a0€" in refusal.value.message
    assert allocate(payment, replacing, "172") == Account(NOTHING, NOTHING)
    assert open_invoices(edition) == []
    assert paid_by(receipts_of(invoice.exhibitor_id)[0]) == {replacing: GROSS}


def test_money_of_another_exhibitor_pays_nothing(edition: Edition, invoice: SalesDocument) -> None:
    payment = pay(make_invoice(make_buyer(edition), edition), "3000")
    with pytest.raises(NotAnInvoice):
        allocate(payment, invoice, "1")


def test_money_that_comes_before_the_invoice_waits_for_it(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    deposit = pay(quote, "500", "Le siège")
    assert (deposit.payer, left_of(deposit)) == ("Le siège", Decimal(500))
    order = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    assert pay(order, "100").payer == order.buyer["name"]
    invoice = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    assert allocate(deposit, invoice, "500").due == GROSS - 500


def test_a_refund_is_done_once_and_no_more_than_what_is_left(
    edition: Edition, invoice: SalesDocument
) -> None:
    payment, key = pay(invoice, "2200"), new_key()
    assert pay_back(payment, "20", key=key) == Account(NOTHING, Decimal(8))
    assert pay_back(payment, "20", key=key) == Account(NOTHING, Decimal(8))
    with pytest.raises(rules.MoreThanLeft):
        pay_back(payment, "8.01")
    for days in (-1, 1):
        with pytest.raises(rules.RefundDateRefused):
            pay_back(payment, "1", days=days)
    assert [amount for _, amount in in_favour_of(edition)] == [8]
    refund = current_session().scalars(select(Refund)).one()
    assert cancel_refund(Act(ORGANISER), refund.id, "Jamais parti").in_favour == 28
    assert [amount for _, amount in in_favour_of(edition)] == [28]
    with pytest.raises(rules.RefundAlreadyCancelled):
        cancel_refund(Act(ORGANISER), refund.id, "Encore")
    returned = cancel_payment(Act(ORGANISER), payment.id, "Rejeté par la banque")
    assert returned == Account(GROSS, NOTHING)
    assert payment.cancel_reason == "Rejeté par la banque"
    with pytest.raises(rules.MoreThanLeft):
        pay_back(payment, "1")


def test_money_is_taken_back_between_its_day_and_today(invoice: SalesDocument) -> None:
    payment = pay(invoice, "2200")
    pay_back(payment, "28")
    refund = current_session().scalars(select(Refund)).one()
    for days in (-1, 1):
        for cancel, row in ((cancel_payment, payment), (cancel_refund, refund)):
            with pytest.raises(rules.CancelDateRefused):
                cancel(Act(ORGANISER), row.id, "Rejeté", TODAY + timedelta(days=days))
    assert (payment.cancelled_at, refund.cancelled_at) == (None, None)


def test_what_was_paid_back_may_come_again(invoice: SalesDocument) -> None:
    """The third time, the invoice would be paid three times without what was given back."""
    pay(invoice, "2172")
    pay_back(pay(invoice, "2172"), "2172")
    assert left_of(pay(invoice, "2172")) == GROSS
    with pytest.raises(rules.AbsurdAmount):
        pay(invoice, "0.01")


def test_nobody_is_reminded_of_what_is_already_there(
    edition: Edition, invoice: SalesDocument
) -> None:
    payment = pay(invoice, "2172")
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Mauvais libellé")
    replacing = issue(Act(ORGANISER), invoice.exhibitor_id, SalesKind.INVOICE)
    late = now() + timedelta(days=200)
    assert post_invoice_reminders(late) == 0
    pay_back(payment, "0.01")
    assert get_document(replacing.id).allocations == []
    assert post_invoice_reminders(late) == 1


def test_the_journal_less_what_is_paid_is_what_is_due(
    edition: Edition, invoice: SalesDocument
) -> None:
    pay(invoice, "2500")
    issue_credit_note(Act(ORGANISER), invoice.id, [2, 3], "Moins d’options")
    half = make_invoice(make_buyer(edition), edition)
    pay(half, "1000.01")
    table = journal_table(journal_of(edition))
    rows = [[Decimal(cell) for cell in row[-4:-2]] for row in table.rows]
    billed, paid = (sum(column) for column in zip(*rows, strict=True))
    assert billed - paid == GROSS - Decimal("1000.01")
    assert all(amount >= 0 for _, amount in rows)


def test_what_the_bank_takes_back_after_a_refund_is_to_recover(
    edition: Edition, invoice: SalesDocument
) -> None:
    payment = pay(invoice, "2200")
    pay_back(payment, "28")
    returned = cancel_payment(Act(ORGANISER), payment.id, "Chèque sans provision")
    assert returned == Account(GROSS, Decimal(-28))
    assert [(who.id, amount) for who, amount in to_recover_from(edition)] == [
        (invoice.exhibitor_id, Decimal(28))
    ]
    assert in_favour_of(edition) == []
    received = ReceivedPayment(GROSS + 28, PaymentMethod.TRANSFER, TODAY)
    settled = record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    assert settled == Account(NOTHING, NOTHING)
    with pytest.raises(rules.MoreThanLeft):
        pay_back(receipts_of(invoice.exhibitor_id)[1], "28")


def test_a_receipt_freed_of_the_wrong_invoice_is_there_for_another(
    edition: Edition, invoice: SalesDocument
) -> None:
    payment = pay(invoice, "2172")
    freed = free_allocation(Act(ORGANISER), payment.id, invoice.id, "Mauvaise facture")
    assert freed == Account(GROSS, GROSS)
    assert [row.amount for row in payment.allocations] == [GROSS, -GROSS]
    with pytest.raises(rules.NothingToFree):
        free_allocation(Act(ORGANISER), payment.id, invoice.id, "Encore")
    entry = select(JournalEntry).where(JournalEntry.action == "payment.freed")
    assert "Mauvaise facture" in str(current_session().scalars(entry).one().details)
    assert allocate(payment, invoice, "2172") == Account(NOTHING, NOTHING)
