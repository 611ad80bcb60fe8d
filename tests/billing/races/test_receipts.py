"""Two people at once: a payment counted once, the last cent of a receipt taken once."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from salon.billing.engine.ledger import invoice_balance
from salon.billing.models import (
    Allocation,
    Payment,
    PaymentMethod,
    Refund,
    SalesKind,
)
from salon.billing.queries.sales import get_document
from salon.billing.services.payments import (
    ReceivedPayment,
    SentRefund,
    allocate_payment,
    record_payment,
    record_refund,
)
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key
from tests.races import drop_guards, race

CENT = Decimal("0.01")


@pytest.mark.race
@pytest.mark.parametrize("_round", range(5))
def test_the_same_payment_noted_by_two_organisers_is_not_counted_twice(
    app: Flask, edition: Edition, _round: int
) -> None:
    """The second is told that nothing is due any more, and may say that it is meant."""
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    received = ReceivedPayment(invoice.gross, PaymentMethod.CHEQUE, local(now()).date())
    invoice_id = invoice.id

    def note() -> str:
        try:
            return str(record_payment(Act(ORGANISER), invoice_id, received, new_key(), {}).due)
        except RuleBroken as refusal:
            return f"refused {refusal.status}"

    assert sorted(race(app, [note] * 2)) == ["0.00", "refused 409"]
    assert len(current_session().scalars(select(Payment)).all()) == 1


@pytest.mark.race
def test_without_the_lock_the_same_payment_counts_twice(app: Flask, edition: Edition) -> None:
    """The control: what is due, read outside the transaction, lets both through.

    They write one after the other: on PostgreSQL two such inserts at once may be a deadlock.
    """
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    invoice_id, gross, day = invoice.id, invoice.gross, local(now()).date()
    both_have_read, write_lock = threading.Barrier(2), threading.Lock()

    def note() -> bool:
        due = invoice_balance(get_document(invoice_id), [], day).due
        current_session().rollback()
        both_have_read.wait()
        with write_lock, transaction() as session:
            session.add(
                Payment(
                    document_id=invoice_id,
                    amount=due,
                    method=PaymentMethod.CHEQUE,
                    received_on=day,
                    recorded_at=now(),
                    recorded_by="",
                )
            )
        return due == gross

    assert race(app, [note] * 2) == [True, True]
    amounts = current_session().scalars(select(Payment.amount)).all()
    assert sum(amounts) == 2 * gross


def make_last_cent(edition: Edition) -> tuple[int, int]:
    """Make a receipt that leaves one cent and an invoice that asks for it; return their ids."""
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    day = local(now()).date()
    received = ReceivedPayment(invoice.gross, PaymentMethod.TRANSFER, day)
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Mauvais libellé")
    replacing = issue(Act(ORGANISER), invoice.exhibitor_id, SalesKind.INVOICE)
    payment_id = current_session().scalars(select(Payment.id)).one()
    all_but_a_cent = SentRefund(invoice.gross - CENT, PaymentMethod.TRANSFER, day)
    record_refund(Act(ORGANISER), payment_id, all_but_a_cent, new_key(), {})
    return payment_id, replacing.id


def taken_from(payment_id: int) -> Decimal:
    """Return what is allocated and paid back of a receipt."""
    current_session().rollback()
    amounts = [
        *current_session().scalars(select(Allocation.amount)),
        *current_session().scalars(select(Refund.amount)),
    ]
    return sum(amounts, Decimal(0))


@pytest.mark.race
@pytest.mark.parametrize("acts", ["allocate refund", "refund refund", "allocate allocate"])
def test_the_last_cent_of_a_receipt_is_taken_once(app: Flask, edition: Edition, acts: str) -> None:
    payment_id, invoice_id = make_last_cent(edition)
    received = current_session().get_one(Payment, payment_id).amount

    def allocate() -> str:
        try:
            allocate_payment(Act(ORGANISER), payment_id, invoice_id, CENT)
        except RuleBroken as refusal:
            return f"refused {refusal.status}"
        return "done"

    def refund() -> str:
        sent = SentRefund(CENT, PaymentMethod.TRANSFER, local(now()).date())
        try:
            record_refund(Act(ORGANISER), payment_id, sent, new_key(), {})
        except RuleBroken as refusal:
            return f"refused {refusal.status}"
        return "done"

    calls = {"allocate": allocate, "refund": refund}
    assert sorted(race(app, [calls[act] for act in acts.split()])) == ["done", "refused 409"]
    assert taken_from(payment_id) == received


@pytest.mark.race
def test_without_lock_and_guard_the_last_cent_is_taken_twice(app: Flask, edition: Edition) -> None:
    """The control: what is left, read outside the transaction, lets both through."""
    payment_id, invoice_id = make_last_cent(edition)
    received = current_session().get_one(Payment, payment_id).amount
    drop_guards("allocations_within_their_receipt", "refunds_within_their_receipt")
    both_have_read, write_lock = threading.Barrier(2), threading.Lock()

    def take(write: Callable[[], object]) -> bool:
        left = received - taken_from(payment_id)
        current_session().rollback()
        both_have_read.wait()
        with write_lock, transaction() as session:
            session.add(write())
        return left == CENT

    moment, day = now(), local(now()).date()
    ids = {"payment_id": payment_id, "amount": CENT}
    words = {"method": PaymentMethod.TRANSFER, "reference": "", "recorded_by": ""}
    outcomes = race(
        app,
        [
            lambda: take(lambda: Allocation(**ids, document_id=invoice_id, allocated_at=moment)),
            lambda: take(lambda: Refund(**ids, **words, refunded_on=day, recorded_at=moment)),
        ],
    )
    assert outcomes == [True, True]
    assert taken_from(payment_id) == received + CENT
