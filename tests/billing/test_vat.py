"""The table of VAT, each cell beside a table of expected articles written apart from it."""

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import facturx
import pytest
from lxml import etree
from sqlalchemy import func, select

from salon.billing.documents.facturx import SPACES
from salon.billing.models import NumberSeries, SalesDocument, SalesKind, SalesLine
from salon.billing.queries.buyers import buyer_of, treated
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.rules import sales as rules
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.engine.pricing import CENT, PricedLine, totals
from salon.exhibitors.engine.vat import TABLE, standing, treat
from salon.exhibitors.models import Exhibitor, PriceItem, PriceUnit, Supply, WantedOption
from salon.exhibitors.queries.charges import lines_for
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from salon.platform.words.countries import country_name
from scripts.vat_page import PATH, page
from tests.billing.readers import pdf_of, spaced, text_of, value, xml_in
from tests.billing.sales import ORGANISER, make_invoice
from tests.billing.schematron import broken_rules
from tests.exhibitors.make import make_exhibitor, make_terms

CASES = json.loads(Path(__file__).with_name("vat_cases.json").read_text("utf-8"))
SELLERS: dict[str, dict[str, str]] = CASES["sellers"]
BUYERS: dict[str, dict[str, str]] = CASES["buyers"]
Case = tuple[str, Supply, Any]


def cases_of(seller: str) -> Iterator[Case]:
    """Yield (buyer, supply, expected); a text is part of the sentence of a refusal."""
    for buyer, expected in CASES["stand"].get(seller, {}).items():
        yield buyer, Supply.STAND, expected
    for supply, expected in CASES["everywhere"].get(seller, {}).items():
        for buyer in BUYERS:
            yield buyer, Supply(supply), expected


def price_rate(seller: str, supply: Supply) -> Decimal:
    """Return the rate of a price at the fair of that seller."""
    if not seller.startswith("liable"):
        return Decimal(0)
    full, reduced = ("8.5", "2.1") if seller == "liable_in_la_reunion" else ("20", "10")
    return Decimal(reduced if supply == Supply.CATERING else full)


def sold(rate: str | Decimal, supply: Supply = Supply.STAND) -> PricedLine:
    amount = Decimal("100.00")
    return PricedLine(
        *("x", "Un stand", PriceUnit.OPTION, Decimal(1), amount, Decimal(rate), amount), supply
    )


@pytest.mark.parametrize("seller", SELLERS)
def test_each_cell_has_the_rate_and_the_article_of_the_law(seller: str) -> None:
    facts = {"postal_code": "34000", **SELLERS[seller]}
    for buyer, supply, expected in cases_of(seller):
        treated = treat([sold(price_rate(seller, supply), supply)], facts, BUYERS[buyer])
        if isinstance(expected, str):
            assert expected in treated.refusal.replace("Un repas", "un repas"), (buyer, supply)
            continue
        rate, category, code, article = expected
        stated = treated.stated
        assert not treated.refusal, (buyer, supply)
        assert treated.lines[0].vat_rate == Decimal(rate), (buyer, supply)
        assert (stated["category"], stated["code"]) == (category, code), (buyer, supply)
        assert spaced(stated["article"]) == article, (buyer, supply)
        assert not stated["mention"] or article in spaced(stated["mention"]), (buyer, supply)
        assert stated["mention"] or category == "S", (buyer, supply)


def test_every_cell_of_the_table_has_its_case() -> None:
    """An issuer who charges no VAT may be anywhere: its place changes no answer."""
    tried = {
        (*standing({"postal_code": place, **SELLERS[seller]}, BUYERS[buyer]), supply)
        for seller in SELLERS
        for place in ("34000", "97400")
        for buyer, supply, _ in cases_of(seller)
    }
    assert tried == set(TABLE)
    for seller in ("franchise", "exempt", "public_body"):
        for buyer, supply, _ in cases_of(seller):
            here, there = (
                treat([sold(0, supply)], {**SELLERS[seller], "postal_code": place}, BUYERS[buyer])
                for place in ("34000", "97400")
            )
            assert here == there, (seller, buyer)


def test_the_table_of_the_documentation_is_that_of_the_code() -> None:
    assert PATH.read_text("utf-8") == page(), "type: python -m scripts.vat_page"


REFUSED = (
    ("liable", "espagne", [("0", Supply.ADMISSION)], "une exonération"),
    ("franchise", "béziers", [("20", Supply.STAND)], "passez les prix à 0 %"),
    ("liable", "la réunion", [("2.1", Supply.STAND)], "n’est pas connu"),
    (
        "franchise_numbered",
        "espagne",
        [("0", Supply.STAND), ("0", Supply.CATERING)],
        "pour deux raisons",
    ),
)


@pytest.mark.parametrize(("seller", "buyer", "lines", "sentence"), REFUSED)
def test_what_the_table_does_not_know_is_refused(
    seller: str, buyer: str, lines: list[tuple[str, Supply]], sentence: str
) -> None:
    asked = [sold(rate, supply) for rate, supply in lines]
    treated = treat(asked, {"postal_code": "34000", **SELLERS[seller]}, BUYERS[buyer])
    assert sentence in spaced(treated.refusal)
    assert treated.lines == asked


@pytest.mark.parametrize("number", ["ESB58378432", "FR40303265045", "B58378431"])
def test_a_number_that_is_not_of_the_buyer_s_country_is_refused(number: str) -> None:
    buyer = {**BUYERS["espagne"], "vat_number": number}
    seller = {"postal_code": "34000", **SELLERS["liable"]}
    assert "pas de son pays (Espagne)" in treat([sold("20")], seller, buyer).refusal


class Shop:
    """A fair whose seller and prices are changed from one case to the next."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.seller = dict(make_terms(edition).seller)
        self.items = {
            supply: PriceItem(
                edition_id=edition.id,
                code=supply.value,
                label=supply.label,
                unit=PriceUnit.OPTION,
                unit_price=Decimal("118.35"),
                vat_rate=Decimal(20),
                supply=supply,
            )
            for supply in Supply
        }
        with transaction() as session:
            session.add_all(self.items.values())

    def set_seller(self, seller: str) -> None:
        with transaction():
            terms_of(self.edition).seller = {**self.seller, **SELLERS[seller]}
            for supply, item in self.items.items():
                item.vat_rate = price_rate(seller, supply)

    def buyer_of(self, buyer: str, *supplies: Supply) -> Exhibitor:
        siret = "44306184100047" if BUYERS[buyer]["country"] == "FR" else ""
        exhibitor = make_exhibitor(self.edition, area=0, siret=siret, **BUYERS[buyer])
        with transaction() as session:
            for supply in supplies:
                item_id = self.items[supply].id
                option = WantedOption(exhibitor_id=exhibitor.id, price_item_id=item_id, quantity=3)
                session.add(option)
        return exhibitor


@pytest.fixture
def shop(edition: Edition) -> Shop:
    return Shop(edition)


TAX = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"


def check_papers(shop: Shop, invoice: SalesDocument, buyer: str, expected: list[str]) -> None:
    """Read the PDF and the Factur-X of an invoice: rate, category, code, mention, buyer."""
    rate, category, code, article = expected
    pdf = pdf_of(invoice, shop.edition)
    text, root = text_of(pdf), xml_in(pdf)
    facts = BUYERS[buyer]
    assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
    assert value(root, f"{TAX}/ram:CategoryCode") == category
    assert value(root, f"{TAX}/ram:ExemptionReasonCode") == code
    assert value(root, "//ram:BuyerTradeParty//ram:CountryID") == facts["country"]
    assert broken_rules(etree.tostring(root)) == []
    assert invoice.vat == (invoice.net * Decimal(rate) / 100).quantize(CENT, ROUND_HALF_UP)
    mention = spaced(invoice.seller["vat"]["mention"])
    assert mention in text
    if category != "S":
        assert article in text
        assert spaced(value(root, f"{TAX}/ram:ExemptionReason")) == mention
    if facts["country"] != "FR":
        assert f"{facts['city']} {country_name(facts['country'])}" in text
    assert facts["vat_number"] in text
    assert ("293 B" in text) == (code == "VATEX-FR-FRANCHISE")


def check_sale(shop: Shop, buyer: str, supply: Supply, expected: Any) -> None:
    """Sell to a buyer: preview, quote, order, invoice and credit note agree.

    What is refused takes no number.
    """
    exhibitor = shop.buyer_of(buyer, supply)
    preview = totals(treated(exhibitor, lines_for(exhibitor)).lines)
    if isinstance(expected, str):
        before = written()
        with pytest.raises(rules.VatRefused):
            issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
        assert written() == before, (buyer, supply)
        return
    invoice = get_document(make_invoice(exhibitor, shop.edition).id)
    note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    assert note.seller["vat"] == invoice.seller["vat"]
    assert {document.gross for document in sales_of(exhibitor.id)} == {preview.gross}
    check_papers(shop, invoice, buyer, expected)
    assert broken_rules(etree.tostring(xml_in(pdf_of(note, shop.edition)))) == []


@pytest.mark.parametrize("seller", SELLERS)
def test_a_stand_is_invoiced_as_its_cell_says(shop: Shop, seller: str) -> None:
    shop.set_seller(seller)
    for buyer, expected in CASES["stand"][seller].items():
        check_sale(shop, buyer, Supply.STAND, expected)


@pytest.mark.long
@pytest.mark.parametrize("seller", CASES["everywhere"])
def test_admissions_and_meals_are_invoiced_as_their_cells_say(shop: Shop, seller: str) -> None:
    shop.set_seller(seller)
    for supply, expected in CASES["everywhere"][seller].items():
        for buyer in BUYERS:
            check_sale(shop, buyer, Supply(supply), expected)


def test_a_foreign_company_pays_the_vat_of_its_meals_alone(shop: Shop) -> None:
    """The kind of supply decides line by line; the Factur-X has both categories."""
    shop.set_seller("liable")
    exhibitor = shop.buyer_of("espagne", Supply.STAND, Supply.CATERING)
    invoice = get_document(make_invoice(exhibitor, shop.edition).id)
    assert [line.vat_rate for line in invoice.lines] == [0, 10]
    assert (invoice.net, invoice.vat) == (Decimal("710.10"), Decimal("35.51"))
    pdf = pdf_of(invoice, shop.edition)
    assert broken_rules(etree.tostring(xml_in(pdf))) == []
    categories = xml_in(pdf).xpath(f"{TAX}/ram:CategoryCode/text()", namespaces=SPACES)
    assert categories == ["S", "AE"]
    assert "Autoliquidation" in text_of(pdf)


def test_an_order_is_not_invoiced_once_its_vat_has_changed(shop: Shop) -> None:
    """A buyer who gives another country or number, a seller who changes its regime: a new quote."""
    shop.set_seller("liable")
    exhibitor = shop.buyer_of("espagne", Supply.STAND)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    before = written()
    for change in ({"vat_number": ""}, {"country": "FR", "vat_number": ""}):
        with transaction(exhibitor):
            for name, text in {**BUYERS["espagne"], **change}.items():
                setattr(exhibitor, name, text)
        with pytest.raises(rules.VatChanged):
            issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    with transaction(exhibitor):
        for name, text in BUYERS["espagne"].items():
            setattr(exhibitor, name, text)
    shop.set_seller("exempt")
    with pytest.raises(rules.VatChanged):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    shop.set_seller("liable")
    assert written() == before
    assert issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE).vat == 0


@pytest.mark.parametrize(("buyer", "sells"), [("béziers", True), ("espagne", False)])
def test_an_order_of_before_is_invoiced_where_its_vat_was_right(
    shop: Shop, buyer: str, sells: bool
) -> None:
    """Release 1.0.0 counted French VAT to all, and froze no treatment."""
    shop.set_seller("liable")
    exhibitor = shop.buyer_of(buyer, Supply.STAND)
    order = former_order(shop, exhibitor)
    if sells:
        invoice = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
        assert (invoice.gross, invoice.seller["vat"]["category"]) == (order.gross, "S")
        return
    with pytest.raises(rules.VatChanged):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)


def former_order(shop: Shop, exhibitor: Exhibitor) -> SalesDocument:
    """Write a quote and its order as release 1.0.0 did."""
    net, vat, gross = Decimal("118.35"), Decimal("23.67"), Decimal("142.02")
    seller = terms_of(shop.edition).seller
    quote, order = (
        SalesDocument(
            edition_id=shop.edition.id,
            exhibitor_id=exhibitor.id,
            kind=kind,
            series=f"{kind.value}-2020",
            number=1,
            reference=f"{kind.value}-2020-0001",
            issued_on=now().date(),
            due_on=now().date(),
            seller={name: text for name, text in seller.items() if name != "vat_regime"},
            buyer=buyer_of(exhibitor),
            net=net,
            vat=vat,
            gross=gross,
            line_count=1,
            created_at=now(),
            created_by="Élise Cabanel",
            lines=[
                SalesLine(
                    rank=1,
                    code="stand",
                    label="Un stand",
                    unit=PriceUnit.OPTION,
                    quantity=Decimal(1),
                    unit_price=net,
                    vat_rate=Decimal(20),
                    net=net,
                )
            ],
        )
        for kind in (SalesKind.QUOTE, SalesKind.ORDER)
    )
    with transaction() as session:
        session.add(quote)
        session.flush()
        order.from_id = quote.id
        session.add(order)
    return order


@pytest.mark.parametrize(("number", "says_franchise"), [("FR61776067787", False), ("", True)])
def test_a_paper_of_before_says_what_it_said(shop: Shop, number: str, says_franchise: bool) -> None:
    """Without a frozen treatment: no country of the buyer, 293 B by the number alone."""
    shop.set_seller("exempt")
    with transaction():
        terms_of(shop.edition).seller = {**shop.seller, "vat_number": number}
    order = former_order(shop, shop.buyer_of("espagne", Supply.STAND))
    text = text_of(pdf_of(order, shop.edition))
    assert "Espagne" not in text
    assert ("TVA non applicable, art. 293 B du CGI." in text) == says_franchise
    assert "Autoliquidation" not in text


def written() -> tuple[int, int]:
    count, last = func.count(SalesDocument.id), func.coalesce(func.sum(NumberSeries.last), 0)
    session = current_session()
    return session.scalar(select(count)) or 0, session.scalar(select(last)) or 0
