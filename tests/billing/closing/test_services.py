"""Sales that end: credited, withdrawn or of a cancelled fair; none is invoiced unasked."""

from decimal import Decimal

import pytest

from salon.billing.engine.ledger import SaleStep
from salon.billing.models import PaymentMethod, SalesKind
from salon.billing.queries.batches import ready_for, waiting_for
from salon.billing.queries.ledger import figures_of
from salon.billing.queries.sales import is_closed, sales_of
from salon.billing.rules import sales as rules
from salon.billing.services.batches import issue_together
from salon.billing.services.closing import close_sale, invoice_part, reopen_sale
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.sales import issue, issue_credit_note
from salon.billing.services.standing import BillingFollower
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing, StandingChange
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from salon.platform.words.formats import euros
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.factories import new_key

TODAY = local(now()).date()
INVOICE = SalesKind.INVOICE


def order_of(exhibitor: Exhibitor) -> int:
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    return issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER).id


def withdraw(exhibitor: Exhibitor) -> None:
    with transaction(exhibitor):
        exhibitor.status = ApplicationStatus.WITHDRAWN


def cancel(edition: Edition) -> None:
    with transaction(edition):
        edition.standing = Standing.CANCELLED


def test_a_sale_closed_by_its_credit_note_is_invoiced_by_nobody(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    invoice = make_invoice(exhibitor, edition)
    note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Erreur", closes_sale=True)
    assert figures_of(edition, TODAY)[SaleStep.TO_INVOICE].count == 0
    assert waiting_for(edition, INVOICE, TODAY) == []
    for kind in (SalesKind.QUOTE, SalesKind.ORDER, INVOICE):
        with pytest.raises(rules.SaleClosed):
            issue(Act(ORGANISER), exhibitor.id, kind, last_read_id=note.id)
    with pytest.raises(rules.SaleClosed):
        close_sale(Act(ORGANISER), exhibitor.id, "Encore")
    reopen_sale(Act(ORGANISER), exhibitor.id)
    with pytest.raises(rules.SaleOpen):
        reopen_sale(Act(ORGANISER), exhibitor.id)
    assert issue(Act(ORGANISER), exhibitor.id, INVOICE).gross == invoice.gross


def test_an_invoice_is_replaced_by_its_page_alone(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    invoice = make_invoice(exhibitor, edition)
    part = issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle", closes_sale=True)
    assert not is_closed(exhibitor.id), "an invoice is left"
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Erreur de nom")
    figures = figures_of(edition, TODAY)
    assert figures[SaleStep.TO_INVOICE].count == 0
    assert figures[SaleStep.TO_SETTLE].amount == invoice.gross
    assert waiting_for(edition, INVOICE, TODAY) == []
    assert ready_for(edition, INVOICE, TODAY).count == 0
    with pytest.raises(rules.DocumentChanged):
        issue(Act(ORGANISER), exhibitor.id, INVOICE, last_read_id=part.id)
    assert issue(Act(ORGANISER), exhibitor.id, INVOICE).gross == invoice.gross
    with pytest.raises(rules.InvoiceStands):
        close_sale(Act(ORGANISER), exhibitor.id, "Trop tôt")


def test_a_list_read_before_a_credit_note_invoices_nobody_again(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    order_of(exhibitor)
    batch = waiting_for(edition, INVOICE, TODAY)
    assert [row.amount for row in batch] == [Decimal("2172.00")]
    invoice = issue(Act(ORGANISER), exhibitor.id, INVOICE)
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Erreur")
    (outcome,) = issue_together(Act(ORGANISER), batch, INVOICE)
    assert outcome.refusal == rules.DocumentChanged.message
    assert len(sales_of(exhibitor.id)) == 4


def test_a_cancelled_fair_invoices_what_is_owed_and_confirmed_alone(edition: Edition) -> None:
    make_shop(edition)
    ordered, credited, town = make_buyer(edition), make_buyer(edition), make_town(edition)
    order_id = order_of(ordered)
    order_of(town)
    invoice = make_invoice(credited, edition)
    cancel(edition)
    assert ready_for(edition, INVOICE, TODAY).count == 0
    assert ready_for(edition, SalesKind.QUOTE, TODAY).count == 0
    figures = figures_of(edition, TODAY)
    assert (figures[SaleStep.TO_INVOICE].count, figures[SaleStep.TO_SETTLE].count) == (0, 2)
    with pytest.raises(rules.FairIsCancelled):
        issue(Act(ORGANISER), ordered.id, INVOICE)
    (outcome,) = issue_together(
        Act(ORGANISER), waiting_for(edition, SalesKind.CREDIT_NOTE, TODAY), SalesKind.CREDIT_NOTE
    )
    assert outcome.reference
    assert is_closed(credited.id)
    part = invoice_part(Act(ORGANISER), ordered.id, Decimal(10), "Frais engagés", order_id)
    assert (part.net, part.vat, part.gross) == (
        Decimal("181.00"),
        Decimal("36.20"),
        Decimal("217.20"),
    )
    assert is_closed(ordered.id)
    assert invoice.gross == Decimal("2172.00")


def test_who_withdrew_is_invoiced_a_part_once(edition: Edition) -> None:
    make_shop(edition)
    exhibitor, town = make_buyer(edition), make_town(edition)
    order_id, public_order_id = order_of(exhibitor), order_of(town)
    with pytest.raises(rules.StillTakesPart):
        invoice_part(Act(ORGANISER), exhibitor.id, Decimal(30), "Frais", order_id)
    withdraw(exhibitor)
    withdraw(town)
    with pytest.raises(rules.NotAccepted):
        issue(Act(ORGANISER), exhibitor.id, INVOICE)
    for share in ("0", "0.001", "100.01", "-5", "NaN"):
        with pytest.raises(rules.ShareRefused):
            invoice_part(Act(ORGANISER), exhibitor.id, Decimal(share), "Frais", order_id)
    assert len(sales_of(exhibitor.id)) == 2
    fee = invoice_part(Act(ORGANISER), exhibitor.id, Decimal("33.33"), "Frais", order_id)
    assert [(line.label, str(line.net)) for line in fee.lines] == [
        (f"Frais, 33,33\u00a0% de la commande {sales_of(exhibitor.id)[1].reference}", "603.27")
    ]
    assert fee.due_on is not None
    with pytest.raises(rules.SaleClosed):
        invoice_part(Act(ORGANISER), exhibitor.id, Decimal(30), "Frais", fee.id)
    public = invoice_part(Act(ORGANISER), town.id, Decimal(50), "Frais", public_order_id)
    assert public.service_done_on is None
    figures = figures_of(edition, TODAY)
    assert figures[SaleStep.TO_COLLECT].amount == fee.gross + public.gross


def test_who_withdrew_may_owe_nothing(edition: Edition) -> None:
    make_shop(edition)
    exhibitor, other = make_buyer(edition), make_buyer(edition)
    with pytest.raises(rules.NothingSold):
        close_sale(Act(ORGANISER), other.id, "Rien")
    order_of(exhibitor)
    withdraw(exhibitor)
    assert figures_of(edition, TODAY)[SaleStep.TO_SETTLE].count == 1
    close_sale(Act(ORGANISER), exhibitor.id, "Désistement accepté")
    figures = figures_of(edition, TODAY)
    assert (figures[SaleStep.TO_SETTLE].count, figures[SaleStep.CLOSED].count) == (0, 1)


def test_cancelling_the_fair_lists_what_is_left_of_an_invoice(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition, name="Clôtures du Midi")
    invoice = make_invoice(exhibitor, edition)
    received = ReceivedPayment(Decimal(1000), PaymentMethod.TRANSFER, TODAY)
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    issue_credit_note(Act(ORGANISER), invoice.id, [1], "Surface réduite")
    left = invoice.gross - sales_of(exhibitor.id)[0].gross
    change = StandingChange(
        edition_id=edition.id,
        actor=ORGANISER,
        at=now(),
        before=Standing.AS_PLANNED,
        after=Standing.CANCELLED,
    )
    to_credit, to_give_back = BillingFollower().follow(current_session(), change)
    assert to_credit.names == [f"{invoice.reference}, Clôtures du Midi, {euros(left)}"]
    assert left < 1000
    assert to_give_back.names == [f"{invoice.reference}, Clôtures du Midi, {euros(left)}"]
    cancel(edition)
    assert [row.amount for row in waiting_for(edition, SalesKind.CREDIT_NOTE, TODAY)] == [left]
