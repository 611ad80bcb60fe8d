"""Every page: axe finds nothing, nothing scrolls sideways at 320 px, at 200 % zoom neither."""

import re
from collections.abc import Set
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from salon.fair.queries import get_public_edition
from tests.browser.conftest import LiveServer, change_moment, check_is_fit, enter, scrolls_sideways
from tests.browser.inspection import GLUED, check_spaced_text_is_fit, check_widths
from tests.invitations.make import make_invitation
from tests.mailings.make import make_mailing

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
    "/lire-les-donnees",
    "/inscription",
    "/inscription/commune",
    "/inscription/merci",
    "/connexion",
    "/connexion/organisation",
    "/scanner",
    "/borne",
    "/borne/impression",
    "/scanner/fin",
    "/demonstration",
    "/demonstration/courriels",
    "/rendez-vous",
    "/mon-parcours",
    "/page-inconnue",
)
ORGANISER = (
    "/organisation",
    "/organisation/a-verifier",
    "/organisation/entrees",
    "/organisation/reglages/entrees",
    "/organisation/participants",
    "/organisation/doublons",
    "/organisation/doublons/agents",
    "/organisation/badges",
    "/organisation/courriels",
    "/organisation/ecrire",
    "/organisation/ecrire/N",
    "/organisation/ecrire/N/modifier",
    "/organisation/ecrire/campagne",
    "/organisation/ecrire/nouveau/people",
    "/organisation/journal",
    "/organisation/stations",
    "/organisation/dossier-papier",
    "/organisation/papier",
    "/organisation/comptes",
    "/organisation/mot-de-passe",
    "/organisation/recapitulatif",
    "/organisation/exposants",
    "/organisation/placement",
    "/organisation/plan",
    "/organisation/facturation",
    "/organisation/securite",
    "/organisation/documents",
    "/organisation/village/calculs",
    "/organisation/reglages/badges",
    "/organisation/reglages/lectures",
    "/organisation/reglages/messages",
    "/organisation/reglages/messages/KIND",
    "/organisation/reglages/planning",
    "/organisation/reglages/rendez-vous",
    "/accueil",
)


OF_AGENTS = {"/planning/rendez-vous"}
COORDINATOR = (
    "/organisation/village/agents",
    "/organisation/village/besoins",
    "/organisation/village/jour",
    "/organisation/village/mural",
    "/organisation/village/papiers",
    "/organisation/village/planning",
    "/organisation/village/publication",
    "/organisation/village/remplacements",
    "/organisation/rendez-vous",
    "/organisation/rendez-vous/attente",
    "/organisation/rendez-vous/pourquoi",
    "/organisation/rendez-vous/sauvetage",
    "/planning/rendez-vous",
)


def inspect(page: Page) -> None:
    """Leave the page as narrow as it was seen last."""
    assert page.evaluate(GLUED) == [], page.url
    check_widths(page, with_contrast=True)
    check_spaced_text_is_fit(page)


def test_public_pages(page: Page) -> None:
    for path in PUBLIC:
        page.goto(path)
        inspect(page)


KINDS = (
    (r"\?.*", ""),
    (r"(/badge/|/[Bb]/|/dossier/)[^/]+", r"\1TOKEN"),
    (r"(?<=^/exposants/inscription/)[^/]+", "TOKEN"),
    (r"(?<=^/exposants/)(?!inscription)[^/]+", "NAME"),
    (r"(?<=/plan/)(?!import)[^/]+", "HALL"),
    (r"(?<=^/village/)[^/]+", "THEME"),
    (r"(?<=^/rendez-vous/)(themes|besoins|attente)/[^/]+", r"\1/NAME"),
    (r"(?<=^/rendez-vous/)(retenu/|liste/|confirmer/)?[\w-]{24}", r"\1TOKEN"),
    (r"(?<=^/file/)[^/]+", "TOKEN"),
    (r"(?<=^/stand/)[A-Z2-7]{16}", "CODE"),
    (r"(?<=^/organisation/reglages/messages/)\w+", "KIND"),
    (r"/\d+", "/N"),
)


def kind_of(path: str) -> str:
    """What pages of the same kind have in common: the address without numbers and tokens."""
    for pattern, word in KINDS:
        path = re.sub(pattern, word, path)
    return path


# Inspected one by one, by somebody who has not signed in.
OF_NOBODY = {kind_of(path) for path in PUBLIC}
OF_A_HOLDER = {
    "/badge/TOKEN",
    "/badge/TOKEN/modifier",
    "/badge/TOKEN/annuler",
    "/badge/TOKEN/remplacer",
    "/badge/TOKEN/consentements",
    "/badge/TOKEN/contacts",
    "/badge/TOKEN/rendez-vous",
    "/rendez-vous/besoins/NAME",
    "/rendez-vous/themes/NAME",
    "/stand/N/file",
    "/demonstration/courriels/N",
    "/exposants/NAME",
    "/inscription/dossier/TOKEN",
    "/inscription/dossier/TOKEN/ajouter",
    "/inscription/commune/liste",
    "/plan/HALL",
    "/village/THEME",
    "/B/TOKEN",
}
# The same for whoever has signed in, but for the menu: that one is inspected on the home page.
OF_EVERYBODY = (OF_NOBODY | OF_A_HOLDER) - {"/"}


def links_of(page: Page) -> list[str]:
    texts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a[href]")]
        .filter((link) => link.origin === location.origin)
        .map((link) => link.pathname + link.search)"""
    )
    return texts


def links_to_pages(page: Page, path: str) -> list[str]:
    """The links of a page that is not drawn; a file to keep has none."""
    answer = page.request.get(path)
    if not answer.headers["content-type"].startswith("text/html"):
        return []
    document = html.document_fromstring(answer.text(), base_url=answer.url)
    targets = [urlsplit(urljoin(answer.url, link)) for link in document.xpath("//a/@href")]
    here = urlsplit(answer.url).netloc
    return [
        target._replace(scheme="", netloc="", fragment="").geturl()
        for target in targets
        if target.netloc == here
    ]


def opens(page: Page, path: str) -> bool:
    """Go to an address; answer whether a page is there, not a file to keep."""
    try:
        answer = page.goto(path)
    except PlaywrightError as error:
        if "Download is starting" not in error.message:
            raise
        return False
    assert answer
    return answer.headers["content-type"].startswith("text/html")


FILE = re.compile(r"\.[a-z]{3,4}$|/(?:csv|xlsx)/")
"""Kinds of files to keep: those of the demonstration are opened by its own crawl."""


def crawl(page: Page, start: list[str], inspected: Set[str], only: str = "") -> set[str]:
    """Follow the links to one page of each kind; answer the kinds, files' too.

    Those whose kind is among the `inspected`, or does not begin as `only` says, are read for their
    links alone.
    """
    waiting, seen = list(start), set[str]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        if FILE.search(kind):
            continue
        if kind in inspected or not re.match(only, kind):
            links = links_to_pages(page, path)
        elif opens(page, path):
            inspect(page)
            links = links_of(page)
        else:
            continue
        # The pages of an edition that is not public are the same ones.
        waiting += [link for link in links if not link.startswith("/e/")]
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
    # Numbers of a queue are offered while the fair is open.
    change_moment(page, "10 h 30")
    start = [badge, re.sub(r"^https?://[^/]+", "", group), f"/B/{code}"]
    assert crawl(page, start, OF_NOBODY) >= OF_A_HOLDER


SETTINGS = "/(?:organisation/reglages|aide|exposants|editions)"
"""Addresses of settings and of the guide: half of what an organiser reaches."""
NO_PAGE = "(?!)"


def enter_with_a_file_of_badges(page: Page, live_server: LiveServer) -> None:
    """Enter as an organiser who has badges in a file, ready to be printed."""
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/badges")
    with page.expect_navigation():
        page.get_by_role("button", name="Préparer le fichier").click()
    page.goto("/organisation")  # the page of a file opens itself again once it is ready
    live_server.flask("worker", "--once")


@pytest.mark.parametrize("only", [SETTINGS, f"(?!{SETTINGS})"], ids=["settings", "others"])
def test_every_page_that_an_organiser_reaches(
    page: Page, live_server: LiveServer, only: str
) -> None:
    enter_with_a_file_of_badges(page, live_server)
    with live_server.application():
        make_mailing(get_public_edition(), days_before=3)
    kinds = crawl(page, ["/organisation"], OF_EVERYBODY, only)
    assert {
        *ORGANISER,
        *COORDINATOR,
        "/organisation/participants/N",
        "/organisation/participants/N/donnees",
        "/organisation/participants/N/effacer",
        "/organisation/badges/N",
        "/organisation/courriels/N",
        "/organisation/stations/N",
        "/organisation/zones/N",
        "/organisation/zones/portes/N",
        "/organisation/exposants/N",
        "/organisation/exposants/N/facturation",
        "/organisation/plan/HALL",
        "/organisation/plan/HALL/stands/nouveau",
        "/organisation/plan/HALL/numeros",
        "/organisation/exposants/retards",
    } <= kinds


def test_every_page_that_agents_and_coordinators_reach(page: Page, live_server: LiveServer) -> None:
    """A page that an organiser reaches is inspected with theirs, the home page with each."""
    enter_with_a_file_of_badges(page, live_server)
    inspected = OF_EVERYBODY | crawl(page, ["/organisation"], set(), NO_PAGE)
    inspected -= OF_AGENTS | {"/"}
    for role in ("agent", "coordinatrice"):
        enter(page, f"Entrer comme {role}")
        assert not scrolls_sideways(page)
        kinds = crawl(page, ["/planning"], inspected)
        inspected |= kinds - {"/"}
        assert {"/planning", "/planning/souhaits"} <= kinds
    assert set(COORDINATOR) <= kinds


def test_every_page_that_an_exhibitor_reaches(page: Page) -> None:
    enter(page, "Entrer comme exposant")
    start = [re.sub(r"^https?://[^/]+", "", page.url)]
    kinds = crawl(page, start, OF_EVERYBODY)
    assert {
        "/mon-stand/N",
        "/mon-stand/N/contacts",
        "/mon-stand/N/contacts/affiche",
        "/mon-stand/N/contacts/lecture",
        "/mon-stand/N/documents",
        "/mon-stand/N/equipe",
        "/mon-stand/N/guide",
        "/mon-stand/N/invitations",
        "/mon-stand/N/presentation",
        "/exposants",
        "/exposants/NAME",
        "/plan/HALL",
    } <= kinds


def test_the_pages_that_close_a_hall(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/reglages/halls")
    page.get_by_role("main").get_by_role("link", name="Hall 3", exact=True).click()
    page.get_by_role("link", name="Fermer ce hall").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fermer le hall 3")
    check_is_fit(page)
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("button", name="Fermer ce hall").wait_for()
    check_is_fit(page)


def test_the_page_of_an_invited_organisation(page: Page, live_server: LiveServer) -> None:
    with live_server.application():
        edition = get_public_edition()
        places = {"commune_code": "34001"}, {}
        tokens = [make_invitation(edition, **place).private_token for place in places]
    for token in tokens:
        page.goto(f"/invitation/{token}")
        inspect(page)


def test_the_desk_of_the_rota_leaves_the_grid_in_sight_magnified_four_times(
    page: Page, live_server: LiveServer
) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 320, "height": 200})
    page.goto("/organisation/village/planning")
    desk = page.locator(".rota-desk")
    assert desk.evaluate("(desk) => getComputedStyle(desk).position") == "relative"
    assert not scrolls_sideways(page)
