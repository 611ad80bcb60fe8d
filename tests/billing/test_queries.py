"""Lists and figures of money: right, and with a constant number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest

from salon.billing.engine.ledger import (
    SaleStep,
    amounts_by_bucket,
    credits_of,
    invoice_balance,
    sales_file_of,
)
from salon.billing.models import PaymentMethod, SalesKind
from salon.billing.queries.ledger import (
    MoneyFilter,
    credit_notes_by_invoice,
    figures_of,
    journal_of,
    money_page,
    open_invoices,
)
from salon.billing.queries.receipts import in_favour_of
from salon.billing.queries.sales import is_closed, sales_of, takes_part
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.pages.lists.listing import PageRequest
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.exhibitors.make import make_exhibitor
from tests.factories import new_key
from tests.statements import statements

pytestmark = pytest.mark.on_both

TODAY = local(now()).date()
AFTER_FAIR = now() + timedelta(days=3)
LONG_AGO = now().replace(year=TODAY.year - 2, month=6, day=15)
"""In a series of its own: the dates of one never go back."""


def make_every_step(edition: Edition) -> dict[SaleStep, Exhibitor]:
    """Make one exhibitor at each step."""
    quoted, ordered, paid = (make_buyer(edition) for _ in range(3))
    issue(Act(ORGANISER), quoted.id, SalesKind.QUOTE)
    issue(Act(ORGANISER), ordered.id, SalesKind.QUOTE)
    issue(Act(ORGANISER), ordered.id, SalesKind.ORDER)
    late, waiting = make_buyer(edition), make_town(edition)
    make_invoice(late, edition, LONG_AGO)
    make_invoice(waiting, edition, AFTER_FAIR)
    invoice = make_invoice(paid, edition, AFTER_FAIR)
    received = ReceivedPayment(invoice.gross, PaymentMethod.CHEQUE, TODAY)
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    credited, closed = make_buyer(edition), make_buyer(edition)
    for exhibitor in (credited, closed):
        whole = make_invoice(exhibitor, edition, AFTER_FAIR)
        closes = exhibitor is closed
        issue_credit_note(Act(ORGANISER), whole.id, None, "Avoir", closes_sale=closes)
    return {
        SaleStep.TO_QUOTE: make_buyer(edition),
        SaleStep.QUOTED: quoted,
        SaleStep.TO_INVOICE: ordered,
        SaleStep.LATE: late,
        SaleStep.TO_COLLECT: waiting,
        SaleStep.PAID: paid,
        SaleStep.TO_SETTLE: credited,
        SaleStep.CLOSED: closed,
    }


def test_each_exhibitor_is_at_its_step(edition: Edition) -> None:
    make_shop(edition)
    exhibitors_by_step = make_every_step(edition)
    make_exhibitor(edition, status="submitted")
    figures = figures_of(edition, TODAY)
    amounts = {step: figure.amount for step, figure in figures.items()}
    gross = Decimal("2172.00")
    assert {figure.count for figure in figures.values()} == {1}
    nothing = dict.fromkeys((SaleStep.TO_QUOTE, SaleStep.PAID, SaleStep.CLOSED), 0)
    assert amounts == {**dict.fromkeys(SaleStep, gross), **nothing}
    for step, exhibitor in exhibitors_by_step.items():
        page = money_page(edition, MoneyFilter(step=step.value), TODAY)
        assert [item.id for item, _, _ in page.items] == [exhibitor.id]
        assert page.total == 1
    public = money_page(edition, MoneyFilter(buyer="public"), TODAY)
    assert [item.id for item, _, _ in public.items] == [exhibitors_by_step[SaleStep.TO_COLLECT].id]
    assert money_page(edition, MoneyFilter(buyer="private"), TODAY).total == 7
    assert money_page(edition, MoneyFilter(text="agglomeration"), TODAY).total == 1
    assert money_page(edition, MoneyFilter(text="F-"), TODAY).total == 5
    assert len(money_page(edition, MoneyFilter(text="%"), TODAY, PageRequest(9)).items) == 8
    with transaction(exhibitors_by_step[SaleStep.LATE]):
        exhibitors_by_step[SaleStep.LATE].status = ApplicationStatus.WITHDRAWN
    assert figures_of(edition, TODAY)[SaleStep.LATE].amount == gross


def test_the_database_and_the_rules_agree_on_what_is_due(edition: Edition) -> None:
    """The step and the amount of the list are those of `file_of` and `standing_of`."""
    make_shop(edition)
    exhibitors_by_step = make_every_step(edition)
    half = make_buyer(edition)
    invoice = make_invoice(half, edition, AFTER_FAIR)
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    received = ReceivedPayment(Decimal("0.10"), PaymentMethod.CHEQUE, TODAY)
    for _ in range(3):
        record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    second_buyer = make_buyer(edition)
    first = make_invoice(second_buyer, edition, AFTER_FAIR)
    issue_credit_note(Act(ORGANISER), first.id, None, "À refaire")
    rows = money_page(edition, MoneyFilter(), TODAY).items
    assert len(rows) == len(exhibitors_by_step) + 2
    for exhibitor, step, amount in rows:
        sales = sales_of(exhibitor.id)
        file = sales_file_of(sales)
        is_over = is_closed(exhibitor.id)
        expected = file.step(is_closed=is_over, takes_part=takes_part(exhibitor))
        due = None if is_over else file.order or file.quote
        left = due.gross if due else Decimal(0)
        if file.invoice is not None:
            standing = invoice_balance(file.invoice, credits_of(file.invoice, sales), TODAY)
            left = standing.due
            expected = SaleStep.LATE if standing.days_late else SaleStep.TO_COLLECT
            expected = expected if left else SaleStep.PAID
        assert (step, Decimal(str(amount))) == (expected.value, left)


def test_the_ages_add_up_to_what_the_list_says_is_due(edition: Edition) -> None:
    make_shop(edition)
    for days in (150, 95, 62, 31):
        make_invoice(make_buyer(edition), edition, now() - timedelta(days=days))
    half = make_invoice(make_buyer(edition), edition, now() - timedelta(days=31))
    make_every_step(edition)
    received = ReceivedPayment(Decimal("1000.01"), PaymentMethod.TRANSFER, TODAY)
    record_payment(Act(ORGANISER), half.id, received, new_key(), {})
    notes = credit_notes_by_invoice(edition)
    standings = [
        invoice_balance(open_invoice, notes.get(open_invoice.id, ()), TODAY)
        for open_invoice in open_invoices(edition)
    ]
    *ages, total = amounts_by_bucket(standings)
    gross = Decimal("2172.00")
    assert ages == [gross, gross + Decimal("1171.99"), gross, gross, gross + gross]
    figures = figures_of(edition, TODAY)
    assert total == figures[SaleStep.LATE].amount + figures[SaleStep.TO_COLLECT].amount == sum(ages)


def test_what_was_received_in_excess_is_found(edition: Edition) -> None:
    make_shop(edition)
    over, cancelled, exact = (make_invoice(make_buyer(edition), edition) for _ in range(3))
    for invoice, more in ((over, "0.01"), (cancelled, "0"), (exact, "0")):
        amount = invoice.gross + Decimal(more)
        received = ReceivedPayment(amount, PaymentMethod.TRANSFER, TODAY, surplus_meant=True)
        record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    issue_credit_note(Act(ORGANISER), cancelled.id, None, "Annulé")
    favours = {exhibitor.id: amount for exhibitor, amount in in_favour_of(edition)}
    assert favours == {over.exhibitor_id: Decimal("0.01"), cancelled.exhibitor_id: cancelled.gross}


def test_open_invoices_leave_out_paid_and_cancelled_ones(edition: Edition) -> None:
    make_shop(edition)
    exhibitors_by_step = make_every_step(edition)
    cancelled = make_invoice(make_buyer(edition), edition, AFTER_FAIR)
    credit = issue_credit_note(Act(ORGANISER), cancelled.id, None, "Non")
    sales = open_invoices(edition)
    assert [sale.exhibitor_id for sale in sales] == [
        exhibitors_by_step[SaleStep.LATE].id,
        exhibitors_by_step[SaleStep.TO_COLLECT].id,
    ]
    assert [credit_note.id for credit_note in credit_notes_by_invoice(edition)[cancelled.id]] == [
        credit.id
    ]
    kinds = [sale.kind for sale in journal_of(edition)]
    assert kinds.count(SalesKind.CREDIT_NOTE) == 3
    assert kinds.count(SalesKind.INVOICE) == 6


def test_the_number_of_queries_does_not_grow(edition: Edition) -> None:
    make_shop(edition)

    def read() -> int:
        with statements() as seen:
            edition = get_public_edition()
            figures_of(edition, TODAY)
            page = money_page(edition, MoneyFilter(), TODAY)
            assert [(item.name, item.stand) for item, _, _ in page.items]
            notes = credit_notes_by_invoice(edition)
            for invoice in open_invoices(edition):
                assert invoice.exhibitor.name
                invoice_balance(invoice, notes.get(invoice.id, ()), TODAY)
            for sale in journal_of(edition):
                assert sale.lines
                assert sale.exhibitor.name
        return len(seen)

    make_every_step(get_public_edition())
    few = read()
    for _ in range(2):
        make_every_step(get_public_edition())
    assert read() == few
