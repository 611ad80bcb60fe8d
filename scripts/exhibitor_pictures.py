"""The pictures of the exhibitors' guides: an application, a space, the organiser's pages."""

from playwright.sync_api import Browser, Page

from scripts.picture_taking import desk, enter, phone, take
from tests.exhibitors.apply.company_server import LIGHTING

HALL = "1A"
APPLICANT = {
    "main-first_name": "Élise",
    "main-last_name": "Cabanel",
    "main-email": "contact@eclairage.example",
    "main-phone": "04 67 00 00 00",
    "presentation": "Éclairage public et bornes de recharge.",
}


def exhibitors(browser: Browser, address: str) -> None:
    """Every picture of the two guides; the fair's clock is at the open applications."""
    applicant, exhibitor, organiser = (phone(browser, address).new_page() for _ in range(3))
    apply(applicant)
    space(exhibitor)
    organiser_on_phone(organiser)
    plan(desk(browser, address).new_page())


def apply(page: Page) -> None:
    page.goto("/exposants/inscription")
    page.locator("[name=siret]").fill(LIGHTING)
    page.locator("[name=email]").fill(APPLICANT["main-email"])
    page.get_by_role("button", name="Commencer ma candidature").click()
    notice = page.locator(".notice", has_text="Nous avons trouvé")
    notice.wait_for()
    page.evaluate("document.activeElement.blur()")
    take(page, "exposant-siret", notice, page.locator("[name=name]"))
    while "recapitulatif" not in page.url:
        for name, answer in APPLICANT.items():
            if page.locator(f"[name={name}]").count():
                page.locator(f"[name={name}]").fill(answer)
        page.get_by_role("button", name="Continuer").last.click()
    page.locator("[name=accepts]").check()
    page.get_by_role("button", name="Envoyer ma candidature").click()
    page.get_by_role("heading", name="Votre candidature").wait_for()


def space(page: Page) -> None:
    """An exhibitor who has a stand, a paper to do again and an invoice to pay."""
    enter(page, "Entrer comme exposant")
    title = page.get_by_role("heading", level=1)
    take(page, "exposant-espace", title, page.locator("[aria-labelledby=suite]"))
    page.get_by_role("link", name="Règlement").last.click()
    take(page, "exposant-reglement", page.get_by_role("heading", level=1), page.locator(".waiting"))


def organiser_on_phone(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/exposants")
    take(page, "exposants-attend", page.locator("section.waiting"))
    page.goto("/organisation/facturation")
    take(page, "facturation", page.locator("section.waiting"))


def plan(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/organisation/plan/{HALL}")
    page.locator("#plan-drawing .plan__place").nth(3).focus()
    editor = page.locator("#plan-editor")
    take(page, "plan-editeur", editor.locator(".plan-bar"), page.locator("#plan-panel"), editor)
    page.goto("/organisation/placement")
    page.get_by_role("button", name="Proposer un plan").click()
    page.get_by_role("button", name="Accepter ce plan").first.wait_for(timeout=60_000)
    hall = page.locator("section", has=page.get_by_role("heading", name=f"Hall {HALL}"))
    drawing = hall.locator("svg[viewBox]").first
    take(page, "plan-propose", hall.get_by_role("heading"), drawing, hall)
