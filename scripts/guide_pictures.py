"""The pictures of the guides, taken from the application: `python -m scripts.guide_pictures`.

A demonstration of its own runs on a free port with data in a temporary folder; each role is
entered through /demonstration and does what the guide says, in Chromium on a screen of 360 px.
"""

import re
from collections.abc import Callable
from tempfile import TemporaryDirectory

import pypdfium2
from playwright.sync_api import Page, sync_playwright

from scripts.book_pictures import book
from scripts.duplicate_pictures import duplicates
from scripts.exhibitor_pictures import exhibitors
from scripts.kiosk_pictures import kiosk
from scripts.paper_pictures import paper
from scripts.picture_taking import (
    PICTURES,
    Demonstration,
    enter,
    jump,
    phone,
    picture_of,
    save,
    take,
)
from scripts.rota_pictures import village
from tests.chromium import chromium_path
from tests.exhibitors.apply.company_server import company_server

DOOR, OTHER_DOOR = "B", "X"
STATION = "Entrée B, téléphone 1"
COMMUNE, ADDRESS = "Pomérols", "mairie@pomerols.example"
PEOPLE = (
    ("madame", "Claire", "Sénégas", "mayor"),
    ("monsieur", "Rémi", "Vidal", "deputy_mayor"),
    ("madame", "Lucie", "Fabre", "town_clerk"),
)


def secretary(page: Page) -> None:
    """Register the mayor and two people, then replace one from the page of the group."""
    page.goto("/demonstration")
    page.get_by_role("link", name="Inscrire une commune").click()
    page.locator("[name=commune]").first.fill(COMMUNE)
    page.get_by_role("option", name=COMMUNE).click()
    page.locator("[name=email]").fill(ADDRESS)
    for number, (civility, first_name, last_name, function) in enumerate(PEOPLE):
        page.locator(f"[name=lines-{number}-civility]").select_option(civility)
        page.locator(f"[name=lines-{number}-first_name]").fill(first_name)
        page.locator(f"[name=lines-{number}-last_name]").fill(last_name)
        page.locator(f"[name=lines-{number}-function]").select_option(function)
    page.evaluate("document.activeElement.blur()")
    first, last = page.locator("fieldset").first, page.locator("[name=lines-0-function]")
    take(page, "inscrire-commune", first, last)
    page.get_by_role("button", name="Inscrire ces personnes").click()
    page.goto("/demonstration/courriels")
    page.get_by_role("link", name="Votre dossier d’inscription").first.click()
    page.locator("a[href*='/inscription/dossier/']").click()
    group = page.url
    page.get_by_role("link", name="Remplacer Rémi Vidal").click()
    page.get_by_label("Madame").check()
    page.locator("[name=first_name]").fill("Nadia")
    page.locator("[name=last_name]").fill("Costes")
    page.locator("[name=function]").select_option("deputy_mayor")
    page.get_by_role("button", name="Enregistrer le remplacement").click()
    page.goto(group)
    replaced = page.locator("ul.rows > li").nth(2)
    take(page, "dossier", page.get_by_role("heading", level=1), replaced)


def visitor(page: Page) -> None:
    enter(page, "Ouvrir son badge")
    take(page, "badge", page.locator(".e-badge"))
    sheet = pypdfium2.PdfDocument(page.request.get(f"{page.url}.pdf").body())
    save(sheet[0].render(scale=1).to_pil(), "badge-papier")


def open_station(organiser: Page) -> str:
    """Add a station; return the address that its QR code holds."""
    enter(organiser, "Entrer comme organisateur")
    organiser.goto("/organisation/stations")
    organiser.get_by_label("Nom de la station").fill(STATION)
    organiser.locator("[name=door]").select_option(DOOR)
    organiser.get_by_role("button", name="Ajouter la station").click()
    heading = organiser.get_by_role("heading", level=1)
    take(organiser, "station-code", heading, organiser.locator(".enrolment svg"))
    link = organiser.get_by_role("link", name="l’adresse d’enrôlement")
    return link.get_attribute("href") or ""


def code_of(organiser: Page, name: str, codes: list[str]) -> str:
    """Return the content of this person's QR code; leave the organiser on the person's page."""
    organiser.goto(f"/organisation/participants?q={name}")
    organiser.locator(".rows__link").get_by_text(re.compile(rf"\b{name}\b")).first.click()
    organiser.get_by_role("heading", level=1).get_by_text(name).wait_for()
    shown = organiser.get_by_text(re.compile(r"^[A-Z2-7]{4}\s[A-Z2-7]{4}$")).inner_text()
    start = "".join(shown.split())
    return next(code for code in codes if code.rsplit("/", 1)[-1].startswith(start))


def read(page: Page, code: str, name: str = "") -> None:
    """A reader types a code; the verdict is kept as a picture, then put away."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    verdict = page.locator("#verdict")
    verdict.wait_for(state="visible")
    if name:
        save(picture_of(verdict), name)
    verdict.evaluate("screen => screen.click()")  # it may already be going away by itself
    verdict.wait_for(state="hidden")


def host(page: Page, organiser: Page, badge_codes: Callable[[], list[str]]) -> None:
    """Enrol a phone, then read the badges that give each answer."""
    codes = badge_codes()
    page.goto(open_station(organiser))
    heading = page.get_by_role("heading", level=1)
    button = page.get_by_role("button", name="Faire de cet appareil une station")
    take(page, "enroler", heading, button)
    button.click()
    page.get_by_role("button", name="Ouvrir la caméra").wait_for()
    page.get_by_text(re.compile(r"^\d+\sbadges$")).first.wait_for()  # the list has come
    save(picture_of(page.locator("#scanner")), "scanner")
    guest, mayor = code_of(organiser, "Roquefeuil", codes), code_of(organiser, "Sénégas", codes)
    page.set_viewport_size({"width": 360, "height": 560})
    read(page, guest, "verdict-bienvenue")
    read(page, mayor)
    read(page, guest, "verdict-deja-entre")
    page.get_by_role("button", name="Sortie").click()
    read(page, mayor, "verdict-sortie")
    page.get_by_role("button", name="Entrée", exact=True).click()
    read(page, mayor, "verdict-de-retour")
    read(page, "https://salon.example/une-affiche", "verdict-code-inconnu")
    page.locator("#door").select_option(OTHER_DOOR)
    read(page, code_of(organiser, "Azaïs", codes), "verdict-autre-porte")
    page.locator("#door").select_option(DOOR)
    lost = code_of(organiser, "Rascol", codes)
    reissue(organiser)
    read(page, lost, "verdict-badge-annule")
    page.context.set_offline(True)
    listed = set(badge_codes())
    reissue(organiser)
    (unlisted,) = set(badge_codes()) - listed
    read(page, unlisted, "verdict-a-confirmer")


def reissue(organiser: Page) -> None:
    organiser.get_by_label("Motif").fill("badge perdu")
    organiser.get_by_role("button", name="Émettre un nouveau badge").click()
    organiser.get_by_role("button", name="Émettre le nouveau badge").click()
    organiser.wait_for_load_state()


def organisation(page: Page) -> None:
    page.goto("/organisation")
    take(page, "a-faire", page.locator("section.waiting"))
    page.goto("/organisation/badges")
    button = page.get_by_role("button", name="Préparer le fichier")
    take(page, "impression", page.locator("label[for=printed]"), button)
    page.goto("/organisation/entrees")
    take(page, "direct", page.get_by_role("heading", level=1), page.locator("#live"))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as data,
        company_server() as search,
        sync_playwright() as playwright,
    ):
        demonstration = Demonstration(data, {"COMPANY_SEARCH_URL": search.url})
        with demonstration.running():
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), chromium_sandbox=False
            )
            visitor_phone, organiser_phone = (
                phone(browser, demonstration.address) for _ in range(2)
            )
            page, organiser = visitor_phone.new_page(), organiser_phone.new_page()
            jump(page, "Inscriptions ouvertes")
            secretary(page)
            exhibitors(browser, demonstration.address)
            book(browser, demonstration.address)
            jump(page, "10 h 30")
            visitor(page)
            host(page, organiser, demonstration.badge_codes)
            page.context.set_offline(False)
            duplicates(organiser, page, demonstration.badge_codes)
            kiosk(browser, demonstration.address, demonstration.badge_codes())
            paper(demonstration)
            organisation(organiser)
            village(browser, demonstration.address)
            browser.close()


if __name__ == "__main__":
    main()
