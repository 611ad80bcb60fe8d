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
    "/plan/2",
    "/exposants",
    "/exposants?q=zzz",
    "/exposants/inscription",
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
    "/organisation/exposants",
    "/organisation/placement",
    "/organisation/plan",
    "/organisation/facturation",
    "/organisation/securite",
    "/organisation/documents",
    "/organisation/village/calculs",
    "/organisation/village/reglages",
    "/accueil",
)


COORDINATOR = (
    "/organisation/village/agents",
    "/organisation/village/besoins",
    "/organisation/village/jour",
    "/organisation/village/papiers",
    "/organisation/village/planning",
    "/organisation/village/publication",
    "/organisation/village/remplacements",
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


KINDS = (
    (r"\?.*", ""),
    (r"(/badge/|/[Bb]/|/dossier/)[^/]+", r"\1TOKEN"),
    (r"(?<=^/exposants/inscription/)[^/]+", "TOKEN"),
    (r"(?<=^/exposants/)(?!inscription)[^/]+", "NAME"),
    (r"(?<=/plan/)(?!import)[^/]+", "HALL"),
    (r"(?<=^/village/)[^/]+", "THEME"),
    (r"/\d+", "/N"),
)


def kind_of(path: str) -> str:
    """What pages of the same kind have in common: the address without numbers and tokens."""
    for pattern, word in KINDS:
        path = re.sub(pattern, word, path)
    return path


def links_of(page: Page) -> list[str]:
    found: list[str] = page.locator("a[href]").evaluate_all(
        "all => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
    )
    return found


def is_page(page: Page, path: str) -> bool:
    """A page, not a file to keep."""
    answer = page.request.get(path)
    return answer.headers["content-type"].startswith("text/html")


def crawl(page: Page, start: list[str]) -> set[str]:
    """Inspects one page of each kind that links lead to; answers the kinds, files' too."""
    waiting, seen = list(start), set[str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        if not is_page(page, path):
            continue
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
        *COORDINATOR,
        "/organisation/participants/N",
        "/organisation/participants/N/donnees",
        "/organisation/participants/N/effacer",
        "/organisation/badges/N",
        "/organisation/courriels/N",
        "/organisation/stations/N",
        "/organisation/exposants/N",
        "/organisation/exposants/N/facturation",
        "/organisation/plan/HALL",
    } <= kinds


def test_every_page_that_an_exhibitor_reaches(page: Page) -> None:
    enter(page, "Entrer comme exposant")
    kinds = crawl(page, [re.sub(r"^https?://[^/]+", "", page.url)])
    assert {
        "/mon-stand/N",
        "/exposants",
        "/exposants/NAME",
        "/plan/HALL",
    } <= kinds


@pytest.mark.parametrize("who", ["agent", "coordinatrice"])
def test_every_page_that_an_agent_reaches(page: Page, who: str) -> None:
    enter(page, f"Entrer comme {who}")
    kinds = crawl(page, ["/planning"])
    assert {"/planning", "/planning/souhaits"} <= kinds
    if who == "coordinatrice":
        assert set(COORDINATOR) <= kinds
    assert not scrolls_sideways(page)
