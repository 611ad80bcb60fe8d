"""The frame of the staff: the menu, the search and the guide of each page."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from salon.dashboard.engine.seasons import Season, season_of
from salon.dashboard.presenters.guides import CONTENTS, FOLDER, find_guide, guide_of
from salon.dashboard.presenters.page_words import PAGE_WORDS
from salon.dashboard.presenters.setting_cards import GROUPS
from salon.dashboard.presenters.staff_menu import BELOW, COORDINATOR_MENU, organiser_menu
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
CASES = Path(__file__).parent / "cases" / "searched_words.csv"


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
    everything = organiser_menu(Season.PREPARING, lambda endpoint: True)
    entries = [
        entry.endpoint
        for menu in (everything, COORDINATOR_MENU, BELOW)
        for group in menu
        for entry in group.entries
    ]
    assert set(entries) <= staff_endpoints(app)
    cards = {endpoint for _, group in GROUPS for endpoint, *_ in group}
    assert set(PAGE_WORDS) <= {*entries, *cards}, "each page that has words is found by them"


def test_the_menu_follows_the_season(app: Flask) -> None:
    """Each page has one place; what serves now is first, and open."""
    menus = {season: organiser_menu(season, lambda endpoint: True) for season in Season}
    pages = {
        season: sorted(entry.endpoint for group in menu for entry in group.entries)
        for season, menu in menus.items()
    }
    for season in Season:
        assert pages[season] == pages[Season.PREPARING]
        assert len(pages[season]) == len(set(pages[season]))
        assert len(menus[season]) <= 7
        is_open = [group.is_open for group in menus[season]]
        assert is_open == sorted(is_open, reverse=True), "what is open comes first"
        assert sum(len(group.entries) for group in menus[season] if group.is_open) <= 18
    assert menus[Season.PREPARING][1].title == "Exposants"
    assert menus[Season.WEEKS_BEFORE][1].title == "Visiteurs"
    assert menus[Season.DAY][1].title == "Le jour du salon"
    assert menus[Season.AFTER][1].title == "Après le salon"
    (village,) = (group for group in menus[Season.DAY] if group.title == "Village")
    assert len(village.entries) == 5
    few = organiser_menu(Season.DAY, lambda endpoint: endpoint.startswith("staffing."))
    assert [(group.title, group.is_open) for group in few] == [("Village", True)]


@pytest.mark.parametrize(
    ("hours", "state", "season"),
    [
        (-2_000, {}, Season.PREPARING),
        (-24 * 7 * 8 + 1, {}, Season.WEEKS_BEFORE),
        (-24 * 7 * 8 + 1, {"is_coming": False}, Season.PREPARING),
        (-34, {}, Season.WEEKS_BEFORE),
        (-32, {}, Season.DAY),
        (3, {}, Season.DAY),
        (3, {"is_over": True}, Season.AFTER),
        (-2_000, {"is_over": True}, Season.AFTER),
    ],
)
def test_the_seasons_of_a_fair_that_opens_at_nine(
    hours: int, state: dict[str, bool], season: Season
) -> None:
    opens_at = datetime(2021, 10, 1, 7, tzinfo=UTC)
    at = opens_at + timedelta(hours=hours)
    assert season_of(opens_at, **{"is_over": False, "is_coming": True, **state}, at=at) == season


def test_the_search_finds_pages_by_peoples_words(app: Flask, edition: Edition) -> None:
    """Each word of `cases/searched_words.csv` has its page among the first three answers."""
    organiser = sign_in(app, Role.ORGANISER)
    with CASES.open(encoding="utf-8", newline="") as file:
        cases = [(row["mot"], row["page"]) for row in csv.DictReader(file, delimiter=";")]
    assert len(cases) >= 60
    faults = {
        word: (page, titles)
        for word, page in cases
        if page not in (titles := [title for _, title in answers_to(organiser, word)][:3])
    }
    assert not faults


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
