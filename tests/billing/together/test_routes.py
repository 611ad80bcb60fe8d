"""The pages of documents issued together: batches, progress, what is held back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.billing.models import SalesKind
from salon.billing.queries.sales import sales_of
from salon.billing.routes import batches
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.sales import issue
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from salon.platform.words.formats import day
from tests.billing.readers import pdf_of, spaced
from tests.billing.readers import text_of as text_of_pdf
from tests.billing.sales import ORGANISER, make_buyer, make_shop, make_town
from tests.factories import sign_in
from tests.pages import PageClient

PLACE = "/organisation/facturation/ensemble"


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the form that issues documents."""
    form = re.search(r'<form[^>]*action="[^"]*/ensemble/[^"]*">(.*?)</form>', page, re.DOTALL)
    assert form, "no form that issues"
    return dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form[1]))


def issue_listed(client: PageClient, kind: str) -> TestResponse:
    """Press the button of the documents listed on the page; nothing is confirmed yet."""
    path = f"{PLACE}/{kind}"
    return client.post(path, data=fields_of(client.get(path).text))


def test_what_is_listed_is_named_and_confirmed_once(
    organiser: PageClient, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    assert "Aucun devis à établir" in organiser.get(f"{PLACE}/devis").text
    buyers = [make_buyer(edition) for _ in range(3)]
    assert "3\u00a0devis à établir" in organiser.get(f"{PLACE}/devis").text
    asked = issue_listed(organiser, "devis")
    names = re.findall(r"<li>(.+?)</li>", asked.text.split("confirm__names")[1].split("</ul>")[0])
    assert [name.replace("\u00a0", " ").replace("\u202f", " ") for name in names] == [
        f"{buyer.name}, 2 172,00 €, client : {buyer.name}, SIRET 443 061 841 00047"
        for buyer in buyers
    ]
    assert "6\u202f516,00\u00a0€" in asked.text
    assert [len(sales_of(buyer.id)) for buyer in buyers] == [0, 0, 0]
    make_buyer(edition)
    first = organiser.confirm(asked)
    assert "2 sur 3" in first.text
    assert "Continuer" in first.text
    page = organiser.post(f"{PLACE}/devis", data=fields_of(first.text)).text
    assert "3\u00a0devis établis" in page
    assert "Continuer" not in page
    assert [len(sales_of(buyer.id)) for buyer in buyers] == [1, 1, 1]
    assert "1\u00a0devis à établir" in organiser.get(f"{PLACE}/devis").text
    assert organiser.fill(f"{PLACE}/devis", listed="x").status_code == 400


def test_a_list_that_changed_is_read_again(organiser: PageClient, edition: Edition) -> None:
    first, second = make_buyer(edition), make_buyer(edition)
    listed = fields_of(organiser.get(f"{PLACE}/devis").text)["listed"]
    asked = issue_listed(organiser, "devis")
    issue(Act(ORGANISER), first.id, SalesKind.QUOTE)
    answer = organiser.fill(f"{PLACE}/devis", listed=listed)
    assert answer.status_code == 409
    assert "La liste vient de changer" in answer.text
    page = organiser.confirm(asked).text
    assert "rien n’a été établi pour lui" in page.replace("\u00a0", " ")
    assert "1\u00a0devis établi" in page
    assert [len(sales_of(buyer.id)) for buyer in (first, second)] == [1, 1]


def test_an_invoice_for_another_payer_is_not_named_as_ready(
    organiser: PageClient, edition: Edition
) -> None:
    kept, changed = make_buyer(edition, name="Clôtures"), make_buyer(edition, name="Jardins")
    for buyer in (kept, changed):
        issue(Act(ORGANISER), buyer.id, SalesKind.QUOTE)
        issue(Act(ORGANISER), buyer.id, SalesKind.ORDER)
    details = Billing("Holding", "1 rue Neuve", "34000", "Sète", siret="24340081900013")
    save_billing(Act(ORGANISER), changed.id, 0, details)
    asked = issue_listed(organiser, "factures")
    page = asked.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 pièce, 2 172,00 € TTC en tout" in page
    assert "Jardins : pas établie, « Qui paie » ne nomme plus le client de sa commande." in page
    assert "Holding" not in page
    assert "engage Jardins" in organiser.confirm(asked).text
    assert [sales_of(buyer.id)[0].kind for buyer in (kept, changed)] == [
        SalesKind.INVOICE,
        SalesKind.ORDER,
    ]


def test_public_buyers_wait_for_their_service(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    town = make_town(edition)
    issue(Act(ORGANISER), town.id, SalesKind.QUOTE)
    issue(Act(ORGANISER), town.id, SalesKind.ORDER)
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(f"{PLACE}/factures").text
    assert "attend son service fait" in page
    assert "Aucune facture à établir" in page
    done = "/organisation/facturation/service-fait"
    for done_on in ("9999-12-31", "2021-02-30", "", f"{edition.days[0].day_on}"):
        answer = organiser.fill(f"{PLACE}/factures", done, done_on=done_on)
        assert answer.status_code == 400, done_on
    assert sales_of(town.id)[0].service_done_on is None


def test_orders_agreed_on_paper_are_confirmed_together(
    organiser: PageClient, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    place, today = f"{PLACE}/commandes", local(now()).date()
    assert "Aucune commande à confirmer" in organiser.get(place).text
    *buyers, silent = [make_buyer(edition) for _ in range(4)]
    quotes = [issue(Act(ORGANISER), buyer.id, SalesKind.QUOTE) for buyer in (*buyers, silent)]
    chosen = [f"{buyer.id}-{quote.id}" for buyer, quote in zip(buyers, quotes, strict=False)]
    fields = {"chosen": chosen, "way": "paper", "received_on": today.isoformat()}
    assert '">4 devis sans réponse' in organiser.get("/organisation/facturation").text.replace(
        "\u00a0", " "
    )
    page = organiser.get(place).text
    assert all(f'value="{pair}"' in page for pair in chosen)
    for wrong, words in (
        ({"chosen": []}, "Cochez au moins une commande"),
        ({"way": ""}, "Choisissez comment"),
        ({"received_on": str(today + timedelta(days=1))}, "aujourd’hui au plus tard"),
        ({"received_on": str(today - timedelta(days=1))}, "Le devis est du"),
    ):
        refused = organiser.fill(place, **{**fields, **wrong})
        assert (refused.status_code, words in refused.text) == (400, True), words
    asked = organiser.fill(place, **fields)
    said = spaced(asked.text)
    assert f"Accord reçu sur papier le {spaced(day(today))}, confirmé par" in said
    assert all(f"{buyer.name}, 2 172,00 €" in said for buyer in buyers)
    assert silent.name not in said
    assert [len(sales_of(buyer.id)) for buyer in buyers] == [1, 1, 1]
    issue(Act(ORGANISER), buyers[0].id, SalesKind.QUOTE)
    first = organiser.confirm(asked)
    assert "rien n’a été établi pour lui" in spaced(first.text)
    assert "1 sur 3" in spaced(first.text)
    last = organiser.post(place, data=fields_of(first.text))
    assert "2 commandes confirmées" in spaced(last.text)
    kinds = [[sale.kind for sale in sales_of(buyer.id)][:1] for buyer in (*buyers, silent)]
    assert kinds == [["quote"], ["order"], ["order"], ["quote"]]
    order = sales_of(buyers[2].id)[0]
    assert order.remark.startswith("Accord reçu sur papier le ")
    assert spaced(order.remark) in text_of_pdf(pdf_of(order, edition))
    stale = organiser.fill(place, **fields)
    assert stale.status_code == 409
    assert "La liste vient de changer" in stale.text
