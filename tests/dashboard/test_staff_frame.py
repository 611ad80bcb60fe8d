"""The frame of the staff: the menu, the search and the guide of each page."""

import re

import pytest
from flask import Flask

from salon.dashboard.presenters.guides import CONTENTS, FOLDER, find_guide, guide_of
from salon.dashboard.presenters.staff_menu import COORDINATOR_MENU, ORGANISER_MENU
from salon.fair.models import Edition
from salon.platform.database.identity import Domain, Role
from salon.platform.web.access import allowed_of
from tests.accounts.test_rights import colleague
from tests.dashboard.people import a_person, marc, register
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village

SEARCH = "/organisation/recherche"


def answers_to(client: PageClient, text: str) -> list[tuple[str, str]]:
    """Part and title of each answer of the field."""
    answers = client.get(f"{SEARCH}.json", query_string={"q": text}).get_json()
    return [(answer["part"], answer["title"]) for answer in answers]


def staff_endpoints(app: Flask) -> set[str]:
    """Return the pages that organisers or agents open."""
    roles = {Role.ORGANISER, Role.AGENT}
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not isinstance(allowed := allowed_of(app, rule.endpoint), str)
        and roles & set(allowed or ())
    }


def test_each_page_of_the_staff_has_its_guide(app: Flask) -> None:
    without = {
        endpoint for endpoint in staff_endpoints(app) if find_guide(guide_of(endpoint)) is None
    }
    assert not without
    contents = {
        endpoint
        for endpoint in staff_endpoints(app)
        if CONTENTS in (guide_of(endpoint), guide_of(endpoint, is_agent=True))
    }
    assert contents == set()


def test_a_guide_is_read_inside_the_product(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    addresses = {f"/aide/{path.stem}" for path in FOLDER.glob("*.md") if path.stem != CONTENTS}
    for path in ("/aide/", *sorted(addresses)):
        answer = organiser.get(path)
        assert answer.status_code == 200, path
        article = answer.text[answer.text.index("<article") : answer.text.index("</article")]
        assert "&lt;img" not in article, path
        assert ".md" not in re.sub(r">[^<]*<", "><", article), path
        links = re.findall(r'<a href="(?!https?:)([a-z][^"#]*)', article)
        assert {f"/aide/{link}" for link in links} <= addresses, path
        for picture in re.findall(r'src="([^"]+)"', article):
            with organiser.get(f"/aide/{picture}") as image:
                assert image.mimetype == "image/png"
    assert organiser.get("/aide/inconnu").status_code == 404
    assert organiser.get("/aide/..%2Fproduction").status_code == 404


def test_the_page_leads_to_its_guide(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert 'href="/aide/reglages"' in organiser.get("/organisation/reglages").text
    assert 'href="/aide/comptes"' in organiser.get("/organisation/comptes").text


def test_the_menu_names_pages_that_exist(app: Flask) -> None:
    entries = [
        entry.endpoint
        for menu in (ORGANISER_MENU, COORDINATOR_MENU)
        for group in menu
        for entry in group.entries
    ]
    assert set(entries) <= staff_endpoints(app)


@pytest.mark.on_both
def test_the_search_finds_rows_pages_and_settings(app: Flask, edition: Edition) -> None:
    register(a_person(), marc())
    make_terms(edition)
    hall = make_hall(edition, name="Z")
    stand = make_stand(hall, number="77")
    exhibitor = make_exhibitor(edition, name="Éclairage du Midi", stand=stand)
    make_agent(make_village(edition), name="Zoé Pélissier")
    organiser = sign_in(app, Role.ORGANISER)
    assert ("Inscrits", "Jéhanne Fabrègues-Vézian") in answers_to(organiser, "fabregues")
    assert ("Exposants", exhibitor.name) in answers_to(organiser, "ECLAIRAGE")
    assert ("Agents", "Zoé Pélissier") in answers_to(organiser, "pelissier")
    assert ("Stands", "Stand 77") in answers_to(organiser, "77")
    assert ("Pages", "Journal") in answers_to(organiser, "journal")
    assert ("Pages", "Mentions légales") in answers_to(organiser, "legales")
    assert ("Pages au nom proche", "Journal") in answers_to(organiser, "jurnal")
    assert answers_to(organiser, "") == []
    assert answers_to(organiser, "\x00%_") == []


def test_the_page_of_answers_works_without_script(app: Flask, edition: Edition) -> None:
    register(a_person())
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(SEARCH, query_string={"q": "fabregues"}).text
    assert re.search(r'href="/organisation/participants/\d+">Jéhanne Fabrègues-Vézian', page)
    nothing = organiser.get(SEARCH, query_string={"q": "qqqq"}).text
    assert "Rien pour" in nothing
    assert "qqqq" in nothing


def test_the_search_shows_what_one_may_open(app: Flask, edition: Edition) -> None:
    register(a_person())
    make_agent(make_village(edition), name="Ève Fabrègues")
    village = colleague(app, edition, Domain.VILLAGE)
    parts = {part for part, _ in answers_to(village, "fabregues")}
    assert parts == {"Agents"}
    assert ("Pages", "Journal") not in answers_to(village, "journal")
    agent = sign_in(app, Role.AGENT)
    assert answers_to(agent, "fabregues") == []
    assert ("Pages", "Mon planning") in answers_to(agent, "mon planning")
    assert sign_in(app, Role.EXHIBITOR).get(SEARCH).status_code == 403
