"""Payments and credit notes, on real databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from salon.billing.engine.receipts import Account
from salon.billing.models import Payment, PaymentMethod, SalesDocument, SalesKind
from salon.billing.rules import receipts
from salon.billing.rules import sales as rules
from salon.billing.rules.invoices import NothingToAdd
from salon.billing.services.payments import ReceivedPayment, cancel_payment, record_payment
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key
from tests.tables import each

YEAR = local(now()).year


def pay(
    invoice: SalesDocument, amount: str, key: str = "", *, surplus_meant: bool = False
) -> Account:
    day = local(now()).date()
    received = ReceivedPayment(
        Decimal(amount), PaymentMethod.TRANSFER, day, surplus_meant=surplus_meant
    )
    return record_payment(Act(ORGANISER), invoice.id, received, key or new_key(), {})


@pytest.mark.on_both
def test_a_whole_credit_note_cancels_and_makes_room_for_a_new_invoice(edition: Edition) -> None:
    items = {item.code: item for item in make_shop(edition)}
    exhibitor = make_buyer(edition, {items["repas"]: 3})
    invoice = make_invoice(exhibitor, edition)
    with pytest.raises(rules.AlreadyInvoiced):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    with pytest.raises(NothingToAdd):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    credit = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    assert (credit.net, credit.vat, credit.gross) == (invoice.net, invoice.vat, invoice.gross)
    assert credit.cancels_id == invoice.id
    assert credit.reference == f"A-{YEAR}-0001"
    with pytest.raises(rules.InvoiceCancelled):
        issue_credit_note(Act(ORGANISER), invoice.id, None, "Encore")
    with pytest.raises(receipts.MoreThanDue):
        pay(invoice, "10")
    assert pay(invoice, "10", surplus_meant=True) == Account(Decimal("0.00"), Decimal("10.00"))
    with pytest.raises(receipts.NothingToPay):
        pay(credit, "10", surplus_meant=True)
    assert issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE).number == 2
    with pytest.raises(rules.NotAnInvoice):
        issue_credit_note(Act(ORGANISER), credit.id, None, "Non")


@pytest.mark.on_both
def test_credit_notes_by_lines_take_each_line_once(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    invoice = make_invoice(exhibitor, edition)
    part = issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    assert (part.net, part.gross, part.cancels_id) == (Decimal("180"), Decimal("216"), None)
    for wrong, error in (([2], rules.LineAlreadyCredited), ([9], rules.NoLineChosen)):
        with pytest.raises(error):
            issue_credit_note(Act(ORGANISER), invoice.id, wrong, "Non")
    assert pay(invoice, "1956").due == 0
    credit_note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Le reste")
    assert credit_note.cancels_id == invoice.id
    assert part.gross + credit_note.gross == invoice.gross


@pytest.mark.on_both
def test_payments_add_up_and_a_mistake_is_cancelled(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    key = new_key()
    first = pay(invoice, "1000.50", key)
    assert first == Account(Decimal("1171.50"), Decimal("0.00"))
    assert pay(invoice, "1000.50", key).due == Decimal("1171.50")
    assert pay(invoice, "1171.50").due == 0
    with pytest.raises(receipts.MoreThanDue) as refusal:
        pay(invoice, "0.01")
    assert "0,01\u00a0€ de plus" in refusal.value.message
    over = pay(invoice, "0.01", surplus_meant=True)
    assert over == Account(Decimal("0.00"), Decimal("0.01"))
    payment = current_session().scalars(select(Payment).order_by(Payment.id)).first()
    back = cancel_payment(Act(ORGANISER), payment.id, "Chèque sans provision")
    assert back == Account(Decimal("1000.50"), Decimal("0.01"))
    with pytest.raises(receipts.PaymentAlreadyCancelled):
        cancel_payment(Act(ORGANISER), payment.id, "Encore")
    assert current_session().scalar(select(func.count()).select_from(Payment)) == 3
    entries = current_session().scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    cancelled = [entry for entry in entries if entry.action == "payment.cancelled"]
    assert [entry.details["reason"] for entry in cancelled] == ["Chèque sans provision"]
    assert sum(entry.action == "payment.recorded" for entry in entries) == 3


@pytest.fixture
def invoice(edition: Edition) -> SalesDocument:
    make_shop(edition)
    return make_invoice(make_buyer(edition), edition)


@each(
    ("amount", "shift"),
    [("0", 0), ("-1", 0), ("1000000.01", 0), ("0.001", 0), ("NaN", 0), ("10", 1), ("10", -400)],
)
def test_payments_that_cannot_be(invoice: SalesDocument, amount: str, shift: int) -> None:
    day = local(now()).date() + timedelta(days=shift)
    received = ReceivedPayment(Decimal(amount), PaymentMethod.CHEQUE, day)
    with pytest.raises(RuleBroken) as refusal:
        record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    assert refusal.value.status == 400
    assert current_session().scalar(select(func.count()).select_from(Payment)) == 0


@pytest.mark.parametrize("day", [date.min, date.max])
def test_dates_at_the_ends_of_time(edition: Edition, day: date) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    received = ReceivedPayment(Decimal(1), PaymentMethod.CHEQUE, day)
    with pytest.raises(receipts.PaymentDateRefused):
        record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
