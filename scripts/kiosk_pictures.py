"""The pictures of the kiosk's guide."""

from playwright.sync_api import Browser, Page

from scripts.picture_taking import picture_of, save

STANDING = {"width": 900, "height": 720}


def kiosk(browser: Browser, address: str, codes: list[str]) -> None:
    """Make a device a kiosk, present a badge, and look at its screens."""
    context = browser.new_context(base_url=address, viewport=STANDING, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script("window.print = () => {};")
    page.goto("/demonstration")
    page.get_by_role("button", name="Ouvrir la borne").click()
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    page.wait_for_url("**/borne")
    _shoot(page, "Présentez votre badge", "borne-accueil")
    page.keyboard.type(f"{codes[-1]}\n")
    _shoot(page, "Bonjour", "borne-bonjour")
    page.get_by_role("button", name="C’est bien moi").click()
    _shoot(page, "Que souhaitez-vous faire", "borne-choix")
    context.close()


def _shoot(page: Page, title: str, name: str) -> None:
    page.get_by_role("heading", level=1).get_by_text(title).wait_for()
    save(picture_of(page.locator("body")), name)
