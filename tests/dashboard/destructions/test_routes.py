"""The page that shows what goes, and the one button that allows it."""

from datetime import date

from flask import Flask

from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.services import destructions
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.dashboard.destructions.test_services import past_edition_with_people
from tests.factories import make_edition, sign_in


def test_the_organiser_reads_what_goes_and_allows_it(app: Flask, edition: Edition) -> None:
    past = past_edition_with_people()
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get("/organisation/destructions").text
    assert "Les destructions sont suspendues" in page
    assert "Inscriptions" in page
    assert "À partir du samedi 1er\u00a0octobre 2022, terme échu" in page
    assert f'action="/organisation/destructions/{past.id}"' in page
    organiser.fill("/organisation/destructions", to=f"/organisation/destructions/{past.id}")
    page = organiser.get("/organisation/destructions").text
    assert "Les destructions de cette édition sont autorisées" in page
    assert f'action="/organisation/destructions/{past.id}"' not in page
    assert destructions.visas().keys() == {past.id}
    journal = organiser.get("/organisation/journal").text
    assert "Destructions d’une édition autorisées" in journal


def test_an_edition_to_come_cannot_be_allowed(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Aucune édition n’est terminée" in organiser.get("/organisation/destructions").text
    token = {"csrf_token": organiser.token("/organisation/mot-de-passe")}
    for number, status in ((edition.id, 409), (999_999, 404)):
        path = f"/organisation/destructions/{number}"
        assert organiser.post(path, data=token).status_code == status
    assert destructions.visas() == {}


def test_an_edition_without_people_says_so(app: Flask, edition: Edition) -> None:
    make_edition(day=date(2021, 10, 1), is_current=False)
    page = sign_in(app, Role.ORGANISER).get("/organisation/destructions").text
    assert "Il ne reste rien à détruire de cette édition." in page


def test_whatever_follows_the_fair_has_a_french_name() -> None:
    following = {name for name, data in PERSONAL_DATA.items() if data.follows_fair}
    titled = {name for name, data in PERSONAL_DATA.items() if data.title}
    assert following - {"consents"} == titled
