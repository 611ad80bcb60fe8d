"""The legal form and the registers on documents, and how long each public buyer has to pay."""

from dataclasses import replace
from datetime import timedelta

import facturx

from salon.billing.documents.sales_mentions import due_words, legal_words
from salon.billing.models import PublicBuyer, SalesDocument, SalesKind
from salon.billing.queries.sales import find_billing
from salon.billing.services.billing import Billing, save_billing
from salon.exhibitors.models import OrganisationKind
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.words.formats import day
from tests.billing.pages import money_of
from tests.billing.readers import pdf_of, text_of, value, xml_in
from tests.billing.sales import EXHIBITOR, make_buyer, make_invoice, make_shop, make_town
from tests.billing.schematron import broken_rules
from tests.pages import PageClient

RNA = "W341000000"


def test_the_legal_form_and_the_registers_are_printed(edition: Edition) -> None:
    """Code de commerce, R123-237; BT-33 of the seller, BT-47 of an association without SIRET."""
    make_shop(edition)
    with transaction():
        terms = terms_of(edition)
        identity = {"legal_form": "SARL au capital de 10 000 €", "rcs_city": "Montpellier"}
        terms.seller = {**terms.seller, **identity}
    kind = OrganisationKind.ASSOCIATION
    exhibitor = make_buyer(edition, kind=kind, siret="", vat_number="", foreign_number=RNA.lower())
    invoice = make_invoice(exhibitor, edition)
    pdf = pdf_of(invoice, edition)
    text = text_of(pdf)
    assert "SARL au capital de 10 000 €, RCS Montpellier 776 067 787" in text
    assert f"RNA {RNA}" in text
    root = xml_in(pdf)
    assert value(root, "//ram:SellerTradeParty/ram:Description") == legal_words(invoice.seller)
    legal = "ram:SpecifiedLegalOrganization/ram:ID"
    assert value(root, f"//ram:SellerTradeParty/{legal}[@schemeID='0002']") == "776067787"
    assert value(root, f"//ram:BuyerTradeParty/{legal}[not(@schemeID)]") == RNA
    assert broken_rules(facturx.get_xml_from_pdf(pdf, check_xsd=True)[1]) == []


def test_a_public_buyer_has_the_days_of_its_kind(edition: Edition) -> None:
    """Code de la commande publique, R2192-10 and R2192-11."""
    make_shop(edition)
    for kind, days, article in (
        (PublicBuyer.AUTHORITY, 30, "R2192-10"),
        (PublicBuyer.HEALTH, 50, "R2192-11, 1°"),
        (PublicBuyer.ENTERPRISE, 60, "R2192-11, 2°"),
    ):
        town = make_town(edition)
        saved = find_billing(town.id)
        assert saved is not None
        details = Billing(**{name: getattr(saved, name) for name in Billing.__dataclass_fields__})
        save_billing(Act(EXHIBITOR), town.id, saved.version, replace(details, public_kind=kind))
        invoice = make_invoice(town, edition)
        assert invoice.due_on == invoice.issued_on + timedelta(days=days)
        words = f"{days} jours (CCP, art. {article}), au plus tard le {day(invoice.due_on)}."
        assert words in due_words(invoice)
    former = SalesDocument(
        kind=SalesKind.INVOICE,
        due_on=invoice.due_on,
        buyer={"is_public": True},
        gross=invoice.gross,
    )
    assert due_words(former) == (
        f"Par mandat administratif, 30 jours, au plus tard le {day(invoice.due_on)}."
    )


def test_registers_are_typed_in_their_form(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    place = {"address": "8 quai Vauban", "postal_code": "34200", "city": "Sète", "country": "FR"}
    typed = {"name": "Groupe Lumières", "version": "0", **place}
    path = f"{money_of(exhibitor)}/coordonnees"
    for wrong, words in (
        ({"rna": "W12"}, "Un numéro RNA"),
        ({"rcs_city": "34000"}, "Le nom d’une ville"),
        ({"rcs_city": "Sète", "siret": ""}, "indiquez aussi le SIRET"),
        ({"public_kind": "hospice"}, ""),
    ):
        answer = organiser.fill(path, **typed, **wrong)
        assert (answer.status_code, words in answer.text) == (400, True), wrong
    named = {"rcs_city": "Sète", "siret": "44306184100047", "legal_form": "SAS"}
    assert organiser.fill(path, **typed, **named).status_code == 302
    page = organiser.get(money_of(exhibitor)).text.replace("\u00a0", " ")
    assert "SAS, RCS Sète 443 061 841" in page
