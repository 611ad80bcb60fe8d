"""The pages of negotiated prices, for organisers, and what the exhibitor reads of them."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from salon.billing.models import SalesKind
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.sales import issue
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.charges import granted_to
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.words.formats import euros
from tests.billing.negotiation.make import REASON, add_sign, grant
from tests.billing.pages import money_of, text_of
from tests.billing.sales import EXHIBITOR, ORGANISER, make_buyer, make_invoice, make_shop
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.pages import PageClient


def prices_page(exhibitor: Exhibitor) -> str:
    return f"{money_of(exhibitor)}/prix"


def send(client: PageClient, page: str, **fields: Any) -> TestResponse:
    """Open a form, fill it and send it with the stamp of its page."""
    match = re.search(r'name="stamp"[^>]*value="(\w+)"', client.get(page).text)
    assert match, page
    return client.fill(page, **{"stamp": match[1], "reason": REASON, **fields})


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def words_of(answer: TestResponse) -> str:
    return plain(answer.text)


def test_a_price_is_negotiated_shown_and_withdrawn(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    page = prices_page(exhibitor)
    form = f"{page}/negociation"
    assert page in organiser.get(money_of(exhibitor)).text
    assert "180,00 €" in text_of(organiser, page)
    for wrong, message in (
        ({"code": "angle", "way": "percent", "value": ""}, "Indiquez le pourcentage, ou le prix"),
        ({"code": "angle", "way": "percent", "value": "101"}, "100 % au plus"),
        ({"code": "angle", "way": "percent", "value": "0"}, "rien n’a été accordé"),
        ({"code": "angle", "way": "amount", "value": "180"}, "Rien n’en serait moins cher"),
        ({"code": "angle", "way": "amount", "value": "neuf"}, "Écrivez le montant en chiffres"),
        ({"code": "", "way": "amount", "value": "9"}, "Un prix se donne ligne par ligne"),
        ({"code": "angle", "way": "free", "value": "", "reason": ""}, "Écrivez le motif"),
        ({"code": "rien", "way": "free", "value": ""}, ""),
    ):
        answer = send(organiser, form, **wrong)
        assert answer.status_code == 400, wrong
        assert message in words_of(answer)
    assert not granted_to(exhibitor.id)
    answer = send(organiser, form, code="angle", way="percent", value="25")
    assert (answer.status_code, answer.location) == (302, page)
    shown = text_of(organiser, page)
    assert re.search(r"<del.*180,00 €</del> <ins.*135,00 €</ins>", shown)
    assert f"{REASON}" in shown
    assert "Angle, au lieu de 180,00 €" in text_of(organiser, money_of(exhibitor))
    withdrawal = f"{page}/{granted_to(exhibitor.id)[0].id}/retrait"
    asked = organiser.fill(page, withdrawal)
    assert "135,00 € n’est plus accordé" in words_of(asked)
    assert organiser.confirm(asked).status_code == 302
    assert organiser.confirm(asked).status_code == 409
    shown = text_of(organiser, page)
    assert "Retirés ou remplacés" in shown
    assert "<del" not in shown


def test_a_free_line_is_added_even_where_the_list_asks_nothing(
    organiser: PageClient, edition: Edition
) -> None:
    wishes = {"area": 0, "wants_corner": False, "wants_water": False, "power_kw": 0}
    pavilion = make_exhibitor(edition, **wishes)
    page = prices_page(pavilion)
    assert "Aucune ligne" in text_of(organiser, page)
    assert page in organiser.get(money_of(pavilion)).text
    form = f"{page}/ligne"
    fields = {"label": "Enseigne", "quantity": "2", "unit_price": "45,50", "vat_rate": "20"}
    for wrong in (
        {"label": ""},
        {"quantity": "0"},
        {"quantity": "1,5"},
        {"unit_price": "-1"},
        {"vat_rate": "101"},
    ):
        assert send(organiser, form, **{**fields, **wrong}).status_code == 400, wrong
    assert send(organiser, form, **fields).status_code == 302
    assert "91,00 € HT" in text_of(organiser, page)


def test_a_stale_page_is_told_and_sent_again(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    form = f"{prices_page(exhibitor)}/negociation"
    match = re.search(r'name="stamp"[^>]*value="(\w+)"', organiser.get(form).text)
    assert match
    grant(exhibitor, "angle", "90.00")
    fields = {"code": "angle", "way": "free", "value": "", "reason": REASON}
    answer = organiser.fill(form, stamp=match[1], **fields)
    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient de modifier" in words_of(answer)
    assert "90,00 € accordés" in words_of(answer), "what is granted today"
    renewed = re.search(r'name="stamp"[^>]*value="(\w+)"', answer.text)
    assert renewed
    assert organiser.fill(form, stamp=renewed[1], **fields).status_code == 302
    assert [str(row.unit_price) for row in granted_to(exhibitor.id)] == ["90.00", "0.00"]


def test_the_page_says_what_a_quote_an_order_and_an_invoice_keep(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    pages = prices_page(exhibitor), money_of(exhibitor)
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    for page in pages:
        assert "Le devis est à établir de nouveau" not in text_of(organiser, page)
    grant(exhibitor, "angle", "90.00")
    for page in pages:
        assert f"Le devis {quote.reference} ne change pas" in text_of(organiser, page)
    order = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    for page in pages:
        assert f"La commande {order.reference} reste telle" in text_of(organiser, page)
    invoice = issue(Act(ORGANISER), exhibitor.id, SalesKind.INVOICE)
    shown = text_of(organiser, pages[0])
    assert f"La facture {invoice.reference} garde ses prix" in shown
    assert "Retirer" not in shown
    answer = send(organiser, f"{pages[0]}/negociation", code="eau", way="free", value="")
    assert (answer.status_code, "Une facture court" in answer.text) == (409, True)


def test_the_exhibitor_reads_the_price_and_not_the_reason(
    organiser: PageClient, app: Flask, edition: Edition
) -> None:
    exhibitor = make_buyer(edition, email="contact@exposant.example")
    grant(exhibitor, "angle", "90.00")
    add_sign(exhibitor)
    private = app.test_client().get(f"/exposants/inscription/{exhibitor.private_token}")
    assert "Angle, au lieu de 180,00 €" in words_of(private)
    total = "2 173,20 €"
    assert total in words_of(private)
    assert REASON not in private.text
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    own = text_of(
        sign_in(app, Role.EXHIBITOR, "contact@exposant.example"),
        f"/mon-stand/{exhibitor.id}/facturation",
    )
    assert total in own
    assert REASON not in own


def test_the_private_link_prices_the_stand_as_its_quote_does(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    stand = make_stand(make_hall(edition), x=10, y=10, category="premium")
    exhibitor = make_buyer(edition, stand=stand, wants_corner=False)
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    shown = words_of(app.test_client().get(f"/exposants/inscription/{exhibitor.private_token}"))
    assert "Stand équipé, allée d’entrée, le m²" in shown
    assert plain(euros(quote.gross)) in shown


def test_another_exhibitor_s_grant_is_not_withdrawn(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor, other_exhibitor = make_buyer(edition), make_buyer(edition)
    grant_id = grant(exhibitor, "angle", "90.00")
    page = prices_page(other_exhibitor)
    assert organiser.fill(page, f"{page}/{grant_id}/retrait").status_code == 404
    make_invoice(exhibitor, edition)
    own = prices_page(exhibitor)
    refused = organiser.fill(f"{own}/negociation", f"{own}/{grant_id}/retrait")
    assert (refused.status_code, "Une facture court" in refused.text) == (409, True)


def make_spanish_buyer(edition: Edition) -> Exhibitor:
    exhibitor = make_buyer(edition)
    payer = Billing("Feria SA", "Calle 1", "28001", "Madrid", "ES", vat_number="ESA28015865")
    save_billing(Act(EXHIBITOR), exhibitor.id, 0, payer)
    return exhibitor


def test_a_free_line_is_taxed_by_its_kind(organiser: PageClient, edition: Edition) -> None:
    """A dinner is taxed where it is eaten, a sign where the company is."""
    exhibitor = make_spanish_buyer(edition)
    for label, supply in (("Dîner de gala", "catering"), ("Enseigne", "stand")):
        fields = {"label": label, "quantity": "2", "unit_price": "50", "vat_rate": "10"}
        page = f"{prices_page(exhibitor)}/ligne"
        assert send(organiser, page, supply=supply, **fields).status_code == 302
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    rates = {line.label: line.vat_rate for line in quote.lines}
    assert (rates["Dîner de gala"], rates["Enseigne"]) == (10, 0)
    assert quote.vat == 10


def test_both_pages_and_the_quote_say_one_price_abroad(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_spanish_buyer(edition)
    grant(exhibitor, "angle", "90.00")
    negotiated = text_of(organiser, prices_page(exhibitor))
    asked = organiser.post(
        f"{money_of(exhibitor)}/devis",
        data={"seen": "0", "csrf_token": organiser.token(money_of(exhibitor))},
    )
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    assert quote.vat == 0
    price = plain(euros(quote.gross))
    assert f'<strong class="amount">{price}</strong> TTC' in negotiated
    assert "TVA 20" not in negotiated
    assert f"Montant : {price} TTC." in plain(asked.text)
