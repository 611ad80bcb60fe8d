"""The queue of a stand: a phone takes a number, an agent calls it, the screen shows it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser, check_is_fit, enter, open_at, until
from tests.browser.stations import IS_LIT, WATCH_LIGHT


@pytest.fixture
def desk(open_browser: OpenBrowser) -> Page:
    """The browser of an agent on duty, at half past ten, on the page of their stand's queue."""
    page = open_browser(1280, 720).new_page()
    open_at(page, "10 h 30")
    enter(page, "Entrer comme agent")
    page.goto("/planning/file")
    return page


def look_again(page: Page) -> None:
    """What the page does by itself every few seconds."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_a_phone_takes_a_number_an_agent_calls_it_and_the_screen_shows_it(
    page: Page, desk: Page
) -> None:
    number = desk.url.rpartition("/")[2]
    page.goto(f"/stand/{number}/file")
    check_is_fit(page)
    page.get_by_label("Code du badge").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Numéro 1")).to_be_visible()
    expect(page.locator("[data-say]")).to_have_text("Vous êtes le prochain numéro")
    check_is_fit(page)
    leave = page.get_by_role("button", name="Je quitte la file")
    leave.focus()

    page.context.grant_permissions(["screen-wake-lock"])
    screen = page.context.new_page()
    screen.add_init_script(WATCH_LIGHT)
    screen.goto(f"/stand/{number}/ecran")
    expect(screen.locator("#screen-next li")).to_have_text(["1"])
    until(screen, IS_LIT)
    check_is_fit(screen)

    look_again(desk)
    call = desk.get_by_role("button", name=re.compile("^Appeler"))
    expect(call).to_be_visible()
    check_is_fit(desk)
    call.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Vous appelez le numéro 1")).to_be_visible()
    check_is_fit(desk)

    look_again(page)
    expect(page.locator("[data-say]")).to_contain_text("C’est votre tour")
    expect(page.locator("#queue-said")).to_contain_text("C’est votre tour")
    expect(page).to_have_title(re.compile("^Numéro 1, c’est votre tour"))
    expect(leave).to_be_focused()
    check_is_fit(page)
    look_again(screen)
    expect(screen.locator("#screen-called strong")).to_have_text("1")
    expect(screen.locator("#screen-next li")).to_have_text(["Personne n’attend"])

    page.context.set_offline(True)
    look_again(screen)
    old = re.compile(r"plus à jour depuis 10\sh\s3\d")
    expect(screen.locator("#screen-lost")).to_have_text(old)
    expect(screen.locator("#screen-called strong")).to_have_text("1")
    look_again(page)
    old = re.compile(r"Dernière mise à jour à 10\sh\s3\d")
    expect(page.locator("#queue-lost")).to_have_text(old)
    page.context.set_offline(False)
    desk.get_by_role("button", name="Pas là").click()
    look_again(screen)
    expect(screen.locator("#screen-lost")).to_be_empty()
    expect(screen.locator("#screen-called li")).to_have_text(["Personne pour l’instant"])
    look_again(page)
    expect(page.locator("[data-say]")).to_contain_text("Vous avez été appelé")
