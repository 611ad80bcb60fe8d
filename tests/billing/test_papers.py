"""PDF and Factur-X, read back by readers that did not write them."""

import io
import re
import struct
from datetime import timedelta
from decimal import Decimal

import facturx
import lxml.etree
import pypdf
import pytest

from salon.billing.documents.facturx import SPACES
from salon.billing.engine.issued_lines import totals_of
from salon.billing.models import SalesKind
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import PriceItem, PriceUnit
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from salon.platform.words.formats import euros
from tests.billing.negotiation.make import cut
from tests.billing.readers import amount, boxes_of, pdf_of, spaced, text_of, value, xml_in
from tests.billing.sales import EXHIBITOR, ORGANISER, make_buyer, make_invoice, make_shop
from tests.billing.schematron import broken_rules

NASTY = 'Dupont & <Fils> "Été" l’Œuvre > 2'


def test_the_structured_amounts_are_those_of_the_row(edition: Edition) -> None:
    items = {item.code: item for item in make_shop(edition)}
    exhibitor = make_buyer(edition, {items["repas"]: 7, items["badge"]: 3})
    invoice = get_document(make_invoice(exhibitor, edition).id)
    pdf = pdf_of(invoice, edition)
    root = xml_in(pdf)
    assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
    assert broken_rules(lxml.etree.tostring(root)) == []
    assert value(root, "//rsm:ExchangedDocument/ram:TypeCode") == "380"
    assert value(root, "//rsm:ExchangedDocument/ram:ID") == invoice.reference
    assert amount(root, "LineTotalAmount") == invoice.net
    assert amount(root, "TaxBasisTotalAmount") == invoice.net
    assert amount(root, "TaxTotalAmount[@currencyID='EUR']") == invoice.vat
    assert amount(root, "GrandTotalAmount") == invoice.gross
    assert amount(root, "DuePayableAmount") == invoice.gross
    taxes = root.findall(".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", SPACES)
    results = [
        tuple(
            Decimal(tax.findtext(f"ram:{name}", namespaces=SPACES) or "")
            for name in ("RateApplicablePercent", "BasisAmount", "CalculatedAmount")
        )
        for tax in taxes
    ]
    assert results == list(totals_of(invoice).by_rate)
    lines = root.findall(".//ram:IncludedSupplyChainTradeLineItem", SPACES)
    nets = [
        Decimal(line.findtext(".//ram:LineTotalAmount", namespaces=SPACES) or "") for line in lines
    ]
    assert nets == [line.net for line in invoice.lines]
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
        for item in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in item["/FontDescriptor"]


def test_an_issued_document_says_the_days_that_were_announced_then(edition: Edition) -> None:
    """Downloaded again once the fair is postponed, it is the same file; so is its credit note."""
    make_shop(edition)
    first_day = f"{edition.days[0].day_on:%d/%m/%Y}"
    invoice = get_document(make_invoice(make_buyer(edition), edition).id)
    issued = pdf_of(invoice, edition)
    with transaction(edition):
        edition.city, edition.short_name = "Lunel", "Salon déplacé"
        for day in edition.days:
            day.day_on += timedelta(days=21)
    current_session().expire_all()
    invoice = get_document(invoice.id)
    assert text_of(pdf_of(invoice, edition)) == text_of(issued)
    assert lxml.etree.tostring(xml_in(pdf_of(invoice, edition))) == lxml.etree.tostring(
        xml_in(issued)
    )
    credit = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    assert spaced(first_day) in text_of(pdf_of(credit, edition))


def test_a_credit_note_names_the_invoice_it_corrects(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    credit = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    pdf = pdf_of(credit, edition)
    text = text_of(pdf)
    assert f"Annule la facture {invoice.reference} du" in text
    assert f"Avoir TTC {spaced(euros(invoice.gross))}" in text
    root = xml_in(pdf)
    codes = root.xpath("//ram:IncludedNote/ram:SubjectCode/text()", namespaces=SPACES)
    assert {"PMD", "PMT", "AAB", "REG"} <= set(codes)
    assert facturx.xml_check_xsd(root, flavor="factur-x", level="en16931")
    assert broken_rules(lxml.etree.tostring(root)) == []
    assert value(root, "//rsm:ExchangedDocument/ram:TypeCode") == "381"
    corrected = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
    assert value(root, corrected) == invoice.reference
    assert amount(root, "GrandTotalAmount") == invoice.gross


def test_a_credit_note_of_the_rest_says_so(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    part = issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    credit_note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    sentence = f"la facture {invoice.reference} du"
    assert f"Vient en déduction de {sentence}" in text_of(pdf_of(part, edition))
    assert f"Annule ce qui restait de {sentence}" in text_of(pdf_of(credit_note, edition))


@pytest.mark.parametrize("kind", [SalesKind.QUOTE, SalesKind.INVOICE])
def test_hostile_names_are_written_as_they_are(edition: Edition, kind: SalesKind) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition, name=NASTY, legal_name=NASTY)
    details = Billing(NASTY, '1 rue "&" <b>', "34000", "Sète", purchase_order="<&>")
    save_billing(Act(EXHIBITOR), exhibitor.id, 0, details)
    make_invoice(exhibitor, edition)
    document = next(sale for sale in sales_of(exhibitor.id) if sale.kind == kind)
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
    with transaction() as session:
        session.add_all(long)
    exhibitor = make_buyer(edition, dict.fromkeys([*items[-2:], *long], 2))
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    pdf = pdf_of(quote, edition)
    text = text_of(pdf)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 3
    assert all(f"Option numéro {number} au" in text for number in range(40))
    assert "page 3 sur" in text


def test_the_same_document_gives_the_same_file(edition: Edition) -> None:
    """Whenever it is drawn: it says that it was made when it was issued."""
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition, now() + timedelta(hours=1))
    for document in sales_of(invoice.exhibitor_id):
        assert pdf_of(document, edition) == pdf_of(document, edition)
    pdf, issued_at = pdf_of(invoice, edition), invoice.created_at.replace(microsecond=0)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == reader.metadata.modification_date == issued_at
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert set(re.findall(r"20\d\d-\d\d-\d\dT[^<]*", metadata)) == {issued_at.isoformat()}
    assert pdf.count(f"{issued_at:%Y%m%d%H%M%S}".encode()) == 5
    (intent,) = reader.trailer["/Root"]["/OutputIntents"]
    profile = intent["/DestOutputProfile"].get_data()
    assert struct.unpack(">6H", profile[24:36]) == (1999, 10, 18, 0, 0, 0)


def test_the_words_of_a_page_are_aligned_and_apart(edition: Edition) -> None:
    """Figures stand on the line of their label; a long name of the issuer stays legible."""
    make_shop(edition)
    seller = terms_of(edition).seller
    with transaction():
        terms_of(edition).seller = {
            **seller,
            "name": "Association des maires et des présidents d’intercommunalité de l’Hérault",
            "address": "Maison des communes, bâtiment C, 1 place des Communes, boîte postale 12345",
        }
    invoice = make_invoice(make_buyer(edition), edition)
    issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Stand annulé")
    pdf = pdf_of(note, edition)
    (label,), (quantity, *_) = boxes_of(pdf, "Branchement"), boxes_of(pdf, "210,00")
    assert abs(label[1] - quantity[1]) < 0.5
    (end,), (total, *_) = boxes_of(pdf, f"{invoice.reference} du"), boxes_of(pdf, "Total HT")
    assert total[0] - end[2] > 10
    *_, foot = boxes_of(pdf, "Association des maires")
    assert foot[3] - foot[1] > 4
    assert len(boxes_of(pdf, "34000 Montpellier")) == 1


def test_an_invoice_of_nothing_asks_for_nothing(edition: Edition) -> None:
    make_shop(edition)
    sponsor = make_buyer(edition, name="Parrain")
    cut(sponsor, "", "100")
    text = text_of(pdf_of(make_invoice(sponsor, edition), edition))
    assert "Rien n’est à régler." in text
    assert [words for words in ("IBAN", "À régler", "Référence à rappeler") if words in text] == []
