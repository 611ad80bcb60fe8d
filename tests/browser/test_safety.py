"""The safety form of a stand by keyboard, and what the organiser makes of it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import change_moment, check_is_fit, enter


def answer(page: Page, question: str, word: str) -> None:
    """Chooses by keyboard among « Oui » and « Non »."""
    group = page.get_by_role("group", name=re.compile(re.escape(question)))
    group.get_by_role("radio", name=word).focus()
    page.keyboard.press("Space")


def test_a_stand_is_declared_and_a_rule_set_aside(page: Page) -> None:
    enter(page, "Exposant")
    page.goto(page.url.rstrip("/") + "/securite")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sécurité de votre stand")
    check_is_fit(page)
    gas = page.get_by_label("Quel gaz, combien de bouteilles")
    answer(page, "Utilisez-vous du gaz", "Non")
    expect(gas).to_be_hidden()
    answer(page, "Utilisez-vous du gaz", "Oui")
    expect(gas).to_be_visible()
    gas.fill("Butane, une bouteille de 13 kg")
    page.get_by_role("button", name="Enregistrer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vos réponses sont gardées.")).to_be_visible()
    expect(page.get_by_text("article T 31")).to_be_visible()
    check_is_fit(page)
    page.get_by_role("link", name="Aller à la première question sans réponse").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    liquids = page.get_by_role("group", name="Apportez-vous un autre liquide inflammable")
    expect(liquids.get_by_role("radio", name="Oui")).to_be_checked()

    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/securite")
    check_is_fit(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Éclairage du Biterrois").click()
    check_is_fit(page)
    page.get_by_text("Lever cette règle, Gaz").click()
    reason = page.locator("details[open]").get_by_label("Pourquoi cette règle est levée")
    reason.fill("Bouteille vide, pour montrer la robinetterie.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Règle levée")).to_be_visible()
    with page.expect_download() as download:
        page.goto("/organisation/securite")
        page.get_by_role("link", name="Registre en PDF").click()
    assert download.value.suggested_filename == "registre-securite.pdf"


def test_once_the_fair_is_open_the_form_is_read(page: Page) -> None:
    page.goto("/")
    change_moment(page, "10 h 30")
    enter(page, "Exposant")
    page.goto(page.url.rstrip("/") + "/securite")
    expect(page.get_by_text("La fiche est close")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    check_is_fit(page)


def test_the_overview_leads_to_the_late_safety_forms_by_keyboard(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    check_is_fit(page)
    page.get_by_role("link", name="fiches de sécurité en retard").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui est en retard")
