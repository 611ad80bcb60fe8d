"""An exhibitor applies, alone: what is typed saves itself, a link leads back to it."""

import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import check_is_fit
from tests.exhibitors.apply.company_server import LIGHTING

EMAIL = "elise@eclairage.example"


def start(page: Page) -> None:
    page.goto("/exposants/inscription")
    page.get_by_label("SIRET", exact=True).fill(LIGHTING)
    page.get_by_label("Adresse électronique").fill(EMAIL)
    page.get_by_role("button", name="Commencer").click()
    expect(page).to_have_url(re.compile("/organisation$"))


def test_what_is_typed_saves_itself(page: Page) -> None:
    """Typed, seen saved, left; found again by the private link, in another window."""
    start(page)
    page.get_by_label("Nom à afficher").fill("Lumière 34")
    page.get_by_label("Site internet").fill("pas une adresse")
    expect(page.get_by_text(re.compile(r"Enregistré à \d+\sh\s\d\d, sauf"))).to_be_visible()
    page.get_by_label("Site internet").fill("www.lumiere34.example")
    expect(page.get_by_text(re.compile(r"Enregistré à \d+\sh\s\d\d\.$"))).to_be_visible()
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.get_by_label("Nom à afficher")).to_have_value("Lumière 34")
    expect(again.get_by_label("Site internet")).to_have_value("https://www.lumiere34.example")
    again.get_by_label("Ville").fill("Sète")
    expect(again.get_by_text("Enregistré à")).to_be_visible()
    page.get_by_label("Ville").fill("Agde")
    expect(page.get_by_text("Pas enregistré")).to_be_visible()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("row", name="Ville")).to_contain_text("Sète")
    expect(page.get_by_label("Ville")).to_have_value("Agde")
    check_is_fit(page)


def test_going_on_waits_for_the_save_under_way(page: Page) -> None:
    """« Continuer » right after typing is never a conflict with its own autosave."""
    start(page)
    page.get_by_label("Nom à afficher").fill("Lumière 34")
    rows: list[Any] = []
    page.route(
        re.compile("/organisation$"),
        lambda route: (
            rows.append(route)
            if "autosave" in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    with page.expect_request(lambda item: "autosave" in (item.post_data or "")):
        page.get_by_label("Ville").fill("Sète")
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(re.compile("/organisation$"))
    rows[0].continue_()
    expect(page).to_have_url(re.compile("/contacts$"))


def test_the_link_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page)
    page.get_by_text("Reprendre plus tard").click()
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Lien copié.")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.url.removesuffix("/organisation")


def test_a_logo_is_seen_as_soon_as_it_is_chosen(page: Page, tmp_path: Path) -> None:
    start(page)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Prénom", exact=True).fill("Élise")
    page.get_by_label("Nom", exact=True).fill("Cabanel")
    page.get_by_label("Téléphone", exact=True).fill("04 67 00 00 00")
    page.get_by_role("button", name="Continuer").click()
    (tmp_path / "logo.gif").write_bytes(b"GIF89a")
    page.get_by_label("Logo", exact=True).set_input_files(tmp_path / "logo.gif")
    expect(page.get_by_text("Les images GIF ne sont pas acceptées")).to_be_visible()
    Image.new("RGB", (300, 120), (11, 86, 112)).save(tmp_path / "logo.png")
    page.get_by_label("Logo", exact=True).set_input_files(tmp_path / "logo.png")
    logo = page.get_by_role("img", name="Votre logo actuel")
    expect(logo).to_be_visible()
    expect(logo).to_have_js_property("naturalWidth", 300)
    check_is_fit(page)
    page.get_by_role("button", name="Retirer le logo").click()
    expect(page.get_by_text("Le logo est retiré.")).to_be_visible()
    expect(logo).to_have_count(0)
