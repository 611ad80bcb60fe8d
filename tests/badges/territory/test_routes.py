import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.badges import queries, services
from salon.badges.engine.matching import Affiliation
from salon.badges.rules import DepartmentInUse
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from tests.badges.people import make_person, register
from tests.exhibitors.make import make_terms
from tests.factories import make_edition, sign_in
from tests.pages import PageClient

PAGE = "/organisation/reglages/territoire"


def save(client: PageClient, **fields: str) -> TestResponse:
    """Send the page as read, with these fields typed."""
    stamp = re.search(r'name="stamp"[^>]*value="([^"]+)"', client.get(PAGE).text)
    assert stamp
    typed = {"department": "34", "village_name": "le village", "stamp": stamp[1], **fields}
    return client.fill(PAGE, **typed)


def test_the_organiser_chooses_a_departement(app: Flask) -> None:
    edition = make_edition(department="", village_name="le village")
    opens_at = edition.registration_opens_at
    client = sign_in(app, Role.ORGANISER)
    answer = save(client, department="974", village_name="l’espace des partenaires")
    assert answer.status_code == 302
    current_session().expire_all()
    assert (edition.department, edition.time_zone) == ("974", "Indian/Reunion")
    assert [day.utc_offset for day in edition.days] == [240]
    assert edition.village_title == "L’espace des partenaires"
    assert queries.loaded_departments() == {"974": 24}
    reunion = edition.registration_opens_at.astimezone(ZoneInfo("Indian/Reunion"))
    paris = opens_at.astimezone(ZoneInfo("Europe/Paris"))
    assert reunion.replace(tzinfo=None) == paris.replace(tzinfo=None)
    page = client.get(PAGE).text
    assert "La Réunion (974)" in page
    assert "département du salon" in page
    assert "L’espace des partenaires" in client.get("/village").text


def test_a_page_read_too_long_ago_changes_nothing(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    answer = save(client, village_name="l’agora", stamp="0" * 16)
    assert answer.status_code == 409
    assert "Quelqu’un d’autre" in answer.text
    current_session().expire_all()
    assert edition.village_name == "le village Hérault"


def test_what_was_typed_is_checked(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    for wrong in (
        {"department": ""},
        {"department": "20"},
        {"village_name": ""},
        {"time_zone": "Mars/Phobos"},
    ):
        assert save(client, **wrong).status_code == 400, wrong
    current_session().expire_all()
    assert (edition.department, edition.time_zone) == ("34", "Europe/Paris")


def test_the_hour_of_the_fair_no_longer_changes_once_hours_are_set(
    app: Flask, edition: Edition
) -> None:
    make_terms(edition)
    client = sign_in(app, Role.ORGANISER)
    answer = save(client, time_zone="Indian/Mayotte")
    assert answer.status_code == 409
    assert "l’heure du salon ne change plus" in answer.text
    assert save(client, village_name="l’agora").status_code == 302


def test_neighbours_are_added_and_removed(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert client.fill(PAGE, f"{PAGE}/voisins", neighbour="48").status_code == 302
    assert queries.loaded_departments() == {"34": 5, "48": 152}
    client.fill(PAGE, f"{PAGE}/voisins/48/retirer")
    assert queries.loaded_departments() == {"34": 5}
    for code in ("34", "20"):
        assert client.fill(PAGE, f"{PAGE}/voisins/{code}/retirer").status_code == 404


def test_a_departement_that_somebody_represents_stays(edition: Edition) -> None:
    services.load_department(Act(SYSTEM), "48")
    register(make_person(place=Affiliation("Mende", commune_code="48095")))
    with pytest.raises(DepartmentInUse):
        services.remove_department(Act(SYSTEM), "48")
    assert queries.loaded_departments() == {"34": 5, "48": 152}


def test_communes_of_one_name_are_told_apart(app: Flask) -> None:
    services.load_department(Act(SYSTEM), "11")
    services.load_department(Act(SYSTEM), "46")
    namesakes = queries.find_place("Saint-Hilaire")
    names = {place.name for place in namesakes} if isinstance(namesakes, list) else set()
    assert "Saint-Hilaire (11)" in names
    chosen = queries.find_place("Saint-Hilaire (11)")
    assert isinstance(chosen, Affiliation)
    assert chosen.commune_code == "11344"


def test_an_epci_is_found_by_its_short_name(app: Flask) -> None:
    services.load_department(Act(SYSTEM), "974")
    for text in ("TCO", "tco", "Territoire de la Côte Ouest", "CA du Territoire de la Côte Ouest"):
        place = queries.find_place(text)
        assert isinstance(place, Affiliation), text
        assert place.epci_siren == "249740101", text
    commune = queries.find_place("Etang-Salé")
    assert isinstance(commune, Affiliation)
    assert commune.name == "L'Étang-Salé"
