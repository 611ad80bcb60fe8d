"""The pages of a sale that ends, for organisers and for the exhibitor who withdrew."""

import re
from decimal import Decimal

from flask import Flask
from sqlalchemy import update

from salon.billing.models import SalesKind
from salon.billing.queries.sales import is_closed, sales_of
from salon.billing.services.closing import close_sale
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import Exhibitor, ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from tests.billing.closing.test_services import cancel, order_of, withdraw
from tests.billing.pages import PAGE, issue_by, money_of, text_of
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import sign_in
from tests.pages import PageClient

EMAIL = "contact@desiste.example"


def own_page(exhibitor: Exhibitor) -> str:
    return f"/mon-stand/{exhibitor.id}/facturation"


def test_the_organiser_invoices_what_who_withdrew_owes(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    order_of(exhibitor)
    page = f"{money_of(exhibitor)}/somme-due"
    early = {"seen": str(sales_of(exhibitor.id)[0].id), "share": "30", "label": "Frais"}
    assert "participe au salon" in organiser.fill(page, **early).text
    withdraw(exhibitor)
    shown = text_of(organiser, money_of(exhibitor))
    assert "Facturer ce qui reste dû, ou clore la vente" in shown
    assert exhibitor.name in text_of(organiser, f"{PAGE}?step=to_settle")
    for share in ("", "101", "0", "trente"):
        assert organiser.fill(page, **{**early, "share": share}).status_code == 400, share
    assert re.search(r"Désistement du .+, 21 jours avant le salon", text_of(organiser, page))
    asked = organiser.fill(page, **early)
    assert "651,60 €" in asked.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert len(sales_of(exhibitor.id)) == 2, "asked first"
    assert organiser.confirm(asked).status_code == 302
    assert organiser.confirm(asked).status_code == 409
    assert [sale.kind for sale in sales_of(exhibitor.id)] == [
        SalesKind.INVOICE,
        SalesKind.ORDER,
        SalesKind.QUOTE,
    ]
    assert "651,60 €" in text_of(organiser, money_of(exhibitor))


def test_the_organiser_closes_and_reopens_a_sale(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    reopening = f"{money_of(exhibitor)}/reouverture"
    closing = f"{money_of(exhibitor)}/cloture"
    assert organiser.fill(closing, reason="Rien").status_code == 409
    order_of(exhibitor)
    assert organiser.fill(money_of(exhibitor), reopening).status_code == 409
    assert organiser.fill(closing, reason="").status_code == 400
    assert organiser.fill(closing, reason="Accord amiable").status_code == 302
    assert "La vente est close" in text_of(organiser, money_of(exhibitor))
    answer = issue_by(organiser, exhibitor, "facture")
    assert answer.status_code == 409
    assert "Rouvrez-la d’abord" in answer.text
    assert organiser.confirm(organiser.fill(money_of(exhibitor), reopening)).status_code == 302
    assert not is_closed(exhibitor.id)
    assert issue_by(organiser, exhibitor, "facture").status_code == 302


def test_a_replaced_invoice_names_the_one_it_replaces(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    invoice = make_invoice(exhibitor, edition)
    note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Erreur de nom")
    shown = text_of(organiser, money_of(exhibitor))
    assert "Remplacer la facture, ou clore la vente" in shown
    assert "Aucune facture à établir" in organiser.get(f"{PAGE}/ensemble/factures").text
    fields = {"seen": str(note.id), "csrf_token": organiser.token(money_of(exhibitor))}
    asked = organiser.post(f"{money_of(exhibitor)}/facture", data=fields)
    assert f"La facture {invoice.reference} est annulée" in asked.text


def test_a_cancelled_fair_offers_no_invoice(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    order_of(exhibitor)
    listed = f"{exhibitor.id}-{sales_of(exhibitor.id)[0].id}"
    cancel(edition)
    assert "commande à clore ou à facturer en partie" in text_of(organiser, PAGE)
    assert "Établir la facture" not in text_of(organiser, money_of(exhibitor))
    assert issue_by(organiser, exhibitor, "facture").status_code == 409
    together = f"{PAGE}/ensemble/factures"
    fields = {"csrf_token": organiser.token(money_of(exhibitor)), "listed": listed}
    assert organiser.post(together, data=fields).status_code == 409
    assert organiser.post(together, data={**fields, "confirmed": "yes"}).status_code == 200
    assert len(sales_of(exhibitor.id)) == 2


def test_a_cancelled_fair_lists_what_each_note_will_take_back(
    organiser: PageClient, edition: Edition
) -> None:
    invoice = make_invoice(make_buyer(edition), edition)
    issue_credit_note(Act(ORGANISER), invoice.id, [1], "Surface réduite")
    cancel(edition)
    one_by_one = text_of(organiser, f"{PAGE}/ensemble/avoirs").partition("Un par un")[2]
    assert "876,00 €" in one_by_one
    assert "2 172,00 €" not in one_by_one


def test_who_withdrew_still_reads_what_they_owe(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition, email=EMAIL)
    buyer = sign_in(app, Role.EXHIBITOR, EMAIL)
    unsold = make_buyer(edition, email=EMAIL)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    invoice = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    withdraw(exhibitor)
    withdraw(unsold)
    page = text_of(buyer, own_page(exhibitor))
    assert invoice.reference in page
    assert "2 172,00 €" in page
    assert buyer.get(f"{own_page(exhibitor)}/{invoice.id}.pdf").status_code == 200
    assert own_page(exhibitor) in buyer.get("/mon-stand").text
    assert buyer.get(own_page(unsold)).status_code == 404
    assert buyer.get(f"/mon-stand/{exhibitor.id}").status_code == 404
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Désistement")
    assert "L’organisation vous dit ce qui est dû" in text_of(buyer, own_page(exhibitor))
    close_sale(Act(ORGANISER), exhibitor.id, "Désistement accepté")
    assert "Plus rien n’est à régler" in text_of(buyer, own_page(exhibitor))
    assert (
        sign_in(app, Role.EXHIBITOR, "autre@exposant.example").get(own_page(exhibitor)).status_code
        == 404
    )


def test_the_part_still_owed_is_asked_without_the_deposit_already_invoiced(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=30))
    order_of(exhibitor)
    deposit = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE, as_deposit=True)
    withdraw(exhibitor)
    fields = {"seen": str(deposit.id), "share": "50", "label": "Frais"}
    asked = organiser.fill(f"{money_of(exhibitor)}/somme-due", **fields)
    assert "434,40 € TTC en tout" in asked.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert f"Acompte déduit, facture {deposit.reference}" in asked.text
    organiser.confirm(asked)
    assert sales_of(exhibitor.id)[0].gross == Decimal("434.40")


def test_each_invoice_that_waits_for_money_is_named_with_its_amount(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(deposit_percent=30))
    order_of(exhibitor)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE, as_deposit=True)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    page = text_of(organiser, money_of(exhibitor)).replace("&nbsp;", " ")
    for invoice, amount in zip(sales_of(exhibitor.id), ("1 520,40 €", "651,60 €"), strict=False):
        assert f"{invoice.label} {invoice.reference} : {amount}, échéance le" in page
