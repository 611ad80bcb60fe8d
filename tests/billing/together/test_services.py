"""Quotes and invoices issued together, on real databases."""

from datetime import timedelta

import pytest

from salon.billing.models import SalesKind
from salon.billing.queries.batches import orders_without_service, ready_for, waiting_for
from salon.billing.queries.sales import sales_of
from salon.billing.rules import sales as rules
from salon.billing.services.batches import issue_together, record_services_done
from salon.billing.services.sales import issue
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import transaction
from salon.platform.settings.clock import local, now
from tests.billing.sales import ORGANISER, fair_day, make_buyer, make_invoice, make_shop, make_town
from tests.factories import act_in

pytestmark = pytest.mark.on_both

TODAY = local(now()).date()
QUOTE, ORDER, INVOICE = SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE
CREDIT_NOTE = SalesKind.CREDIT_NOTE


def test_each_gets_its_quote_once_and_a_refusal_stops_nobody(edition: Edition) -> None:
    make_shop(edition)
    first, placeless, last = make_buyer(edition), make_buyer(edition, city=""), make_buyer(edition)
    make_invoice(make_buyer(edition), edition)
    make_buyer(edition, status="waiting")
    assert ready_for(edition, QUOTE, TODAY).count == 3
    batch = waiting_for(edition, QUOTE, TODAY)
    assert [(order.exhibitor_id, order.last_document_id) for order in batch] == [
        (first.id, 0),
        (placeless.id, 0),
        (last.id, 0),
    ]
    outcomes = issue_together(Act(ORGANISER), batch, QUOTE)
    assert [bool(outcome.reference) for outcome in outcomes] == [True, False, True]
    assert outcomes[1].refusal == rules.BuyerIncomplete.message
    again = issue_together(Act(ORGANISER), batch, QUOTE)
    assert {outcome.refusal for outcome in again} == {
        rules.DocumentChanged.message,
        rules.BuyerIncomplete.message,
    }
    assert [order.exhibitor_id for order in waiting_for(edition, QUOTE, TODAY)] == [placeless.id]
    assert [len(sales_of(exhibitor.id)) for exhibitor in (first, placeless, last)] == [1, 0, 1]


def test_public_buyers_are_invoiced_once_their_service_is_done(edition: Edition) -> None:
    make_shop(edition)
    private, *towns = make_buyer(edition), make_town(edition), make_town(edition, name="Agde")
    for value in (private, *towns):
        issue(Act(ORGANISER), value.id, QUOTE)
        issue(Act(ORGANISER), value.id, ORDER)
    assert [order.exhibitor_id for order in waiting_for(edition, INVOICE, TODAY)] == [private.id]
    ready = ready_for(edition, INVOICE, TODAY)
    assert (ready.count, str(ready.amount)) == (1, "2172.00")
    sales = orders_without_service(edition, TODAY)
    assert [sale.exhibitor_id for sale in sales] == [towns[1].id, towns[0].id]
    with pytest.raises(rules.ServiceInFuture):
        record_services_done(act_in(edition, ORGANISER), fair_day(edition))
    later = now() + timedelta(days=2)
    assert record_services_done(act_in(edition, ORGANISER, later), fair_day(edition)) == 2
    assert record_services_done(act_in(edition, ORGANISER, later), fair_day(edition)) == 0
    batch = waiting_for(edition, INVOICE, TODAY)
    outcomes = issue_together(Act(ORGANISER, later), batch, INVOICE)
    assert [outcome.reference[-4:] for outcome in outcomes] == ["0001", "0002", "0003"]
    assert ready_for(edition, INVOICE, TODAY).count == 0


def test_a_cancelled_fair_alone_credits_its_invoices(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    assert waiting_for(edition, CREDIT_NOTE, TODAY) == []
    with transaction(edition):
        edition.standing = Standing.CANCELLED
    batch = waiting_for(edition, CREDIT_NOTE, TODAY)
    assert [waiting.last_document_id for waiting in batch] == [invoice.id]
    assert ready_for(edition, CREDIT_NOTE, TODAY).amount == invoice.gross
