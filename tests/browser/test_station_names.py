"""A person is found by name without network, and the device forgets names when it should."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe
from tests.browser.kiosk import Holder, a_holder
from tests.browser.stations import (
    build_list,
    dismiss,
    enrol,
    expect_verdict,
    search_name,
    until_names_are_held,
    until_offline_ready,
)
from tests.browser.storage import stored_rows

SEEN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
MINUTE_MS = 60_000
FOUND = """async (words) => {
  const address = document.querySelector("script[src*=fichiers]").src;
  const part = (name) => import(address.replace("scanner/scanner.js", name));
  const { isNearly } = await part("station/spelling.js");
  const { folded } = await part("page/french.js");
  return words.map(([word, typed]) => isNearly(folded(word), folded(typed)));
}"""


@pytest.fixture
def holder(live_server: LiveServer) -> Holder:
    build_list(live_server)
    return a_holder(live_server)


@pytest.fixture
def station(page: Page, holder: Holder) -> Page:
    """A station that holds names, with its network just gone."""
    enrol(page)
    until_offline_ready(page)
    until_names_are_held(page)
    page.context.set_offline(True)
    return page


def test_a_person_is_let_in_by_name_without_network(station: Page, holder: Holder) -> None:
    search_name(station, holder.last_name.upper())
    person = station.locator("#search-found button").filter(has_text=holder.first_name)
    expect(person).to_contain_text(holder.on_behalf_of)
    expect(station.locator("#search-count")).to_contain_text("d’après cet appareil")
    assert axe(station) == []
    person.click()
    expect_verdict(station, "accepted", "Bienvenue")
    expect(station.locator(".verdict__name")).to_have_text(
        f"{holder.first_name} {holder.last_name}"
    )
    (fields,) = stored_rows(station)
    assert (fields["let_in"], "code" in fields) == (True, False)
    dismiss(station)
    expect_roll_call_of_this_device(station, holder)
    station.get_by_role("button", name="Chercher un nom").click()
    assert holder.last_name not in station.locator("#search").inner_html()
    station.get_by_role("button", name="Chercher", exact=True).click()
    search_name(station, "q12")
    expect(station.locator("#search-count")).to_have_text(
        "Tapez au moins trois lettres du nom ou de la commune."
    )
    search_name(station, "qqzzqqzz")
    expect(station.locator("#search-count")).to_contain_text("Aucune personne de ce nom")
    field = station.get_by_label("Nom, commune ou numéro du badge")
    field.fill(f"{holder.on_behalf_of} {holder.first_name}")
    expect(person).to_be_visible()  # without a press: while it is typed
    search_name(station, holder.code[:8])
    expect(station.locator("#search-count")).to_contain_text(
        "Le numéro d’un badge demande le réseau"
    )
    station.context.set_offline(False)
    field.fill(f"{holder.code[:4]} {holder.code[4:8]}".lower())
    expect(person).to_contain_text("Déjà entré")


def expect_roll_call_of_this_device(station: Page, holder: Holder) -> None:
    """Without network the roll-call has who passed here; the strip says what a reload loses."""
    expect(station.locator("#strip-names")).to_contain_text("Ne rechargez pas")
    station.get_by_role("button", name="Faire l’appel").click()
    dialog = station.get_by_role("dialog", name="Appel")
    expect(dialog).to_contain_text("Le serveur ne répond pas")
    dialog.get_by_label(f"{holder.last_name} {holder.first_name}").check()
    expect(dialog).to_contain_text("1\u00a0vue, 0\u00a0manque")
    assert axe(station) == []
    dialog.get_by_role("button", name="Fermer").click()
    expect(station.locator("#roll-call-list")).to_be_empty()


def expect_forgotten(station: Page, holder: Holder) -> None:
    search_name(station, holder.last_name)
    letter = holder.last_name[0]
    words = f"Ouvrez la liste par nom du dossier papier à la lettre «\u00a0{letter}\u00a0»"
    expect(station.locator("#search-count")).to_contain_text(words)
    expect(station.locator("#search-found button")).to_have_count(0)


def test_names_go_when_the_page_is_opened_again_without_network(
    station: Page, holder: Holder
) -> None:
    station.reload()
    expect_forgotten(station, holder)
    assert axe(station) == []


def test_names_go_when_the_device_is_left_aside_or_alone(page: Page, holder: Holder) -> None:
    page.clock.install()
    with page.expect_response("**/api/v1/names*"):
        enrol(page)
    page.context.set_offline(True)
    page.evaluate(SEEN, True)
    page.clock.fast_forward(10 * MINUTE_MS)
    page.evaluate(SEEN, False)
    search_name(page, holder.last_name)
    expect(page.locator("#search-found button").first).to_be_visible()
    page.evaluate(SEEN, True)
    page.clock.fast_forward(16 * MINUTE_MS)
    page.evaluate(SEEN, False)
    expect_forgotten(page, holder)

    page.context.set_offline(False)
    with page.expect_response("**/api/v1/names*"):
        page.reload()
    page.context.set_offline(True)
    search_name(page, holder.last_name)
    expect(page.locator("#search-found button").first).to_be_visible()
    page.clock.fast_forward(4 * 60 * MINUTE_MS)
    page.clock.fast_forward(2 * MINUTE_MS)
    expect_forgotten(page, holder)


def test_a_name_typed_in_a_hurry_is_nearly_the_same(page: Page, live_server: LiveServer) -> None:
    nearly = [
        ("Belkacem", "belkasem"),
        ("Bénézech", "benezeck"),
        ("Roquefeuil", "rokefeuil"),
        ("Fœssel", "foesel"),
        ("Sénégas", "senega"),
        ("Martin", "Matrin"),
    ]
    others = [("Martin", "Bastin"), ("Roux", "Rous"), ("Bénézech", "Belkacem"), ("Léa", "Mia")]
    page.goto("/scanner")
    assert page.evaluate(FOUND, [*map(list, nearly), *map(list, others)]) == [
        *(True, True, True, True, True, False),
        *(False, True, False, False),
    ]
