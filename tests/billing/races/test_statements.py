"""Two treasurers at once: a statement imported once, a line recorded once."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.billing.imports.statements import ReadLine
from salon.billing.models import Payment, PaymentMethod, StatementLine
from salon.billing.rules.receipts import LineAlreadySettled
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.statements import import_statement
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import act_in
from tests.races import race


def read_lines(day: date) -> list[ReadLine]:
    amount = Decimal("10.00")
    return [ReadLine(day, amount, f"VIR {rank}", "", "", False, str(rank)) for rank in range(20)]


def line_count() -> int:
    return current_session().scalar(select(func.count()).select_from(StatementLine)) or 0


def make_line(edition: Edition, amount: Decimal) -> int:
    day = local(now()).date()
    import_statement(act_in(edition, ORGANISER), [ReadLine(day, amount, "VIR", "", "", False, "a")])
    return current_session().scalars(select(StatementLine.id)).one()


@pytest.mark.race
def test_a_statement_imported_twice_at_once_has_its_lines_once(
    app: Flask, edition: Edition
) -> None:
    lines, edition_id = read_lines(local(now()).date()), edition.id

    def send() -> int:
        own_edition = current_session().get_one(Edition, edition_id)
        return import_statement(act_in(own_edition, ORGANISER), lines)

    assert sorted(race(app, [send] * 2)) == [0, len(lines)]
    assert line_count() == len(lines)


@pytest.mark.race
def test_without_the_unique_identity_each_line_is_there_twice(app: Flask, edition: Edition) -> None:
    """The control: identities read before the transaction, and written so that none is refused."""
    lines = read_lines(local(now()).date())
    edition_id, moment = edition.id, now()
    both_have_read, write_lock = threading.Barrier(2), threading.Lock()

    def send(sender: str) -> int:
        known = set(current_session().scalars(select(StatementLine.identity)))
        current_session().rollback()
        both_have_read.wait()
        new_lines = [line for line in lines if line.identity not in known]
        with write_lock, transaction() as session:
            session.add_all(
                StatementLine(
                    edition_id=edition_id,
                    identity=line.identity + sender,
                    booked_on=line.booked_on,
                    amount=line.amount,
                    label=line.label,
                    imported_at=moment,
                    imported_by=sender,
                )
                for line in new_lines
            )
        return len(new_lines)

    assert race(app, [lambda: send("a"), lambda: send("b")]) == [len(lines)] * 2
    assert line_count() == 2 * len(lines)


@pytest.mark.race
@pytest.mark.parametrize("exhibitors", [1, 3])
def test_a_line_confirmed_twice_at_once_is_recorded_once(
    app: Flask, edition: Edition, exhibitors: int
) -> None:
    """More is meant than what is due, so that only the line refuses the second."""
    make_shop(edition)
    invoices = [make_invoice(make_buyer(edition), edition) for _ in range(exhibitors)]
    ids = [invoice.id for invoice in invoices]
    gross = sum((invoice.gross for invoice in invoices), Decimal(0))
    line_id = make_line(edition, gross)

    def confirm() -> str:
        line = current_session().get_one(StatementLine, line_id)
        received = ReceivedPayment(
            gross, PaymentMethod.TRANSFER, line.booked_on, surplus_meant=True, pays=ids
        )
        try:
            record_payment(Act(ORGANISER), ids[0], received, "", {}, line)
        except LineAlreadySettled as refusal:
            return f"refused {refusal.status}"
        return "done"

    assert sorted(race(app, [confirm] * 2)) == ["done", "refused 409"]
    payments = current_session().scalars(select(Payment)).all()
    assert sorted(payment.document_id for payment in payments) == ids
    assert payments[0].whole_amount == gross


@pytest.mark.race
def test_without_its_line_a_credit_is_recorded_twice(app: Flask, edition: Edition) -> None:
    """The control: whether the line waits, read before the transaction, lets both through."""
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    invoice_id, gross = invoice.id, invoice.gross
    line_id, day = make_line(edition, gross), local(now()).date()
    both_have_read, write_lock = threading.Barrier(2), threading.Lock()

    def confirm() -> bool:
        waits = current_session().get_one(StatementLine, line_id).settled_at is None
        current_session().rollback()
        both_have_read.wait()
        received = ReceivedPayment(gross, PaymentMethod.TRANSFER, day, surplus_meant=True)
        with write_lock:
            record_payment(Act(ORGANISER), invoice_id, received, "", {})
        return waits

    assert race(app, [confirm] * 2) == [True, True]
    assert len(current_session().scalars(select(Payment)).all()) == 2
