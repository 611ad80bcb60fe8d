"""The main job, as its people do it: a secretary registers, a badge arrives, the door opens."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, check_is_fit, enter


def fill_registration(page: Page, *, place: str = "Saint-Martin-de-l'Arçon") -> None:
    page.get_by_label("Madame").check()
    page.get_by_label("Prénom", exact=True).fill("Marie-Christine")
    page.get_by_label("Nom", exact=True).fill("d’Hautpoul")
    page.get_by_label("Fonction", exact=True).select_option(label="Maire")
    page.get_by_label("Commune", exact=True).fill(place)
    page.get_by_label("Adresse électronique", exact=True).fill("mairie@arcon.example")


def open_latest_mail(page: Page, address: str) -> None:
    page.goto(f"/demonstration/courriels?q={address}")
    page.locator(".rows__link").first.click()


def test_a_mayor_registers_and_opens_her_badge(page: Page) -> None:
    page.goto("/inscription")
    fill_registration(page)
    page.get_by_role("button", name="Valider mon inscription").click()
    expect(page).to_have_url(re.compile("/inscription/merci"))
    open_latest_mail(page, "mairie@arcon.example")
    page.locator("a[href*='/badge/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("d’Hautpoul")
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Saint-Martin-de-l")


def test_an_empty_form_says_what_is_missing_and_leads_to_it(page: Page) -> None:
    page.goto("/inscription")
    page.get_by_role("button", name="Valider mon inscription").click()
    summary = page.get_by_role("alert").first
    expect(summary).to_be_visible()
    assert axe(page) == []
    summary.get_by_role("link").first.click()
    focused = page.evaluate("() => document.activeElement.tagName")
    assert focused in ("INPUT", "SELECT")
    page.goto("/plan")
    page.go_back()
    expect(summary).to_be_visible()


def test_a_secretary_registers_two_people_of_her_commune(page: Page) -> None:
    """One address for all; each has a badge; the one who cannot come is replaced."""
    page.goto("/inscription/commune")
    page.get_by_label("Commune", exact=True).fill("Olargues")
    page.keyboard.press("Tab")
    page.get_by_label("Adresse électronique", exact=True).fill("secretariat@olargues.example")
    people = (("Paule", "Rouanet", "Maire"), ("Henri", "Sicard", "Secrétaire de mairie"))
    for number, (first, last, function) in enumerate(people):
        person = page.locator("fieldset.repeat").nth(number)
        person.get_by_label("Prénom", exact=True).fill(first)
        person.get_by_label("Nom", exact=True).fill(last)
        person.get_by_label("Fonction", exact=True).select_option(label=function)
    page.evaluate("window.isSamePage = true")
    page.get_by_role("button", name="Ajouter une personne").press("Enter")
    fourth = page.get_by_role("group", name="Personne 4")
    expect(fourth.get_by_label("Civilité")).to_be_focused()
    expect(page.locator("[data-lines-said]")).to_have_text("La fiche de la personne 4 est ajoutée.")
    expect(fourth.get_by_label("Précisez la fonction")).to_be_hidden()
    page.get_by_role("button", name="Retirer la personne 3").press("Enter")
    expect(page.get_by_role("group", name="Personne 3").locator("legend")).to_be_focused()
    expect(page.locator("[data-lines-said]")).to_contain_text("est retirée. Il en reste 3.")
    expect(page.get_by_label("Nom", exact=True).nth(1)).to_have_value("Sicard")
    assert page.evaluate("window.isSamePage"), "the page was loaded again"
    check_is_fit(page)
    page.get_by_role("button", name="Inscrire ces personnes").click()
    expect(page).to_have_url(re.compile("/inscription/merci"))
    expect(page.get_by_role("heading", level=1)).to_have_text("2 personnes sont inscrites")
    open_latest_mail(page, "secretariat@olargues.example")
    page.locator("a[href*='/inscription/dossier/']").first.click()
    expect(page.locator("main")).to_contain_text("Paule Rouanet")
    expect(page.locator("main")).to_contain_text("Henri Sicard")
    expect(page.get_by_role("img", name=re.compile("QR code du badge"))).to_have_count(2)
    check_is_fit(page)
    page.get_by_role("link", name="Remplacer Henri Sicard").click()
    page.get_by_label("Madame").check()
    page.get_by_label("Prénom", exact=True).fill("Zoé")
    page.get_by_label("Nom", exact=True).fill("Sicard-Puech")
    page.get_by_label("Fonction", exact=True).select_option(label="Secrétaire de mairie")
    page.get_by_label("Adresse électronique", exact=True).fill("zoe@olargues.example")
    page.get_by_role("button", name="Enregistrer le remplacement").click()
    expect(page).to_have_url(re.compile("/inscription/dossier/"))
    expect(page.locator("main")).to_contain_text("Zoé Sicard-Puech")
    expect(page.locator("main")).to_contain_text("Remplacement")


def test_the_whole_registration_by_keyboard(page: Page) -> None:
    """No pointer: Tab, letters, space and Enter only."""
    page.goto("/inscription")
    answers = {
        "first_name": "Jean",
        "last_name": "Pech",
        "commune": "Olargues",
        "email": "jean.pech@olargues.example",
    }
    for _ in range(80):
        page.keyboard.press("Tab")
        name, kind = page.evaluate(
            "() => [document.activeElement.name || '', document.activeElement.type || '']"
        )
        if name == "civility":
            page.keyboard.press("Space")
        elif name == "function":
            page.keyboard.type("Mai")
        elif name in answers:
            page.keyboard.type(answers.pop(name))
            page.keyboard.press("Escape")
        elif (
            kind == "submit"
            and "inscription" in page.evaluate("() => document.activeElement.textContent").lower()
        ):
            page.keyboard.press("Enter")
            break
    expect(page).to_have_url(re.compile("/inscription/merci"))


def test_hostile_names_are_shown_as_they_are(page: Page) -> None:
    """Typed by a visitor, read by an organiser, in every page that shows a name."""
    page.goto("/inscription")
    fill_registration(page)
    hostile = '"><svg onload=alert(1)>{{7*7}}'
    page.get_by_label("Prénom", exact=True).fill(hostile)
    page.get_by_role("button", name="Valider mon inscription").click()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    enter(page, "Entrer comme organisateur")
    for path in ("/organisation/participants", "/organisation", "/organisation/journal"):
        page.goto(path)
    page.goto("/organisation/participants")
    page.get_by_text("svg onload").first.click()
    expect(page.locator("body")).to_contain_text("{{7*7}}")
    assert dialogs == []
