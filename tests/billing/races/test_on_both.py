"""Two people at once: numbers without gap nor double, one invoice, one credit note."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from salon.billing.engine.agreements import OrderAgreement, OrderWay
from salon.billing.engine.ledger import sales_file_of
from salon.billing.models import (
    NumberSeries,
    SalesDocument,
    SalesKind,
)
from salon.billing.queries.batches import waiting_for
from salon.billing.queries.negotiation import negotiation_of
from salon.billing.queries.sales import is_closed, sales_of
from salon.billing.rules.sales import AlreadyInvoiced, AlreadyOrdered
from salon.billing.services.batches import issue_together
from salon.billing.services.closing import close_sale
from salon.billing.services.negotiation import Decision, add_free_line
from salon.billing.services.numbering import next_number
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import NegotiatedLine
from salon.exhibitors.queries.charges import granted_to
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction, violation_as
from salon.platform.settings.clock import local, now
from salon.platform.settings.installation import ROOT, Settings
from salon.platform.words.errors import RuleBroken
from tests.billing.negotiation.make import SIGN
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key
from tests.processes import tied
from tests.races import drop_guards, race

ISSUERS, EACH = 8, 50
PAPER = OrderWay.PAPER
COLUMNS = SalesDocument.__table__.columns.keys()
YEAR = local(now()).year


def numbers(kind: SalesKind) -> list[int]:
    statement = select(SalesDocument.number).where(SalesDocument.kind == kind)
    return list(current_session().scalars(statement.order_by(SalesDocument.number)))


@pytest.mark.race
def test_eight_issuers_number_without_gap_nor_double(app: Flask, edition: Edition) -> None:
    def take() -> list[int]:
        taken = []
        for _ in range(EACH):
            with transaction() as session:
                taken.append(next_number(session, "invoice-2021"))
        return taken

    stored_numbers = [number for taken in race(app, [take] * ISSUERS) for number in taken]
    assert sorted(stored_numbers) == list(range(1, ISSUERS * EACH + 1))


@pytest.mark.race
def test_numbers_read_then_written_without_the_lock_are_given_twice(
    app: Flask, edition: Edition
) -> None:
    """The control: what `next_number` would give if it were two statements."""
    with transaction() as session:
        session.add(NumberSeries(series="control", last=0))

    def take() -> list[int]:
        taken = []
        for _ in range(EACH):
            statement = select(NumberSeries.last).where(NumberSeries.series == "control")
            number = current_session().scalars(statement).one() + 1
            current_session().rollback()
            with transaction() as session:
                session.execute(
                    update(NumberSeries).where(NumberSeries.series == "control").values(last=number)
                )
            taken.append(number)
        return taken

    stored_numbers = [number for taken in race(app, [take] * ISSUERS) for number in taken]
    assert len(set(stored_numbers)) < len(stored_numbers)


@pytest.mark.race
def test_parallel_quotes_are_numbered_one_by_one(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    ids = [make_buyer(edition).id for _ in range(8)]

    def of(exhibitor_id: int) -> Callable[[], str]:
        return lambda: issue(Act(ORGANISER), exhibitor_id, SalesKind.QUOTE).reference

    given_out = race(app, [of(row_id) for row_id in ids])
    assert sorted(given_out) == [f"D-{YEAR}-{number:04d}" for number in range(1, 9)]


def test_a_failing_issue_leaves_no_gap(edition: Edition) -> None:
    make_shop(edition)
    first, second = make_buyer(edition), make_buyer(edition)
    issue(Act(ORGANISER), first.id, SalesKind.QUOTE)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        assert next_number(session, f"quote-{YEAR}") == 2
        raise ZeroDivisionError
    with pytest.raises(IntegrityError), transaction() as session:
        number = next_number(session, f"quote-{YEAR}")
        taken = current_session().scalars(select(SalesDocument)).one()
        values = {key: getattr(taken, key) for key in COLUMNS if key != "id"}
        session.add(SalesDocument(**{**values, "number": number}))
        session.flush()
    issue(Act(ORGANISER), second.id, SalesKind.QUOTE)
    assert numbers(SalesKind.QUOTE) == [1, 2]


@pytest.mark.race
@pytest.mark.parametrize("_round", range(5))
def test_two_organisers_invoice_at_once_and_one_invoice_is_made(
    app: Flask, edition: Edition, _round: int
) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    order = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)

    def invoice() -> str:
        try:
            return issue(
                Act(ORGANISER), exhibitor.id, SalesKind.INVOICE, last_read_id=order.id
            ).reference
        except RuleBroken as refusal:
            return f"refused {refusal.status}"

    assert sorted(race(app, [invoice] * 2)) == [f"F-{YEAR}-0001", "refused 409"]
    assert numbers(SalesKind.INVOICE) == [1]


@pytest.mark.race
def test_two_organisers_confirm_the_same_orders_and_each_is_made_once(
    app: Flask, edition: Edition
) -> None:
    """Of a sale closed meanwhile, none is."""
    make_shop(edition)
    ids = [make_buyer(edition).id for _ in range(4)]
    for exhibitor_id in ids:
        issue(Act(ORGANISER), exhibitor_id, SalesKind.QUOTE)
    today = local(now()).date()
    batch, agreement = waiting_for(edition, SalesKind.ORDER, today), OrderAgreement(PAPER, today)
    issue(Act(ORGANISER), ids[0], SalesKind.ORDER)
    close_sale(Act(ORGANISER), ids[0], "Désistement")

    def confirm() -> list[str]:
        outcomes = issue_together(Act(ORGANISER), batch, SalesKind.ORDER, agreement=agreement)
        return [outcome.reference for outcome in outcomes if outcome.reference]

    references = [reference for made in race(app, [confirm] * 2) for reference in made]
    assert sorted(references) == [f"C-{YEAR}-{number:04d}" for number in (2, 3, 4)]
    assert numbers(SalesKind.ORDER) == [1, 2, 3, 4]


@pytest.mark.race
@pytest.mark.parametrize("is_guarded", [True, False])
def test_without_the_lock_the_schema_lets_a_quote_be_agreed_once(
    app: Flask, edition: Edition, is_guarded: bool
) -> None:
    """The rule read outside the transaction lets both through; the control drops the guard."""
    make_shop(edition)
    exhibitor_id = make_buyer(edition).id
    quote = issue(Act(ORGANISER), exhibitor_id, SalesKind.QUOTE)
    if not is_guarded:
        drop_guards("quotes_are_agreed_once")
    kept = ("id", "from_id", "number", "reference", "series", "kind")
    values = {key: getattr(quote, key) for key in COLUMNS if key not in kept}
    both_have_read, quote_id = threading.Barrier(2), quote.id

    def confirm() -> tuple[bool, bool]:
        waits = sales_file_of(sales_of(exhibitor_id)).awaited is not None
        current_session().rollback()
        both_have_read.wait()
        try:
            with violation_as(AlreadyOrdered, "quotes_are_agreed_once"):
                write_copy(SalesKind.ORDER, quote_id, values)
        except AlreadyOrdered:
            return waits, False
        return waits, True

    assert sorted(race(app, [confirm] * 2)) == [(True, not is_guarded), (True, True)]
    assert len(numbers(SalesKind.ORDER)) == (1 if is_guarded else 2)


def write_copy(kind: SalesKind, from_id: int, values: dict[str, Any]) -> None:
    """Write a document that comes from another, in a series of its own."""
    with transaction() as session:
        number = next_number(session, "control")
        copied = {**values, "number": number, "reference": f"X-{number}"}
        session.add(SalesDocument(**copied, from_id=from_id, kind=kind, series="control"))


@pytest.mark.race
def test_a_sale_closed_while_it_is_invoiced_is_one_or_the_other(
    app: Flask, edition: Edition
) -> None:
    make_shop(edition)
    exhibitor_id = make_buyer(edition).id
    issue(Act(ORGANISER), exhibitor_id, SalesKind.QUOTE)
    issue(Act(ORGANISER), exhibitor_id, SalesKind.ORDER)

    def close() -> str:
        try:
            close_sale(Act(ORGANISER), exhibitor_id, "Désistement")
        except RuleBroken as refusal:
            return f"refused {refusal.status}"
        return "done"

    def invoice() -> str:
        try:
            issue(Act(ORGANISER), exhibitor_id, SalesKind.INVOICE)
        except RuleBroken as refusal:
            return f"refused {refusal.status}"
        return "done"

    assert sorted(race(app, [close, invoice])) == ["done", "refused 409"]
    assert is_closed(exhibitor_id) != bool(numbers(SalesKind.INVOICE))


@pytest.mark.race
def test_of_two_lines_added_from_one_page_the_second_is_told(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    exhibitor_id, stamp = exhibitor.id, negotiation_of(exhibitor).stamp

    def add() -> str:
        sent = Decision("Partenaire", stamp, new_key(), {})
        try:
            add_free_line(Act(ORGANISER), exhibitor_id, SIGN, sent)
        except RuleBroken as refusal:
            return f"refused {refusal.status}"
        return "done"

    assert sorted(race(app, [add] * 2)) == ["done", "refused 409"]
    assert len(granted_to(exhibitor_id)) == 1


@pytest.mark.race
def test_without_the_lock_the_second_is_not_told(app: Flask, edition: Edition) -> None:
    """The control: the stamp read outside the transaction lets both lines through."""
    make_shop(edition)
    exhibitor = make_buyer(edition)
    exhibitor_id, stamp = exhibitor.id, negotiation_of(exhibitor).stamp
    values = {**vars(SIGN), "reason": "Partenaire", "granted_by": "C", "granted_at": now()}

    def add() -> bool:
        is_fresh = negotiation_of(get_exhibitor(exhibitor_id)).stamp == stamp
        current_session().rollback()
        both_have_read.wait()
        with transaction() as session:
            session.add(NegotiatedLine(exhibitor_id=exhibitor_id, **values))
        return is_fresh

    both_have_read = threading.Barrier(2)
    assert race(app, [add] * 2) == [True, True]
    assert len(granted_to(exhibitor_id)) == 2


@pytest.mark.race
@pytest.mark.parametrize("is_guarded", [True, False])
def test_without_the_lock_the_schema_lets_an_order_be_invoiced_once(
    app: Flask, edition: Edition, is_guarded: bool
) -> None:
    """The rule read outside the transaction lets both through; the control drops the guard."""
    make_shop(edition)
    exhibitor = make_buyer(edition)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    order = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    order_id = order.id
    if not is_guarded:
        drop_guards("orders_are_invoiced_once")
    kept = ("id", "from_id", "number", "reference", "series", "kind")
    values = {key: getattr(order, key) for key in COLUMNS if key not in kept}
    exhibitor_id = exhibitor.id

    def invoice() -> tuple[bool, bool]:
        free = bool(sales_file_of(sales_of(exhibitor_id)).to_invoice)
        current_session().rollback()
        both_have_read.wait()
        try:
            with violation_as(AlreadyInvoiced, "orders_are_invoiced_once"):
                write_copy(SalesKind.INVOICE, order_id, values)
        except AlreadyInvoiced:
            return free, False
        return free, True

    both_have_read = threading.Barrier(2)
    outcomes = sorted(race(app, [invoice] * 2))
    assert outcomes == [(True, not is_guarded), (True, True)]
    assert len(numbers(SalesKind.INVOICE)) == (1 if is_guarded else 2)


@pytest.mark.race
def test_two_credit_notes_at_once_and_one_is_made(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)

    def credit() -> int:
        try:
            return issue_credit_note(Act(ORGANISER), invoice.id, None, "Annulé").number
        except RuleBroken as refusal:
            return refusal.status

    assert sorted(race(app, [credit] * 2)) == [1, 409]


HOLDING = """
import time
from salon import create_app
from salon.platform.database.db import transaction
from salon.billing.services.numbering import next_number
with create_app().app_context(), transaction() as writing:
    print(next_number(writing, "quote-killed"), flush=True)
    time.sleep(600)
"""


def test_a_process_killed_while_it_numbers_leaves_no_gap(
    app: Flask, settings: Settings, database: str
) -> None:
    """The number goes with the transaction of the killed process, and its lock too."""
    with transaction() as session:
        assert next_number(session, "quote-killed") == 1
    environment = {**os.environ, "SALON_DATA": str(settings.data), "DATABASE_URL": database}
    line = tied(sys.executable, "-c", HOLDING)
    with subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        taken = child.stdout.readline()
        child.kill()
    assert taken == b"2\n"
    with transaction() as session:
        assert next_number(session, "quote-killed") == 2
