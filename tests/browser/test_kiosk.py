"""A visitor at the kiosk in Chromium: by keyboard, zoomed in, with a screen reader's tree."""

import json
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from salon.badges.models import Attendee
from salon.badges.services import revoke_badge
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from tests.browser.conftest import LiveServer, axe
from tests.browser.hand import give_camera, hold
from tests.browser.kiosk import (
    START,
    a_holder,
    expect_title,
    heap_of,
    held_by,
    inside,
    inspect,
    kept_by,
    open_kiosk,
    press,
    settle,
    stand_still,
)
from tests.browser.printed import Printed, printed_badge, tilted
from tests.browser.reader import read, read_at_once
from tests.browser.storage import stored_rows, until_sent

NO_PRINTINGS = "() => Object.keys(localStorage).every((name) => !name.startsWith('kiosk-printing'))"


def tree(page: Page) -> str:
    """What a screen reader is given."""
    return page.locator("body").aria_snapshot()


def test_the_whole_visit_by_keyboard_and_what_a_screen_reader_says(
    page: Page, live_server: LiveServer
) -> None:
    holder = a_holder(live_server)
    open_kiosk(page)
    assert '- heading "Présentez votre badge" [level=1]' in tree(page)
    assert '- button "Je n’ai pas de badge"' in tree(page)
    inspect(page)

    read(page, f"HTTP://SALON.EXAMPLE/B/{holder.code}")
    expect_title(page, "Bonjour Madame la Maire")
    said = tree(page)
    assert '- heading "Bonjour Madame la Maire" [level=1]' in said
    assert "- paragraph: Votre entrée est enregistrée." in said
    assert f"strong: {holder.first_name} {holder.last_name}" in said
    assert '- button "C’est bien moi"' in said
    assert '- button "Terminer"' in said
    assert re.search(rf"status: .*Est-ce bien vous.*{holder.last_name}", said)
    inspect(page)

    press(page, "C’est bien moi")
    expect_title(page, "Que souhaitez-vous faire\u00a0?")
    for words in ("Imprimer mon badge", "Ma journée", "Où aller", "Corriger", "Terminer"):
        assert f'- button "{words}"' in tree(page)
    inspect(page)

    press(page, "Ma journée")
    expect_title(page, "Votre journée")
    assert '- heading "Mes rendez-vous" [level=2]' in tree(page)
    assert '- heading "Conférences et temps forts" [level=2]' in tree(page)
    inspect(page)
    press(page, "Autre chose")

    press(page, "Où aller")
    expect_title(page, re.compile("hall|Aucun rendez-vous"))
    expect(page.get_by_role("img", name=re.compile("lan du (hall|salon)"))).to_be_visible()
    assert page.locator("a").count() == 0
    inspect(page)
    press(page, "Autre chose")

    press(page, "Terminer")
    expect_title(page, START)
    assert [secret for secret in holder.secrets if secret in held_by(page) + kept_by(page)] == []


def test_what_is_corrected_is_shown_printed_and_kept(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    holder = a_holder(live_server)
    open_kiosk(page)
    read(page, holder.code)
    expect_title(page, "Bonjour Madame la Maire")
    press(page, "Corriger")
    expect_title(page, "Corrigez votre badge")
    assert f'- textbox "Nom": {holder.last_name}' in tree(page)
    inspect(page)
    page.get_by_label("Nom", exact=True).fill("")
    press(page, "Enregistrer")
    expect(page.get_by_text("Indiquez le nom.")).to_be_visible()
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    corrected = f"{holder.last_name}t"
    page.keyboard.type(corrected)
    press(page, "Enregistrer")
    expect_title(page, "Bonjour Madame la Maire")
    expect(page.locator("#lead")).to_have_text("C’est corrigé.")
    press(page, "C’est bien moi")
    press(page, "Imprimer mon badge")
    expect_title(page, "Votre badge s’imprime")
    page.wait_for_function(f"() => window.printed === 1 && ({NO_PRINTINGS})()")
    printed = printed_pages(page, tmp_path / "badge.pdf")
    assert [sheet.size for sheet in printed] == [(105, 148)]
    assert (printed[0].code.rpartition("/")[2], corrected.upper()) == (
        holder.code,
        printed[0].words_in(corrected.upper()),
    )
    with inside(live_server):
        attendee = current_session().get_one(Attendee, holder.attendee_id)
        assert attendee.last_name == corrected
        assert [printing.printed_by for printing in attendee.badges[-1].printings][-1] == "Borne A"


def printed_pages(page: Page, path: Path) -> list[Printed]:
    page.pdf(path=path, prefer_css_page_size=True)
    return [Printed(item) for item in pypdfium2.PdfDocument(path)]


@pytest.mark.long
def test_without_network_it_opens_checks_in_and_prints_what_it_knows(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    lines = ["organisation", "stand"]
    settle(live_server, kiosk_layout="62mm", kiosk_prints=True, lines=lines)
    holder = a_holder(live_server)
    live_server.flask("worker", "--once")
    open_kiosk(page, is_kept=True)
    page.context.set_offline(True)
    page.reload()
    expect_title(page, START)
    expect(page.locator("#network")).to_be_visible()
    read(page, holder.code)
    expect_title(page, f"Bonjour {holder.first_name} {holder.last_name}")
    expect(page.locator("#lead")).to_have_text("Votre entrée est notée.")
    assert f"text: Maire {holder.on_behalf_of}" in tree(page)
    page.get_by_role("button", name="Corriger").click()
    expect_title(page, "Correction impossible pour l’instant")
    page.get_by_role("button", name="Autre chose").click()
    page.get_by_role("button", name="Ma journée").click()
    expect_title(page, "Votre journée n’est pas disponible")
    page.get_by_role("button", name="Autre chose").click()
    page.get_by_role("button", name="Imprimer mon badge").click()
    expect_title(page, "Votre badge s’imprime")
    (printed,) = printed_pages(page, tmp_path / "badge.pdf")
    assert printed.size == (62, 100)
    assert printed.code == f"{live_server.url}/B/{holder.code}".upper()
    assert printed.code_side >= 30
    for words in (holder.first_name, holder.last_name.upper(), holder.on_behalf_of, "ÉLU"):
        assert printed.words_in(words) == words
    assert "Maire" not in printed.text
    page.get_by_role("button", name="Terminer").click()
    expect_title(page, START)
    assert [secret for secret in holder.secrets if secret in held_by(page) + kept_by(page)] == []
    page.get_by_role("button", name="Je n’ai pas de badge").click()
    expect_title(page, "Inscrivez-vous à l’accueil")
    page.get_by_role("button", name="Terminer").click()

    page.context.set_offline(False)
    until_sent(page)
    page.wait_for_function(NO_PRINTINGS)
    with inside(live_server):
        badge = current_session().get_one(Attendee, holder.attendee_id).badges[-1]
        assert [printing.printed_by for printing in badge.printings] == ["Borne A"]


@pytest.mark.long
def test_it_forgets_after_twenty_seconds_without_a_gesture(
    page: Page, live_server: LiveServer
) -> None:
    holder = a_holder(live_server)
    open_kiosk(page, is_attended=False)
    page.clock.install()
    read_at_once(page, holder.code)
    expect_title(page, "Bonjour Madame la Maire")
    page.get_by_role("button", name="C’est bien moi").click()
    page.get_by_role("button", name="Imprimer mon badge").click()
    expect_title(page, "Votre badge s’imprime")
    assert axe(page) == []
    assert holder.last_name in held_by(page)
    stand_still(page)
    page.clock.run_for(8_000)
    expect(page.locator("#countdown")).to_be_hidden()
    page.clock.run_for(4_500)
    expect(page.locator("#countdown")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("dans 8 secondes")
    expect(page.locator("#seconds")).to_have_text(re.compile("^[1-8]$"))
    page.get_by_role("button", name="Je suis encore là").click()
    expect(page.locator("#countdown")).to_be_hidden()
    page.clock.run_for(14_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre badge s’imprime")
    page.clock.run_for(7_000)
    expect_title(page, START)
    everything = held_by(page) + kept_by(page)
    assert [secret for secret in holder.secrets if secret in everything] == []
    assert page.locator("#paper").inner_html() == ""
    page.clock.run_for(5_000)
    heap = heap_of(page)
    assert START in json.loads(heap)["strings"]
    assert holder.code not in heap
    assert holder.last_name not in heap
    page.go_back()
    expect_title(page, START)
    assert [secret for secret in holder.secrets if secret in held_by(page)] == []


def test_who_needs_more_time_has_ten_times_as_much(page: Page, live_server: LiveServer) -> None:
    holder = a_holder(live_server)
    open_kiosk(page, is_attended=False)
    page.clock.install()
    read_at_once(page, holder.code)
    expect_title(page, "Bonjour Madame la Maire")
    page.get_by_role("button", name="Prendre plus de temps").click()
    stand_still(page)
    for _ in range(3):
        page.clock.run_for(60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Madame la Maire")
    page.clock.run_for(21_000)
    expect_title(page, START)


def test_a_cancelled_badge_goes_to_the_welcome_desk(page: Page, live_server: LiveServer) -> None:
    holder = a_holder(live_server)
    open_kiosk(page)
    with inside(live_server):
        revoke_badge(Act(SYSTEM), holder.badge_id, "perdu")
    read(page, holder.code)
    expect_title(page, "Nous ne pouvons pas vous accueillir ici")
    expect(page.locator("#lead")).to_contain_text("Adressez-vous à l’accueil")
    assert holder.last_name not in held_by(page)
    inspect(page)
    read(page, "https://exemple.fr/une-affiche")
    expect(page.locator("#lead")).to_contain_text("n’est pas celui d’un badge")


def test_somebody_without_a_badge_registers_and_gets_one(
    page: Page, live_server: LiveServer
) -> None:
    open_kiosk(page)
    press(page, "Je n’ai pas de badge")
    expect_title(page, "Qui êtes-vous\u00a0?")
    expect(page.get_by_role("button", name="Terminer")).to_be_hidden()
    expect(page.get_by_role("button", name="Suivant")).to_be_in_viewport(ratio=1)
    inspect(page)
    press(page, "Suivant")
    expect(page.get_by_role("radio", name="Madame")).to_be_focused()
    expect(page.get_by_text("Indiquez le prénom.")).to_be_visible()
    page.keyboard.press("Space")
    page.get_by_label("Prénom").fill("Colombe")
    page.get_by_label("Nom", exact=True).fill("Ferrier")
    page.keyboard.press("Enter")
    expect_title(page, "Qui représentez-vous\u00a0?")
    inspect(page)
    press(page, "Suivant")
    expect(page.get_by_text("Choisissez la fonction.")).to_be_visible()
    page.get_by_label("Fonction", exact=True).select_option("town_clerk")
    page.get_by_role("textbox", name="Commune").fill("clermont de nulle part")
    press(page, "Suivant")
    expect_title(page, "Encore un instant")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    inspect(page)
    press(page, "M’inscrire")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui représentez-vous\u00a0?")
    expect(page.get_by_role("textbox", name="Commune")).to_be_focused()
    page.get_by_role("textbox", name="Commune").fill("clermont")
    page.get_by_role("button", name="Clermont-l'Hérault").click()
    press(page, "Suivant")
    press(page, "M’inscrire")
    expect_title(page, "Bonjour Madame")
    expect(page.locator("#lead")).to_have_text("Votre entrée est enregistrée.")
    expect(page.get_by_text("Colombe Ferrier", exact=True)).to_be_visible()
    page.get_by_role("button", name="Terminer").click()
    expect_title(page, START)
    assert "Ferrier" not in held_by(page) + kept_by(page)


def test_a_printed_badge_held_to_the_camera_welcomes_its_holder_without_network(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    holder = a_holder(live_server)
    badge = printed_badge(live_server, tmp_path, holder.code)
    live_server.flask("worker", "--once")
    give_camera(page.context)
    open_kiosk(page, is_kept=True)
    expect(page.locator("#camera-place")).to_be_visible()
    live_server.stop()
    hold(page, tilted(badge))
    expect_title(page, re.compile(f"^(Bonjour|Bienvenue).*{holder.first_name}"))
    expect(page.locator("#camera-place")).to_be_hidden()
    assert len(stored_rows(page)) == 1
