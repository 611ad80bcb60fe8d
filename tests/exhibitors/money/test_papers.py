"""PDF and Factur-X, read back by readers that did not write them."""

import io
from decimal import Decimal

import facturx
import pypdf
import pypdfium2
import pytest
from lxml import etree

from salon.db import transaction
from salon.exhibitors import papers
from salon.exhibitors.facturx import SPACES
from salon.exhibitors.models import PriceItem, PriceUnit, SalesDocument, SalesKind
from salon.exhibitors.pricing import totals_of
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.queries.money import find_document, get_document, sales_of
from salon.exhibitors.services.billing import Billing, save_billing
from salon.exhibitors.services.money import issue, issue_credit_note
from salon.fair.models import Edition
from salon.formats import euros
from salon.times import now
from tests.exhibitors.money.sales import (
    EXHIBITOR,
    ORGANISER,
    make_buyer,
    make_invoice,
    make_shop,
    make_town,
)

NASTY = 'Dupont & <Fils> "Été" l’Œuvre > 2'


def pdf_of(document: SalesDocument, edition: Edition) -> bytes:
    found = get_document(document.id)
    return papers.paper_of(found, edition, find_document(found.from_id))


def text_of(pdf: bytes) -> str:
    read = pypdfium2.PdfDocument(pdf)
    try:
        pages = [read[number] for number in range(len(read))]
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    finally:
        read.close()
    return " ".join(spaced(text).split())


def spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def xml_in(pdf: bytes) -> etree._Element:
    """The XML attached to a PDF, by pypdf; pypdfium2 sees the same bytes."""
    content = pypdf.PdfReader(io.BytesIO(pdf)).attachments["factur-x.xml"][0]
    read = pypdfium2.PdfDocument(pdf)
    attached = read.get_attachment(0)
    assert attached.get_name() == "factur-x.xml"
    assert bytes(attached.get_data()) == content
    read.close()
    return etree.fromstring(content)


def value(root: etree._Element, path: str) -> str:
    found = root.xpath(f"string({path})", namespaces=SPACES)
    assert isinstance(found, str)
    return found


def amount(root: etree._Element, name: str) -> Decimal:
    sums = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    return Decimal(value(root, f"{sums}/ram:{name}"))


def test_an_invoice_says_what_the_law_wants(edition: Edition) -> None:
    items = {one.code: one for one in make_shop(edition)}
    exhibitor = make_buyer(edition, {items["repas"]: 3}, vat_number="FR40303265045")
    invoice = make_invoice(exhibitor, edition)
    text = text_of(pdf_of(invoice, edition))
    for mention in (
        "Facture",
        invoice.reference,
        f"{invoice.due_on:%d/%m/%Y}",
        "AMF34",
        "1 place des Communes",
        "34000 Montpellier",
        "SIRET 776 067 787 00015",
        "TVA FR61776067787",
        exhibitor.name,
        "1 rue des Vignes",
        "34500 Béziers",
        "SIRET 443 061 841 00047",
        "TVA FR40303265045",
        "Stand équipé, m²",
        "9 m²",
        "120,00 €",
        "Déjeuner",
        "22,73 €",
        "Total HT",
        "TVA 20 % sur 1 810,00 €",
        "TVA 10 % sur 68,19 €",
        "6,82 €",
        "Net à payer TTC",
        "2 247,01 €",
        "FR76 3000 6000 0112 3456 7890 189",
        "AGRIFRPP",
        "Par virement ou chèque",
        "pénalités exigibles sans rappel",
        "majoré de 10 points",
        "L441-10",
        "recouvrement : 40 €",
        "D441-5",
        "Pas d’escompte",
        "prestations de services",
        "Page 1 sur 1",
    ):
        assert mention.replace("\u00a0", " ") in text, mention


@pytest.mark.parametrize("kind", [SalesKind.QUOTE, SalesKind.INVOICE])
def test_a_seller_without_vat_number_says_so(edition: Edition, kind: SalesKind) -> None:
    """CGI, art. 293 B: on each document; BT-32 and the reason's code in the XML."""
    prices = make_shop(edition)
    with transaction():
        terms = terms_of(edition)
        terms.seller = {**terms.seller, "vat_number": ""}
        for one in prices:
            one.vat_rate = Decimal(0)
    exhibitor = make_buyer(edition)
    make_invoice(exhibitor, edition)
    document = next(one for one in sales_of(exhibitor.id) if one.kind == kind)
    pdf = pdf_of(document, edition)
    assert "TVA non applicable, art. 293 B du CGI." in text_of(pdf)
    assert (document.vat, document.gross) == (0, document.net)
    if kind == SalesKind.INVOICE:
        root = xml_in(pdf)
        assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
        seller = "//ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID"
        assert value(root, f"{seller}[@schemeID='FC']") == "776067787"
        tax = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
        assert value(root, f"{tax}/ram:CategoryCode") == "E"
        assert value(root, f"{tax}/ram:ExemptionReasonCode") == "VATEX-FR-FRANCHISE"


def test_an_invoice_names_the_exhibitor_when_another_pays(edition: Edition) -> None:
    """Code de commerce, L441-9: the billing address besides the buyer's, and its order's number."""
    make_shop(edition)
    with transaction():
        terms = terms_of(edition)
        terms.seller = {**terms.seller, "vat_on_debits": "1"}
    exhibitor = make_buyer(edition, name="Lumières d’Oc")
    details = Billing("Groupe Lumières", "8 quai Vauban", "34200", "Sète", purchase_order="BC-12")
    save_billing(exhibitor.id, 0, details, EXHIBITOR)
    text = text_of(pdf_of(make_invoice(exhibitor, edition), edition))
    assert "Groupe Lumières 8 quai Vauban 34200 Sète" in text
    assert "Exposant : Lumières d’Oc, 1 rue des Vignes, 34500 Béziers" in text
    assert "Votre bon de commande" in text
    assert "BC-12" in text
    assert "Option pour le paiement de la taxe d’après les débits." in text


def test_a_public_buyer_s_invoice_carries_its_references(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_town(edition), edition)
    pdf = pdf_of(invoice, edition)
    text = text_of(pdf)
    for mention in (
        "2021-000417",
        "FINANCES",
        f"{invoice.service_done_on:%d/%m/%Y}",
        "mandat administratif",
        "majoré de 8 points",
        "D2192-35",
        "243 400 819 00013",
    ):
        assert mention in text, mention
    root = xml_in(pdf)
    buyer = "//ram:BuyerTradeParty"
    assert value(root, "//ram:BuyerReference") == "FINANCES"
    order = "//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"
    assert value(root, order) == "2021-000417"
    assert value(root, f"{buyer}/ram:GlobalID[@schemeID='0009']") == "24340081900013"
    legal = f"{buyer}/ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']"
    assert value(root, legal) == "243400819"
    frame = "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
    assert value(root, frame) == "A1"
    done = "//ram:ActualDeliverySupplyChainEvent//udt:DateTimeString"
    assert value(root, done) == f"{invoice.service_done_on:%Y%m%d}"


def test_the_structured_amounts_are_those_of_the_row(edition: Edition) -> None:
    items = {one.code: one for one in make_shop(edition)}
    exhibitor = make_buyer(edition, {items["repas"]: 7, items["badge"]: 3})
    invoice = get_document(make_invoice(exhibitor, edition).id)
    pdf = pdf_of(invoice, edition)
    root = xml_in(pdf)
    assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
    assert value(root, "//rsm:ExchangedDocument/ram:TypeCode") == "380"
    assert value(root, "//rsm:ExchangedDocument/ram:ID") == invoice.reference
    assert amount(root, "LineTotalAmount") == invoice.net
    assert amount(root, "TaxBasisTotalAmount") == invoice.net
    assert amount(root, "TaxTotalAmount[@currencyID='EUR']") == invoice.vat
    assert amount(root, "GrandTotalAmount") == invoice.gross
    assert amount(root, "DuePayableAmount") == invoice.gross
    taxes = root.findall(".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", SPACES)
    found = [
        tuple(
            Decimal(tax.findtext(f"ram:{name}", namespaces=SPACES) or "")
            for name in ("RateApplicablePercent", "BasisAmount", "CalculatedAmount")
        )
        for tax in taxes
    ]
    assert found == list(totals_of(invoice).by_rate)
    lines = root.findall(".//ram:IncludedSupplyChainTradeLineItem", SPACES)
    nets = [
        Decimal(line.findtext(".//ram:LineTotalAmount", namespaces=SPACES) or "") for line in lines
    ]
    assert nets == [one.net for one in invoice.lines]
    assert sum(nets) == invoice.net
    assert spaced(euros(invoice.gross)) in text_of(pdf)


def test_the_pdf_declares_what_pdf_a_3_asks(edition: Edition) -> None:
    make_shop(edition)
    reader = pypdf.PdfReader(
        io.BytesIO(pdf_of(make_invoice(make_buyer(edition), edition), edition))
    )
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "EN 16931" in metadata
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/AF"][0]["/AFRelationship"] == "/Alternative"
    assert "/ID" in reader.trailer
    for page in reader.pages:
        for one in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in one["/FontDescriptor"]


def test_a_credit_note_names_the_invoice_it_corrects(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    credit = issue_credit_note(invoice.id, None, ORGANISER, now(), "Stand annulé")
    pdf = pdf_of(credit, edition)
    text = text_of(pdf)
    assert f"Annule la facture {invoice.reference} du" in text
    assert f"Avoir TTC {spaced(euros(invoice.gross))}" in text
    root = xml_in(pdf)
    codes = root.xpath("//ram:IncludedNote/ram:SubjectCode/text()", namespaces=SPACES)
    assert {"PMD", "PMT", "AAB", "REG"} <= set(codes)
    assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
    assert value(root, "//rsm:ExchangedDocument/ram:TypeCode") == "381"
    corrected = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
    assert value(root, corrected) == invoice.reference
    assert amount(root, "GrandTotalAmount") == invoice.gross


def test_a_credit_note_of_the_rest_says_so(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    part = issue_credit_note(invoice.id, [2], ORGANISER, now(), "Pas d’angle")
    rest = issue_credit_note(invoice.id, None, ORGANISER, now(), "Stand annulé")
    said = f"la facture {invoice.reference} du"
    assert f"Vient en déduction de {said}" in text_of(pdf_of(part, edition))
    assert f"Annule ce qui restait de {said}" in text_of(pdf_of(rest, edition))


@pytest.mark.parametrize("kind", [SalesKind.QUOTE, SalesKind.INVOICE])
def test_hostile_names_are_written_as_they_are(edition: Edition, kind: SalesKind) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition, name=NASTY, legal_name=NASTY)
    details = Billing(NASTY, '1 rue "&" <b>', "34000", "Sète", purchase_order="<&>")
    save_billing(exhibitor.id, 0, details, EXHIBITOR)
    make_invoice(exhibitor, edition)
    document = next(one for one in sales_of(exhibitor.id) if one.kind == kind)
    pdf = pdf_of(document, edition)
    assert "Dupont & <Fils>" in text_of(pdf)
    if kind == SalesKind.INVOICE:
        root = xml_in(pdf)
        assert value(root, "//ram:BuyerTradeParty/ram:Name") == NASTY
        order = "//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"
        assert value(root, order) == "<&>"


def test_a_long_quote_takes_several_pages_and_loses_no_line(edition: Edition) -> None:
    items = make_shop(edition)
    long = [
        PriceItem(
            edition_id=edition.id,
            code=f"long-{number}",
            label=f"Option numéro {number} " + "au libellé long, très long et détaillé " * 3,
            unit=PriceUnit.OPTION,
            unit_price=Decimal("12.34"),
            vat_rate=Decimal(20),
            rank=100 + number,
        )
        for number in range(40)
    ]
    with transaction() as writing:
        writing.add_all(long)
    exhibitor = make_buyer(edition, dict.fromkeys([*items[-2:], *long], 2))
    quote = issue(exhibitor.id, SalesKind.QUOTE, ORGANISER, now())
    pdf = pdf_of(quote, edition)
    text = text_of(pdf)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 3
    assert all(f"Option numéro {number} au" in text for number in range(40))
    assert "Page 3 sur" in text


def test_the_same_document_gives_the_same_quote(edition: Edition) -> None:
    make_shop(edition)
    quote = issue(make_buyer(edition).id, SalesKind.QUOTE, ORGANISER, now())
    assert pdf_of(quote, edition) == pdf_of(quote, edition)
