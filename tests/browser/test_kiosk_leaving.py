"""A kiosk that is left: a visit given up, another badge, its PIN."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe, until
from tests.browser.hand import give_camera, hold
from tests.browser.kiosk import (
    CONFIG,
    START,
    a_holder,
    expect_title,
    held_by,
    inspect,
    kept_by,
    open_kiosk,
    press,
    settle,
)
from tests.browser.printed import printed_badge, tilted
from tests.browser.reader import read

PIN = "4821"


def test_a_filled_form_is_given_up_on_purpose_only(page: Page, live_server: LiveServer) -> None:
    holder = a_holder(live_server)
    give_camera(page.context)
    open_kiosk(page)
    page.get_by_role("button", name="Je n’ai pas de badge").click()
    page.get_by_role("button", name="Abandonner").click()
    expect_title(page, START)
    page.get_by_role("button", name="Je n’ai pas de badge").click()
    page.get_by_label("Prénom").fill("Colombe")
    read(page, holder.code)
    page.get_by_role("button", name="Abandonner").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ce que vous avez tapé sera effacé.")
    expect(dialog.get_by_role("button", name="Continuer l’inscription")).to_be_focused()
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Prénom")).to_have_value(re.compile("^Colombe"))
    page.get_by_role("button", name="Abandonner").click()
    dialog.get_by_role("button", name="Tout effacer").click()
    expect_title(page, START)
    assert "Colombe" not in held_by(page) + kept_by(page)
    expect(page.get_by_role("button", name="Abandonner")).to_be_hidden()


def test_another_badge_ends_the_visit_and_begins_its_own(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    holder = a_holder(live_server)
    codes = [address[-26:] for address in live_server.flask("badge-codes", "--limit", "2").split()]
    other_code = next(code for code in codes if code != holder.code)
    badge, other_badge = (
        printed_badge(live_server, tmp_path, code) for code in (holder.code, other_code)
    )
    give_camera(page.context)
    open_kiosk(page)
    expect(page.locator("#camera-place")).to_be_visible()
    hold(page, tilted(badge))
    expect_title(page, "Bonjour Madame la Maire")
    page.get_by_role("button", name="C’est bien moi").click()
    expect_title(page, "Que souhaitez-vous faire\u00a0?")
    hold(page, tilted(other_badge))
    expect(page.get_by_role("button", name="C’est bien moi")).to_be_visible()
    assert holder.last_name not in held_by(page)


WRONG_TRIES = """(wrong) => {
  const kept = JSON.parse(localStorage.getItem("kiosk-pin"));
  return kept !== null && kept.wrong === wrong;
}"""
"""A PIN takes a while to be looked at: the next one is typed after its answer."""


def test_only_its_pin_leaves_it(page: Page, live_server: LiveServer) -> None:
    open_kiosk(page, is_kept=True)
    settle(live_server)
    page.reload()
    expect_title(page, START)
    for keys in ("Escape", "Alt+ArrowLeft", "F5"):
        page.keyboard.press(keys)
    page.go_back()
    page.go_back()
    expect_title(page, START)
    assert page.evaluate(
        "() => !document.body.dispatchEvent(new MouseEvent('contextmenu',"
        " {bubbles: true, cancelable: true}))"
    )
    until(page, f"() => ({CONFIG})().then((one) => one && !one.kiosk.pin_hash)")
    page.get_by_role("button", name="Quitter la borne").click()
    expect_title(page, "Aucun code n’est fixé")
    settle(live_server, pin=PIN)
    page.reload()
    until(page, f"() => ({CONFIG})().then((one) => one && one.kiosk.pin_hash)")
    expect_title(page, START)
    page.context.set_offline(True)
    press(page, "Quitter la borne")
    expect_title(page, "Quitter la borne")
    inspect(page)
    for tried in range(5):
        page.get_by_label("Code de la borne").fill("0000")
        page.get_by_role("button", name="Valider").click()
        words = "Ce n’est pas le code" if tried < 4 else "Attendez"
        page.wait_for_function(WRONG_TRIES, arg=(tried + 1) % 5)
        expect(page.locator("#lead")).to_contain_text(words)
    expect_title(page, "Trop d’essais")
    page.reload()
    page.get_by_role("button", name="Quitter la borne").click()
    expect_title(page, "Trop d’essais")
    page.get_by_role("button", name="Terminer").click()
    page.clock.install()
    page.clock.run_for(61_000)
    page.get_by_role("button", name="Quitter la borne").click()
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Valider").click()
    expect_title(page, "Réglages de la borne")
    inspect(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Quitter la borne").click()
    page.wait_for_url(f"{live_server.url}/")
