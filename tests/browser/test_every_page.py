"""Every page: axe finds nothing, nothing scrolls sideways at 320 px, at 200 % zoom neither."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LiveServer, axe, enter, scrolls_sideways

PUBLIC = (
    "/",
    "/village",
    "/programme",
    "/plan",
    "/infos-pratiques",
    "/mentions-legales",
    "/confidentialite",
    "/accessibilite",
    "/inscription",
    "/inscription/commune",
    "/inscription/merci",
    "/connexion",
    "/connexion/organisation",
    "/scanner",
    "/demonstration",
    "/demonstration/courriels",
    "/page-inconnue",
)
ORGANISER = (
    "/organisation",
    "/organisation/entrees",
    "/organisation/participants",
    "/organisation/badges",
    "/organisation/courriels",
    "/organisation/journal",
    "/organisation/stations",
    "/organisation/comptes",
    "/organisation/mot-de-passe",
    "/accueil",
)


def inspect(page: Page, path: str) -> None:
    page.goto(path)
    for width in (320, 640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page), f"{path} at {width} px"
    assert axe(page) == [], path
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == [], path


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(page: Page, path: str) -> None:
    inspect(page, path)


def kind_of(path: str) -> str:
    """What pages of the same kind have in common: the address without numbers and tokens."""
    bare = re.sub(r"\?.*", "", path)
    bare = re.sub(r"/\d+", "/N", bare)
    bare = re.sub(r"(/badge/|/[Bb]/|/dossier/)[^/]+", r"\1TOKEN", bare)
    return re.sub(r"(?<=/village/)[^/]+", "THEME", bare)


def links_of(page: Page) -> list[str]:
    found: list[str] = page.locator("a[href]").evaluate_all(
        "all => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
    )
    return [path for path in found if not re.search(r"\.(pdf|ics|csv|json)(\?|$)", path)]


def crawl(page: Page, start: list[str]) -> set[str]:
    """Inspects one page of each kind that links lead to; answers the kinds."""
    waiting, seen = list(start), set[str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        inspect(page, path)
        waiting += links_of(page)
    return seen


def test_every_page_that_a_holder_or_a_secretary_reaches(
    page: Page, live_server: LiveServer
) -> None:
    enter(page, "Ouvrir son badge")
    badge = re.sub(r"^https?://[^/]+", "", page.url)
    page.goto("/demonstration/courriels?q=olargues")
    page.locator(".rows__link").last.click()
    group = page.locator("a[href*='/inscription/dossier/']").first.get_attribute("href")
    assert group
    code = live_server.flask("badge-codes", "--limit", "1").strip().rpartition("/")[2]
    kinds = crawl(page, [badge, re.sub(r"^https?://[^/]+", "", group), f"/B/{code}"])
    assert {
        "/badge/TOKEN",
        "/badge/TOKEN/modifier",
        "/badge/TOKEN/annuler",
        "/badge/TOKEN/remplacer",
        "/badge/TOKEN/consentements",
        "/inscription/dossier/TOKEN",
        "/inscription/dossier/TOKEN/ajouter",
        "/inscription/commune/liste",
        "/village/THEME",
        "/B/TOKEN",
    } <= kinds


def test_every_page_that_an_organiser_reaches(page: Page, live_server: LiveServer) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/badges")
    page.get_by_role("button", name="Préparer le fichier").click()
    page.wait_for_load_state()
    live_server.flask("worker", "--once")
    kinds = crawl(page, ["/organisation"])
    assert {
        *ORGANISER,
        "/organisation/participants/N",
        "/organisation/participants/N/donnees",
        "/organisation/participants/N/effacer",
        "/organisation/badges/N",
        "/organisation/courriels/N",
        "/organisation/stations/N",
    } <= kinds


@pytest.mark.parametrize("role", ["Entrer comme agent", "Entrer comme exposant"])
def test_start_pages(page: Page, role: str) -> None:
    enter(page, role)
    assert axe(page) == []
    assert not scrolls_sideways(page)
