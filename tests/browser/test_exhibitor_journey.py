"""One exhibitor from SIRET to stand to invoice, with the real pages, by keyboard alone."""

import re
from decimal import Decimal
from pathlib import Path

from facturx import get_facturx_xml_from_pdf
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser import keyboard
from tests.browser.conftest import axe, check_is_fit
from tests.exhibitors.apply.company_server import LIGHTING

NAME = "Lumières de l’Orb"
EMAIL = "elise@lumieres.example"
ANSWERS = {
    "siret": LIGHTING,
    "email": EMAIL,
    "name": NAME,
    "main-first_name": "Élise",
    "main-last_name": "Cabanel",
    "main-phone": "04 67 00 00 00",
    "presentation": "Éclairage public et bornes de recharge.",
}


def apply_for_a_stand(page: Page) -> None:
    page.goto("/exposants/inscription")
    check_is_fit(page)
    keyboard.fill(page, ANSWERS, "Commencer")
    expect(page.get_by_label("Raison sociale")).to_have_value("ECLAIRAGE DU BITERROIS")
    for step in ("organisation", "contacts", "activite", "souhaits", "options"):
        expect(page).to_have_url(re.compile(f"/{step}$"))
        check_is_fit(page, with_contrast=True)
        keyboard.fill(page, ANSWERS, "Continuer")
    expect(page).to_have_url(re.compile("/recapitulatif$"))
    check_is_fit(page, with_contrast=True)
    expect(page.locator("main")).to_contain_text("Prix estimé")
    keyboard.fill(page, ANSWERS, "Envoyer", ticked=("accepts",))
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre candidature")
    expect(page.locator("main")).to_contain_text("À l’étude")
    check_is_fit(page, with_contrast=True)


def enter_as_organiser(page: Page) -> None:
    page.goto("/demonstration")
    keyboard.press(page, "Entrer comme organisateur")


def sign_in_as_exhibitor(page: Page) -> None:
    keyboard.press(page, "Se déconnecter")
    keyboard.sign_in(page, EMAIL)
    expect(page).to_have_url(re.compile(r"/mon-stand/\d+$"))


def test_from_siret_to_stand_to_invoice_by_keyboard(page: Page) -> None:
    apply_for_a_stand(page)

    page.set_viewport_size({"width": 1280, "height": 800})
    enter_as_organiser(page)
    page.goto("/organisation/exposants")
    keyboard.fill(page, {"q": NAME}, "Afficher")
    keyboard.press(page, NAME)
    keyboard.press(page, "Accepter")
    keyboard.press(page, "Accepter")
    expect(page.locator("main")).to_contain_text("Acceptée")
    keyboard.press(page, "Lui donner un stand")
    keyboard.press(page, "Donner ce stand")
    page.goto("/organisation/exposants")
    keyboard.fill(page, {"q": NAME}, "Afficher")
    keyboard.press(page, NAME)
    number = page.locator(".stand-sign__number").inner_text()
    keyboard.press(page, "Facturation")
    keyboard.press(page, "Établir le devis")
    keyboard.press(page, "Établir le devis et l’envoyer")

    sign_in_as_exhibitor(page)
    expect(page.locator(".stand-sign__number")).to_have_text(number)
    assert axe(page) == []
    keyboard.press(page, "Règlement")
    keyboard.fill(page, {}, "Commander", ticked=("agreed",))
    expect(page.locator("main")).to_contain_text("Votre commande est confirmée")

    keyboard.press(page, "Se déconnecter")
    enter_as_organiser(page)
    page.goto("/organisation/facturation")
    keyboard.fill(page, {"q": NAME}, "Afficher")
    keyboard.press(page, NAME)
    keyboard.press(page, "Établir la facture")
    keyboard.press(page, "Établir la facture et l’envoyer")
    file = Path(keyboard.download(page, "PDF F-"))
    _, content = get_facturx_xml_from_pdf(file.read_bytes())
    total = etree.fromstring(content).find(".//{*}GrandTotalAmount").text
    shown = page.locator(".next-money__amount").inner_text()
    assert Decimal(re.sub(r"[^\d,]", "", shown.split("€")[0]).replace(",", ".")) == Decimal(total)
    page.goto(f"/exposants?q={NAME}")
    expect(page.locator("main")).to_contain_text(number)
