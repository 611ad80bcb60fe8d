"""The exhibitor’s own pages, its documents, and the price list."""

from decimal import Decimal
from typing import Any

from flask import Flask

from salon.billing.models import SalesKind
from salon.billing.queries.sales import prices_of, sales_of
from salon.billing.services.sales import issue
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.billing.pages import PAGE, issue_by, money_of, text_of
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_town
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.pages import PageClient


def test_the_public_buyer_s_path(
    organiser: PageClient, app: Flask, edition: Edition, tmp_path: Any
) -> None:
    town = make_buyer(edition, kind="public_body", name="Agglo", email="finances@agglo.example")
    issue(Act(ORGANISER), town.id, SalesKind.QUOTE)
    buyer = sign_in(app, Role.EXHIBITOR, "finances@agglo.example")
    own = f"/mon-stand/{town.id}/facturation"
    assert "Donnez les références" in text_of(buyer, own)
    quote = sales_of(town.id)[0]
    token = buyer.token(own)
    agreed = {"csrf_token": token, "quote": str(quote.id), "signed_by": "Jean Maire", "agreed": "y"}
    refused = buyer.post(f"{own}/accord", data=agreed)
    assert refused.status_code == 409
    assert "numéro d’engagement" in refused.get_data(as_text=True)
    details = {
        "version": "0",
        "name": "Agglo, finances",
        "address": "1 place de la Mairie",
        "postal_code": "34300",
        "city": "Agde",
        "country": "FR",
        "siret": "243 400 819 00013",
    }
    wrong = buyer.fill(own, **details, engagement_number="x" * 51)
    assert wrong.status_code == 400
    wrong = buyer.fill(own, **{**details, "siret": "12345678901234"})
    assert wrong.status_code == 400
    assert buyer.fill(own, **details, engagement_number="EJ-2021-77").status_code == 302
    stale = buyer.fill(own, **{**details, "city": "Sète"})
    assert stale.status_code == 409
    assert buyer.post(f"{own}/accord", data={**agreed, "agreed": ""}).status_code == 400
    papers = f"/mon-stand/{town.id}/documents"
    assert "imprimez-le, signez-le" in text_of(buyer, papers)
    assert buyer.post(f"{own}/accord", data=agreed).status_code == 302
    assert "signez-le" not in text_of(buyer, papers)
    assert "Le contrat n’est plus à envoyer" in text_of(buyer, papers)
    page = text_of(buyer, own)
    assert "rien à payer avant le salon" in page
    page = text_of(organiser, money_of(town))
    assert "Jean Maire" in page
    assert "Enregistrer le service fait" in page
    early = local(now()).date().isoformat()
    answer = organiser.fill(money_of(town), f"{money_of(town)}/service-fait", done_on=early)
    assert answer.status_code == 400
    assert issue_by(organiser, town, "facture").status_code == 409


def test_a_document_is_downloaded_by_its_own_people_only(
    organiser: PageClient, app: Flask, edition: Edition
) -> None:
    exhibitor = make_buyer(edition, email="a@exposant.example")
    make_exhibitor(edition, email="b@exposant.example")
    invoice = make_invoice(exhibitor, edition)
    answer = organiser.get(f"{PAGE}/pieces/{invoice.id}.pdf")
    assert answer.data.startswith(b"%PDF")
    name = f'attachment; filename="facture-{invoice.reference}.pdf"'
    assert answer.headers["Content-Disposition"] == name
    own = f"/mon-stand/{exhibitor.id}/facturation/{invoice.id}.pdf"
    own_client = sign_in(app, Role.EXHIBITOR, "a@exposant.example")
    assert own_client.get(own).data.startswith(b"%PDF")
    page = text_of(own_client, f"/mon-stand/{exhibitor.id}/facturation")
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    assert invoice.reference in page
    other_client = sign_in(app, Role.EXHIBITOR, "b@exposant.example")
    assert other_client.get(own).status_code == 404
    assert other_client.get(f"/mon-stand/{exhibitor.id}/facturation").status_code == 404
    assert other_client.get(f"{PAGE}/pieces/{invoice.id}.pdf").status_code == 403
    assert organiser.get(f"{PAGE}/pieces/999999.pdf").status_code == 404
    assert organiser.get(f"{PAGE}/pieces/{invoice.id}/chorus-pro.zip").status_code == 404


def test_the_bundle_of_a_public_buyer(organiser: PageClient, edition: Edition) -> None:
    invoice = make_invoice(make_town(edition), edition)
    answer = organiser.get(f"{PAGE}/pieces/{invoice.id}/chorus-pro.zip")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_prices_are_seen_changed_and_retired(organiser: PageClient, edition: Edition) -> None:
    page = "/organisation/reglages/prix"
    assert "Déjeuner" in text_of(organiser, page)
    fields = {
        "code": "tente",
        "unit": "option",
        "label": "Tente",
        "unit_price": "1 250,50",
        "vat_rate": "5,5",
        "power_kw": "0",
        "extra_badges": "0",
        "maximum": "3",
    }
    assert organiser.fill(f"{page}/nouveau", **fields).status_code == 302
    assert organiser.fill(f"{page}/nouveau", **fields).status_code == 409
    assert "5,5 %" in text_of(organiser, page)
    tent = next(price for price in prices_of(edition) if price.code == "tente")
    assert tent.unit_price == Decimal("1250.50")
    for wrong in (
        {"unit_price": "-1"},
        {"vat_rate": "101"},
        {"label": ""},
        {"maximum": "0"},
        {"unit_price": "1.000,50"},
    ):
        answer = organiser.fill(f"{page}/{tent.id}", **{**fields, **wrong})
        assert answer.status_code == 400, wrong
    assert organiser.fill(f"{page}/{tent.id}", **{**fields, "unit_price": "10"}).status_code == 302
    token = organiser.token(page)
    retiring = f"{page}/{tent.id}/retrait"
    requested_answer = organiser.post(retiring, data={"csrf_token": token})
    assert "Retirés" not in text_of(organiser, page)
    assert organiser.confirm(requested_answer).status_code == 302
    assert organiser.post(retiring, data={"csrf_token": token}).status_code == 409
    assert "Retirés" in text_of(organiser, page)
