"""Several invoices of one sale: a late option, a deposit and its balance, a credit of a part."""

import re
from collections.abc import Callable
from decimal import Decimal

import lxml.etree
import pytest
from sqlalchemy import update

from salon.billing.documents.facturx import SPACES
from salon.billing.engine.accounting import Account
from salon.billing.engine.invoicing import LinePart, Part
from salon.billing.engine.ledger import SaleStep, sale_sums, sales_file_of
from salon.billing.models import PaymentMethod, SalesDocument, SalesKind
from salon.billing.queries.accounting import books_of
from salon.billing.queries.batches import waiting_for
from salon.billing.queries.ledger import figures_of
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.rules import invoices as rules
from salon.billing.rules import sales as sales_rules
from salon.billing.services.batches import issue_together
from salon.billing.services.closing import close_sale, invoice_part
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import Exhibitor, ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.closing.test_services import cancel, withdraw
from tests.billing.negotiation.make import add_sign, cut
from tests.billing.pages import PAGE, issue_by, money_of
from tests.billing.pages import text_of as page_text
from tests.billing.readers import amount, pdf_of, text_of, value, xml_in
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.billing.schematron import broken_rules
from tests.billing.together.test_routes import issue_listed
from tests.factories import new_key
from tests.pages import PageClient

TODAY = local(now()).date()
SIGN_GROSS, STAND_GROSS = Decimal("109.20"), Decimal("2172.00")


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    make_shop(edition)
    return make_buyer(edition)


def issued(exhibitor: Exhibitor, kind: SalesKind, *, as_deposit: bool = False) -> SalesDocument:
    return get_document(issue(Act(ORGANISER), exhibitor.id, kind, as_deposit=as_deposit).id)


def ask_deposits(edition: Edition, percent: int = 30) -> None:
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=percent))


def ordered(exhibitor: Exhibitor) -> SalesDocument:
    issued(exhibitor, SalesKind.QUOTE)
    return issued(exhibitor, SalesKind.ORDER)


def deposit_of(exhibitor: Exhibitor, edition: Edition) -> SalesDocument:
    ask_deposits(edition)
    ordered(exhibitor)
    return issued(exhibitor, SalesKind.INVOICE, as_deposit=True)


def refused(error: type[RuleBroken], act: Callable[[], object]) -> None:
    before = len(sales_of_all())
    with pytest.raises(error):
        act()
    assert len(sales_of_all()) == before


def sales_of_all() -> list[SalesDocument]:
    return current_session().query(SalesDocument).all()


def credit(invoice: SalesDocument, *ranks: int, part: Part | None = None) -> SalesDocument:
    lines = LinePart(ranks, part) if part else ranks or None
    note = issue_credit_note(Act(ORGANISER), invoice.id, lines, "Convenu")
    return get_document(note.id)


def test_a_late_option_has_an_invoice_of_its_own(exhibitor: Exhibitor, edition: Edition) -> None:
    first = make_invoice(exhibitor, edition)
    refused(rules.NothingToAdd, lambda: issued(exhibitor, SalesKind.QUOTE))
    add_sign(exhibitor)
    quote = issued(exhibitor, SalesKind.QUOTE)
    assert [line.label for line in quote.lines] == ["Enseigne"]
    assert f"Complète C-{TODAY.year}-0001" in text_of(pdf_of(quote, edition))
    refused(sales_rules.AlreadyInvoiced, lambda: issued(exhibitor, SalesKind.INVOICE))
    order = issued(exhibitor, SalesKind.ORDER)
    figures = figures_of(edition, TODAY)
    assert figures[SaleStep.TO_INVOICE].amount == SIGN_GROSS
    assert figures[SaleStep.TO_COLLECT].amount == STAND_GROSS
    second = issued(exhibitor, SalesKind.INVOICE)
    assert (second.from_id, second.gross) == (order.id, SIGN_GROSS)
    refused(sales_rules.AlreadyInvoiced, lambda: issued(exhibitor, SalesKind.INVOICE))
    sales = sales_of(exhibitor.id)
    sums = sale_sums(sales_file_of(sales), sales, is_closed=False)
    assert (sums.ordered, sums.invoiced, sums.to_invoice) == (sums.due, sums.due, 0)
    credit(get_document(first.id))
    file = sales_file_of(sales_of(exhibitor.id))
    assert [order.gross for order in file.to_invoice] == [STAND_GROSS]
    refused(
        sales_rules.NothingSold, lambda: close_sale(Act(ORGANISER), make_buyer(edition).id, "x")
    )
    assert issued(exhibitor, SalesKind.INVOICE).gross == STAND_GROSS
    figures = figures_of(edition, TODAY)
    assert figures[SaleStep.TO_COLLECT].amount == STAND_GROSS + SIGN_GROSS


def test_what_is_credited_in_part_is_not_sold_again(exhibitor: Exhibitor, edition: Edition) -> None:
    invoice = get_document(make_invoice(exhibitor, edition).id)
    credit(invoice, 2)
    refused(rules.NothingToAdd, lambda: issued(exhibitor, SalesKind.QUOTE))


def test_a_quote_replaces_an_order_that_nothing_invoices(
    exhibitor: Exhibitor, edition: Edition
) -> None:
    invoice = make_invoice(exhibitor, edition)
    add_sign(exhibitor)
    ordered(exhibitor)
    credit(get_document(invoice.id))
    quote = issued(exhibitor, SalesKind.QUOTE)
    assert quote.gross == STAND_GROSS + SIGN_GROSS
    refused(sales_rules.OrderMissing, lambda: issued(exhibitor, SalesKind.INVOICE))


@pytest.mark.on_both
def test_a_deposit_is_deducted_from_the_invoice_of_its_order(
    exhibitor: Exhibitor, edition: Edition
) -> None:
    deposit = deposit_of(exhibitor, edition)
    assert deposit.gross == Decimal("651.60")
    root = xml_in(pdf_of(deposit, edition))
    assert value(root, "//rsm:ExchangedDocument/ram:TypeCode") == "386"
    assert broken_rules(lxml.etree.tostring(root)) == []
    assert "Facture d’acompte" in text_of(pdf_of(deposit, edition))
    refused(rules.DepositInvoiced, lambda: issued(exhibitor, SalesKind.INVOICE, as_deposit=True))
    assert figures_of(edition, TODAY)[SaleStep.TO_INVOICE].amount == STAND_GROSS - deposit.gross
    received = ReceivedPayment(deposit.gross, PaymentMethod.TRANSFER, TODAY)
    record_payment(Act(ORGANISER), deposit.id, received, new_key(), {})
    books = books_of([edition.id])
    assert sum(due.vat for due in books.vat) == deposit.vat
    balance = issued(exhibitor, SalesKind.INVOICE)
    assert balance.gross == STAND_GROSS - deposit.gross
    assert balance.lines[-1].quantity == -1
    pdf = pdf_of(balance, edition)
    root = xml_in(pdf)
    assert broken_rules(lxml.etree.tostring(root)) == []
    assert value(root, "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID") == "S4"
    assert amount(root, "DuePayableAmount") == balance.gross
    reference = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
    assert value(root, reference) == deposit.reference
    assert len(root.findall(".//ram:InvoiceReferencedDocument", SPACES)) == 1
    assert f"Acompte déduit, facture {deposit.reference}" in text_of(pdf)
    assert re.search(r"\u22121 .*543,00 € .*\u2212543,00 €", text_of(pdf))
    balances: dict[Account, Decimal] = {}
    for entry in books_of([edition.id]).entries:
        for posting in entry.postings:
            net = posting.debit - posting.credit
            balances[posting.account] = balances.get(posting.account, Decimal(0)) + net
    assert balances[Account.DEPOSITS] == 0
    assert balances[Account.SALES] == Decimal("-1810.00")
    assert balances[Account.VAT] == Decimal("-362.00")
    refused(rules.DepositDeducted, lambda: credit(deposit))
    note = credit(balance)
    assert (note.gross, note.cancels_id) == (balance.gross, balance.id)
    assert broken_rules(lxml.etree.tostring(xml_in(pdf_of(note, edition)))) == []
    assert credit(deposit).gross == deposit.gross
    assert sum(due.vat for due in books_of([edition.id]).vat) == 0


@pytest.mark.on_both
def test_deposits_are_issued_together_once(organiser: PageClient, edition: Edition) -> None:
    buyers = [make_buyer(edition), make_buyer(edition), make_town(edition)]
    place = f"{PAGE}/ensemble/acomptes"
    for exhibitor in buyers:
        ordered(exhibitor)
    assert "Aucun acompte à établir" in page_text(organiser, place)
    ask_deposits(edition)
    assert "2 acomptes à facturer" in page_text(organiser, PAGE)
    answer = organiser.confirm(issue_listed(organiser, "acomptes"))
    assert "2\u00a0factures d’acompte établies" in answer.text
    deposits = [row for row in sales_of_all() if row.deposit_percent]
    assert sorted(row.exhibitor_id for row in deposits) == [row.id for row in buyers[:2]]
    assert "Aucun acompte à établir" in page_text(organiser, place)


def test_a_cancelled_fair_credits_invoices_before_their_deposits(
    exhibitor: Exhibitor, edition: Edition
) -> None:
    deposit_of(exhibitor, edition)
    issued(exhibitor, SalesKind.INVOICE)
    add_sign(exhibitor)
    ordered(exhibitor)
    issued(exhibitor, SalesKind.INVOICE)
    cancel(edition)
    waiting = waiting_for(edition, SalesKind.CREDIT_NOTE, TODAY)
    outcomes = issue_together(Act(ORGANISER), waiting, SalesKind.CREDIT_NOTE)
    assert [outcome.refusal for outcome in outcomes] == ["", "", ""]
    assert sales_file_of(sales_of(exhibitor.id)).invoices == []


def test_what_has_its_deposit_is_sold(exhibitor: Exhibitor, edition: Edition) -> None:
    deposit_of(exhibitor, edition)
    add_sign(exhibitor)
    assert [line.label for line in ordered(exhibitor).lines] == ["Enseigne"]
    assert issued(exhibitor, SalesKind.INVOICE).lines[-1].label.startswith("Acompte déduit")
    assert issued(exhibitor, SalesKind.INVOICE).gross == SIGN_GROSS


def test_a_share_of_nothing_is_not_invoiced(exhibitor: Exhibitor, edition: Edition) -> None:
    cut(exhibitor, "", "100")
    ask_deposits(edition)
    ordered(exhibitor)
    refused(rules.NothingToInvoice, lambda: issued(exhibitor, SalesKind.INVOICE, as_deposit=True))
    assert waiting_for(edition, SalesKind.INVOICE, TODAY, as_deposit=True) == []
    assert issued(exhibitor, SalesKind.INVOICE).gross == 0


def test_who_has_no_deposit_is_told_why(exhibitor: Exhibitor, edition: Edition) -> None:
    ordered(exhibitor)
    refused(rules.NoDeposit, lambda: issued(exhibitor, SalesKind.INVOICE, as_deposit=True))
    ask_deposits(edition)
    town = make_town(edition)
    ordered(town)
    refused(rules.DepositOfPublicBuyer, lambda: issued(town, SalesKind.INVOICE, as_deposit=True))


def test_a_free_stand_is_offered_no_deposit(organiser: PageClient, edition: Edition) -> None:
    sponsor = make_buyer(edition)
    ask_deposits(edition)
    cut(sponsor, "", "100")
    ordered(sponsor)
    page = page_text(organiser, money_of(sponsor))
    assert "Établir la facture d’acompte" not in page
    assert "Établir la facture</button>" in page


def test_a_deposit_stays_of_a_withdrawal(exhibitor: Exhibitor, edition: Edition) -> None:
    deposit = deposit_of(exhibitor, edition)
    withdraw(exhibitor)
    last = max(document.id for document in sales_of(exhibitor.id))

    def part(share: int) -> SalesDocument:
        return invoice_part(Act(ORGANISER), exhibitor.id, Decimal(share), "Frais", last)

    refused(rules.PartBelowDeposit, lambda: part(20))
    assert part(50).gross == Decimal("1086.00") - deposit.gross
    other_exhibitor = make_buyer(edition)
    deposit_of(other_exhibitor, edition)
    withdraw(other_exhibitor)
    close_sale(Act(ORGANISER), other_exhibitor.id, "L’acompte reste acquis")


@pytest.mark.parametrize(
    ("part", "net"),
    [(Part(quantity=Decimal("4")), "480.00"), (Part(amount=Decimal("0.01")), "0.01")],
)
def test_a_part_of_a_line_is_credited(
    exhibitor: Exhibitor, edition: Edition, part: Part, net: str
) -> None:
    invoice = get_document(make_invoice(exhibitor, edition).id)
    assert (invoice.lines[0].quantity, invoice.lines[0].net) == (9, Decimal("1080.00"))
    note = credit(invoice, 1, part=part)
    assert (note.net, note.cancels_id) == (Decimal(net), None)
    assert note.lines[0].rank == 1
    assert broken_rules(lxml.etree.tostring(xml_in(pdf_of(note, edition)))) == []
    for wrong in (Part(quantity=Decimal(9)), Part(amount=Decimal("1080")), Part(Decimal("0.001"))):
        refused(rules.PartRefused, lambda wrong=wrong: credit(invoice, 1, part=wrong))
    refused(rules.PartRefused, lambda: credit(invoice, 1, 2, part=Part(amount=Decimal(1))))
    last = credit(invoice)
    assert (note.gross + last.gross, last.cancels_id) == (invoice.gross, invoice.id)


def test_a_credit_stays_within_what_a_balance_asks(exhibitor: Exhibitor, edition: Edition) -> None:
    ask_deposits(edition, 90)
    ordered(exhibitor)
    issued(exhibitor, SalesKind.INVOICE, as_deposit=True)
    balance = issued(exhibitor, SalesKind.INVOICE)
    refused(rules.MoreThanAsked, lambda: credit(balance, 1))
    assert credit(balance, 2, part=Part(amount=Decimal("100"))).gross == 120
    assert credit(balance).cancels_id == balance.id


def test_the_pages_lead_from_the_deposit_to_the_late_option(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    ask_deposits(edition)
    ordered(exhibitor)

    def press(kind: str) -> None:
        assert issue_by(organiser, exhibitor, kind).status_code == 302

    def left_to_invoice() -> str:
        page = page_text(organiser, money_of(exhibitor))
        return page.partition('Reste à facturer</dt><dd class="amount">')[2].partition("<")[0]

    press("acompte")
    assert left_to_invoice() == "1 520,40 €"
    press("facture")
    add_sign(exhibitor)
    assert "Une partie n’est pas encore vendue" in page_text(organiser, money_of(exhibitor))
    press("devis")
    press("commande")
    assert left_to_invoice() == "109,20 €"
    stale = sales_of(exhibitor.id)[0].id
    press("facture")
    assert issue_by(organiser, exhibitor, "facture", seen=str(stale)).status_code == 409
    invoice = sales_of(exhibitor.id)[0]
    address = f"{PAGE}/factures/{invoice.id}/avoir"
    data = {"lines": "1", "reason": "Une enseigne de moins", "then": "replace"}
    hidden = re.findall(
        r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', organiser.get(address).text
    )
    data.update(hidden)
    wrong = organiser.post(address, data={**data, "quantity": "3"})
    assert (wrong.status_code, "au plus ce qu’il en reste" in wrong.text) == (400, True)
    for _ in range(2):  # pressed twice
        assert organiser.post(address, data={**data, "quantity": "1"}).status_code == 302
    notes = [row for row in sales_of(exhibitor.id) if row.kind == SalesKind.CREDIT_NOTE]
    assert [note.gross for note in notes] == [Decimal("54.60")]
