"""The catalogue, and what a stand does of its people, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import check_is_fit, enter, open_at


def go_back_to_registrations(page: Page) -> None:
    """The demonstration opens on the day of the fair: a team is named before."""
    open_at(page, "Inscriptions ouvertes")


def space_of_the_stand(page: Page) -> str:
    """The address of the demonstration's stand, found as its contact finds it."""
    enter(page, "Exposant")
    link = page.get_by_role("link", name=re.compile("équipe", re.I)).first
    href = link.get_attribute("href")
    assert href
    return href.rsplit("/", 1)[0]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def write(page: Page, words: str) -> None:
    """To the next field, and its words."""
    press(page, "Tab")
    page.keyboard.type(words)


def test_a_person_is_named_by_keyboard(page: Page) -> None:
    go_back_to_registrations(page)
    base = space_of_the_stand(page)
    page.goto(f"{base}/equipe")
    expect(page.get_by_text(re.compile(r"\d+ sur \d+")).first).to_be_visible()
    page.get_by_label("Madame").focus()
    press(page, "Space")
    for words in ("Inès", "Vidal", "Technicienne", "ines.vidal@exposant.example"):
        write(page, words)
    press(page, "Enter")
    expect(page.get_by_text("Inès Vidal est de l’équipe.")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Technicienne")
    expect(row).to_contain_text("Badge envoyé")
    row.get_by_role("link", name="Remplacer Inès Vidal").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remplacer Inès Vidal")


def test_a_code_is_made_and_its_link_registers(page: Page) -> None:
    go_back_to_registrations(page)
    base = space_of_the_stand(page)
    page.goto(f"{base}/invitations")
    page.get_by_label("Pour qui est ce code").fill("Clients du Biterrois")
    page.get_by_label("Nombre de personnes").fill("10")
    page.get_by_role("button", name="Créer le code").click()
    link = page.get_by_label("Lien à envoyer").first.input_value()
    page.context.clear_cookies()
    page.goto(link[link.index("/inscription") :])
    expect(page.get_by_text("Invité par")).to_be_visible()


def test_a_code_and_a_replacement_are_accessible_and_fit(page: Page) -> None:
    go_back_to_registrations(page)
    base = space_of_the_stand(page)
    page.goto(f"{base}/invitations")
    page.get_by_label("Pour qui est ce code").fill("Clients du Biterrois")
    page.get_by_role("button", name="Créer le code").click()
    page.get_by_text("Message prêt à coller").click()
    expect(page.get_by_role("button", name=re.compile("Copier le message"))).to_be_visible()
    check_is_fit(page)
    page.goto(f"{base}/equipe")
    page.get_by_role("link", name=re.compile("Remplacer")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Remplacer")
    check_is_fit(page)


def test_a_link_is_copied_by_keyboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go_back_to_registrations(page)
    base = space_of_the_stand(page)
    page.goto(f"{base}/invitations")
    page.get_by_label("Pour qui est ce code").fill("Clients du Biterrois")
    page.get_by_role("button", name="Créer le code").click()
    page.get_by_role("button", name=re.compile("Copier le lien")).focus()
    press(page, "Enter")
    expect(page.get_by_text("Lien copié.")).to_be_visible()
    link = page.get_by_label("Lien à envoyer").input_value()
    assert page.evaluate("() => navigator.clipboard.readText()") == link


def test_an_exhibitor_is_found_without_a_mouse(page: Page) -> None:
    page.goto("/exposants")
    page.get_by_label("Nom ou activité").focus()
    page.keyboard.type("eclairage public")
    press(page, "Enter")
    expect(page.get_by_role("heading", name=re.compile("trouvé"))).to_be_visible()
    page.get_by_role("link", name="Éclairage du Biterrois").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Éclairage du Biterrois")
    expect(page.get_by_role("img", name=re.compile("Le stand .* et ses voisins"))).to_be_visible()
