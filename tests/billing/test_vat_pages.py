"""What organisers and exhibitors read and type of VAT, and of prices."""

import re

import pytest

from salon.billing.queries.sales import find_billing, prices_of
from salon.exhibitors.models import ApplicationStatus, PriceUnit, Supply
from salon.exhibitors.queries.applications import price_list
from salon.exhibitors.queries.charges import lines_for
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from tests.billing.pages import money_of, text_of
from tests.billing.sales import make_buyer
from tests.exhibitors.review.test_terms import SETTINGS, terms_typed
from tests.pages import PageClient

PRICES = "/organisation/reglages/prix"
SPAIN = {
    "version": "0",
    "name": "Luces de Barcelona",
    "address": "1 rambla",
    "postal_code": "08001",
    "city": "Barcelone",
    "country": "ES",
    "vat_number": "ES B58378431",
}


def test_the_regime_of_the_seller_is_chosen_beside_its_number(
    organiser: PageClient, edition: Edition
) -> None:
    typed = terms_typed(organiser, edition, seller_vat_number="", seller_vat_regime="liable")
    refused = organiser.post(SETTINGS, data=typed)
    assert refused.status_code == 400
    assert "Un émetteur redevable de la TVA a un numéro." in refused.get_data(as_text=True)
    assert organiser.post(SETTINGS, data={**typed, "seller_vat_regime": "x"}).status_code == 400
    chosen = organiser.post(SETTINGS, data={**typed, "seller_vat_regime": "exempt"})
    assert chosen.status_code == 302
    current_session().expire_all()
    assert terms_of(edition).seller["vat_regime"] == "exempt"
    assert 'value="exempt" selected' in organiser.get(SETTINGS).get_data(as_text=True).replace(
        'selected value="exempt"', 'value="exempt" selected'
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, ""),
        ({"country": "PT"}, "n’est pas du pays choisi (Portugal)"),
        ({"vat_number": "ESB58378432"}, "n’est pas complet"),
        ({"country": "CH", "vat_number": "CHE-107.787.577"}, ""),
        ({"country": "MC", "vat_number": "CHE-107.787.577"}, "n’est pas complet"),
        ({"vat_number": ""}, ""),
    ],
)
def test_a_number_is_of_the_country_of_who_pays(
    organiser: PageClient, edition: Edition, typed: dict[str, str], sentence: str
) -> None:
    exhibitor = make_buyer(edition)
    answer = organiser.fill(f"{money_of(exhibitor)}/coordonnees", **{**SPAIN, **typed})
    assert answer.status_code == (400 if sentence else 302)
    assert sentence in answer.get_data(as_text=True)
    assert (find_billing(exhibitor.id) is None) == bool(sentence)


def test_the_preview_has_the_rates_of_the_quote_or_says_why_there_is_none(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_buyer(edition)
    assert "TVA 20 % sur" in text_of(organiser, money_of(exhibitor))
    organiser.fill(f"{money_of(exhibitor)}/coordonnees", **SPAIN)
    page = text_of(organiser, money_of(exhibitor))
    assert "Autoliquidation" in page
    assert "TVA 0 % sur" in page
    assert "TVA 20 %" not in page
    assert "Espagne" in page
    other = make_buyer(edition, country="ES", vat_number="ESX", siret="")
    assert "n’est pas de son pays (Espagne)" in text_of(organiser, money_of(other))


def test_an_applicant_reads_the_price_that_the_quote_will_have(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    application = make_buyer(
        edition, status=ApplicationStatus.SUBMITTED, country="CH", foreign_number="CHE-107.787.577"
    )
    page = text_of(client, f"/exposants/inscription/{application.private_token}")
    total = page.split("Prix estimé")[-1]
    assert total.count("1 810,00 €") == 2
    assert "0,00 €" in total


def test_the_kind_of_a_price_is_chosen_and_shown(organiser: PageClient, edition: Edition) -> None:
    meal = next(price for price in prices_of(edition) if price.code == "repas")
    path = f"/organisation/reglages/prix/{meal.id}"
    to_check = text_of(organiser, "/organisation/reglages/prix").partition("à vérifier")[2]
    assert f'<a href="{path}">{meal.label}</a>.' in to_check, "it counts as a stand until then"
    assert "1 nature à vérifier" in text_of(organiser, "/organisation/reglages")
    assert organiser.fill(path, supply="catering").status_code == 302
    current_session().expire_all()
    assert meal.supply == Supply.CATERING
    page = text_of(organiser, "/organisation/reglages/prix")
    assert "repas servi sur place" in page
    assert "à vérifier" not in page


def rate_proposed(organiser: PageClient) -> str:
    (field,) = re.findall(
        r'<input[^>]*name="vat_rate"[^>]*>', organiser.get(f"{PRICES}/nouveau").text
    )
    (rate,) = re.findall(r'value="([^"]*)"', field)
    return rate


def test_the_rate_of_a_new_price_follows_the_issuer(
    organiser: PageClient, edition: Edition
) -> None:
    assert rate_proposed(organiser) == "20"
    seller = {**terms_of(edition).seller, "vat_number": ""}
    for regime, rate in (("franchise", "0"), ("", "")):
        with transaction():
            terms_of(edition).seller = {**seller, "vat_regime": regime}
        assert rate_proposed(organiser) == rate, regime


def test_a_flat_price_is_that_of_a_stand_and_no_option(
    organiser: PageClient, edition: Edition
) -> None:
    typed = {"code": "STAND9", "label": "Stand de 9 m²", "unit": "flat", "unit_price": "900"}
    typed |= {"supply": "stand", "power_kw": "0", "extra_badges": "0", "vat_rate": "20"}
    added = organiser.fill(f"{PRICES}/nouveau", **typed, maximum="9", price_category="")
    assert added.status_code == 302
    assert "Forfait par stand, jusqu’à 9 m², stand équipé" in text_of(organiser, PRICES)
    price = next(price for price in prices_of(edition) if price.code == "STAND9")
    assert price not in price_list(edition.id, PriceUnit.OPTION)
    assert lines_for(make_buyer(edition))[0].code == "STAND9"
    typed |= {"maximum": "12", "price_category": "premium"}
    assert organiser.fill(f"{PRICES}/{price.id}", **typed).status_code == 302
    current_session().expire_all()
    assert (price.is_flat, price.price_category, price.maximum) == (True, "premium", 12)


def test_the_table_is_a_page(organiser: PageClient, edition: Edition) -> None:
    page = text_of(organiser, "/organisation/reglages/tva")
    for words in (
        "VATEX-EU-AE",
        "art. 293 B du CGI",
        "Guyane ou Mayotte",
        "loué sans aucun service",
    ):
        assert words in page
