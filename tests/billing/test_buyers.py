"""Who agreed to an order, and who is invoiced: the same buyer, or a new agreement."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

from salon.billing.engine.agreements import OnlineSignature
from salon.billing.models import SalesKind
from salon.billing.queries.sales import find_billing, sales_of
from salon.billing.rules import sales as rules
from salon.billing.rules.invoices import NothingToAdd
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import Exhibitor, ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.words.formats import moment
from tests.billing.pages import issue_by, money_of, text_of
from tests.billing.readers import pdf_of, spaced
from tests.billing.readers import text_of as text_of_pdf
from tests.billing.sales import EXHIBITOR, ORGANISER, make_buyer, make_shop, make_town
from tests.factories import sign_in
from tests.pages import PageClient

PAYER = Billing("Régie du Midi", "1 rue du Port", "34300", "Agde", siret="44306184100047")
OTHER = replace(PAYER, name="Holding du Midi", siret="")


def order_for(edition: Edition, payer: Billing) -> Exhibitor:
    exhibitor = make_buyer(edition, email="achats@regie.example")
    change_payer(exhibitor, payer)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    issue(
        Act(EXHIBITOR),
        exhibitor.id,
        SalesKind.ORDER,
        agreement=OnlineSignature("Élise Cabanel, directrice"),
    )
    return exhibitor


def change_payer(exhibitor: Exhibitor, payer: Billing) -> None:
    version = getattr(find_billing(exhibitor.id), "version", 0)
    save_billing(Act(ORGANISER), exhibitor.id, version, payer)


def test_an_order_says_who_agreed_how_and_when(edition: Edition) -> None:
    make_shop(edition)
    signed = sales_of(order_for(edition, PAYER).id)[0]
    text = text_of_pdf(pdf_of(signed, edition))
    said = "Bon pour accord signé en ligne par Élise Cabanel, directrice, le "
    assert said + spaced(moment(signed.created_at)) in text
    exhibitor = make_buyer(edition)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    confirmed = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    text = text_of_pdf(pdf_of(confirmed, edition))
    assert "Bon pour accord" not in text
    assert "Accord reçu par l’organisation, confirmé par Claire Organise, le " in text


@pytest.mark.parametrize("payer", [OTHER, replace(PAYER, siret="24340081900013")])
def test_another_payer_is_not_invoiced_without_its_agreement(
    edition: Edition, payer: Billing
) -> None:
    make_shop(edition)
    exhibitor = order_for(edition, PAYER)
    change_payer(exhibitor, payer)
    with pytest.raises(rules.BuyerChanged) as refusal:
        issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    assert "engage Régie du Midi (SIRET 44306184100047)" in refusal.value.message
    siret = f"SIRET {payer.siret}" if payer.siret else "sans SIRET"
    assert f"nomme maintenant {payer.name} ({siret})" in refusal.value.message
    assert len(sales_of(exhibitor.id)) == 2
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    issue(Act(EXHIBITOR), exhibitor.id, SalesKind.ORDER, agreement=OnlineSignature("Jean Holding"))
    assert issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE).buyer["name"] == payer.name


def test_a_siret_added_or_an_address_changed_is_the_same_buyer(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = order_for(edition, OTHER)
    change_payer(exhibitor, replace(OTHER, siret=PAYER.siret, address="2 quai Neuf"))
    assert issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE).buyer["siret"] == PAYER.siret


def test_the_pages_say_that_the_order_named_another_buyer(
    organiser: PageClient, app: Flask, edition: Edition
) -> None:
    exhibitor = order_for(edition, PAYER)
    page = text_of(organiser, money_of(exhibitor))
    assert "Client&nbsp;: Régie du Midi, SIRET 443 061 841 00047." in page
    own = sign_in(app, Role.EXHIBITOR, "achats@regie.example")
    fields = {**vars(OTHER), "version": "1"}
    answer = own.fill(f"/mon-stand/{exhibitor.id}/facturation", **fields)
    assert answer.status_code == 302
    shown = text_of(own, f"/mon-stand/{exhibitor.id}/facturation")
    assert "nomme un autre client" in shown
    kept = text_of(own, f"/mon-stand/{exhibitor.id}/facturation")
    assert "Vous avez changé qui paie" in kept
    assert "La facture arrive ici" not in kept
    page = text_of(organiser, money_of(exhibitor))
    assert "Le client a changé depuis la commande" in page
    assert "Holding du Midi, sans SIRET" in page
    assert issue_by(organiser, exhibitor, "facture").status_code == 409
    assert issue_by(organiser, exhibitor, "devis").status_code == 302


def test_another_payer_after_a_deposit_begins_with_its_credit_note(
    organiser: PageClient, edition: Edition
) -> None:
    """A new quote would have nothing to sell: the deposit keeps the order."""
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=30))
    exhibitor = order_for(edition, PAYER)
    deposit = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE, as_deposit=True)
    change_payer(exhibitor, OTHER)
    page = organiser.get(money_of(exhibitor)).text
    assert f'href="/organisation/facturation/factures/{deposit.id}/avoir">Avoir sur' in page
    assert "Établir un nouveau devis" not in page
    issue_credit_note(Act(ORGANISER), deposit.id, None, "Autre client")
    assert "Établir un nouveau devis" in organiser.get(money_of(exhibitor)).text
    for kind in (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE):
        assert issue(Act(ORGANISER), exhibitor.id, kind).buyer["name"] == OTHER.name


def test_another_payer_is_said_before_the_service_and_after_a_deposit(
    organiser: PageClient, edition: Edition
) -> None:
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=30))
    town, exhibitor = make_town(edition), order_for(edition, PAYER)
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER), town.id, kind)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE, as_deposit=True)
    change_payer(exhibitor, OTHER)
    change_payer(town, replace(PAYER, engagement_number="E1"))
    page = text_of(organiser, money_of(town))
    assert "Le client a changé depuis la commande" in page
    assert "Enregistrer le service fait" not in page
    page = text_of(organiser, money_of(exhibitor))
    assert "un avoir le reprend, puis un nouveau devis" in page
    with pytest.raises(NothingToAdd):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)


def test_what_is_issued_is_confirmed_with_its_buyer_and_its_amount(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = order_for(edition, PAYER)
    fields = {"seen": str(sales_of(exhibitor.id)[0].id)}
    token = organiser.token(money_of(exhibitor))
    asked = organiser.post(f"{money_of(exhibitor)}/facture", data={**fields, "csrf_token": token})
    said = spaced(asked.text)
    assert "Client : Régie du Midi, SIRET 443 061 841 00047. Montant : 2 172,00 € TTC." in said
