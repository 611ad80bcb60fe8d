"""Mentions that the law requires on an invoice, read in its PDF and in its XML."""

from decimal import Decimal

import facturx
import pytest

from salon.billing.models import SalesKind
from salon.billing.queries.sales import sales_of
from salon.billing.services.billing import Billing, save_billing
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from tests.billing.readers import pdf_of, text_of, value, xml_in
from tests.billing.sales import EXHIBITOR, make_buyer, make_invoice, make_shop, make_town


def test_an_invoice_says_what_the_law_wants(edition: Edition) -> None:
    items = {item.code: item for item in make_shop(edition)}
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
        "page 1 sur 1",
    ):
        assert mention.replace("\u00a0", " ") in text, mention


@pytest.mark.parametrize("kind", [SalesKind.QUOTE, SalesKind.INVOICE])
def test_a_seller_without_vat_number_says_so(edition: Edition, kind: SalesKind) -> None:
    """CGI, art. 293 B: on each document; BT-32 and the reason's code in the XML."""
    prices = make_shop(edition)
    with transaction():
        terms = terms_of(edition)
        terms.seller = {**terms.seller, "vat_number": ""}
        for item in prices:
            item.vat_rate = Decimal(0)
    exhibitor = make_buyer(edition)
    make_invoice(exhibitor, edition)
    document = next(sale for sale in sales_of(exhibitor.id) if sale.kind == kind)
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
    save_billing(Act(EXHIBITOR), exhibitor.id, 0, details)
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
