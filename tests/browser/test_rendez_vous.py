"""A secretary takes an appointment on a phone: by keyboard, and without JavaScript too."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import check_is_fit, enter
from tests.browser.keyboard import fill, press

SUBJECT = "La toiture de l’école"
ANSWERS = {
    "subject": SUBJECT,
    "first_name": "Paule",
    "last_name": "Rouanet",
    "commune": "Olargues",
    "email": "secretariat@olargues.example",
}


def test_a_stranger_books_moves_and_cancels_without_javascript(plain_page: Page) -> None:
    page = plain_page
    page.goto("/rendez-vous")
    page.get_by_label("Dites-le avec vos mots").fill("toiture de l'école")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="L’école et les bâtiments").first.click()
    page.get_by_role("link", name="Énergie et éclairage public").click()
    page.locator(".times button").first.click()
    expect(page.locator(".kept")).to_contain_text("gardée pour vous jusqu’à")
    page.get_by_label("Votre question", exact=True).fill(SUBJECT)
    page.get_by_label("Prénom", exact=True).fill(ANSWERS["first_name"])
    page.get_by_label("Nom", exact=True).fill(ANSWERS["last_name"])
    page.get_by_label("Fonction", exact=True).select_option(label="Maire")
    page.get_by_label("Commune", exact=True).fill(ANSWERS["commune"])
    page.get_by_label("Adresse électronique", exact=True).fill(ANSWERS["email"])
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvrez votre messagerie")
    expect(page.locator(".kept")).to_contain_text("gardée pour vous jusqu’à")
    page.get_by_role("link", name="Ouvrir la boîte aux lettres").click()
    page.get_by_role("link", name="À confirmer avant").first.click()
    page.locator("a[href*='/rendez-vous/confirmer/']").click()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous")
    before = page.locator(".meeting__hour").inner_text()
    page.get_by_role("link", name="Déplacer").click()
    page.locator(".times button").nth(3).click()
    page.get_by_role("button", name=re.compile("^Confirmer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous")
    assert page.locator(".meeting__hour").inner_text() != before
    page.get_by_role("link", name="Annuler").click()
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rendez-vous annulé")


def test_a_secretary_books_for_somebody_else_by_keyboard(page: Page) -> None:
    """The pages that she meets are clean, and hold at 320 px."""
    enter(page, "Ouvrir son badge")
    page.goto(f"{page.url.partition('#')[0].partition('?')[0]}/rendez-vous")
    check_is_fit(page)
    press(page, "Prendre un rendez-vous")
    check_is_fit(page)
    press(page, "La fibre et le téléphone")
    check_is_fit(page)
    press(page, "Raccordement à la fibre")
    check_is_fit(page)
    first = page.locator(".times button").first.inner_text()
    press(page, " ".join(first.split()[:2]))
    element = page.get_by_label("Pour qui", exact=False)
    other_text = element.locator("option").last.inner_text()
    element.select_option(label=other_text)
    check_is_fit(page)
    fill(page, {"subject": SUBJECT}, "Confirmer le rendez-vous")
    expect(page).to_have_url(re.compile(r"/rendez-vous/[\w-]{24}$"))
    expect(page.locator("main")).to_contain_text(other_text)
    expect(page.locator("main")).to_contain_text(SUBJECT)
    check_is_fit(page)
    press(page, "Déplacer")
    check_is_fit(page)


def test_the_other_pages_of_a_visitor_are_clean(page: Page) -> None:
    for path in ("/rendez-vous?q=zzz", "/rendez-vous/attente/guidaf"):
        page.goto(path)
        check_is_fit(page)
