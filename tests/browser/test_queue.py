"""The queue of a stand: a phone takes a number, an agent calls it, the screen shows it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LiveServer, axe, change_moment, enter, scrolls_sideways


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The browser of an agent on duty, at half past ten, on the page of their stand's queue."""
    context = chromium.new_context(base_url=live_server.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/demonstration")
    change_moment(page, "10 h 30")
    enter(page, "Entrer comme agent")
    page.goto("/planning/file")
    yield page
    context.close()


def look_again(page: Page) -> None:
    """What the page does by itself every few seconds."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def check(page: Page, narrow: int) -> None:
    assert axe(page) == [], page.url
    wide = page.viewport_size
    assert wide is not None
    page.set_viewport_size({"width": narrow, "height": 740})
    assert not scrolls_sideways(page), page.url
    page.set_viewport_size(wide)


def test_a_phone_takes_a_number_an_agent_calls_it_and_the_screen_shows_it(
    page: Page, desk: Page
) -> None:
    number = desk.url.rpartition("/")[2]
    page.goto(f"/stand/{number}/file")
    check(page, 320)
    page.get_by_label("Code du badge").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Numéro 1")).to_be_visible()
    expect(page.locator("[data-say]")).to_have_text("Vous êtes le prochain numéro")
    check(page, 320)
    leave = page.get_by_role("button", name="Je quitte la file")
    leave.focus()

    screen = page.context.new_page()
    screen.goto(f"/stand/{number}/ecran")
    expect(screen.locator("#screen-next li")).to_have_text(["1"])
    check(screen, 320)

    look_again(desk)
    call = desk.get_by_role("button", name=re.compile("^Appeler"))
    expect(call).to_be_visible()
    check(desk, 320)
    call.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Vous appelez le numéro 1")).to_be_visible()
    check(desk, 320)

    look_again(page)
    expect(page.locator("[data-say]")).to_contain_text("C’est votre tour")
    expect(page.locator("#queue-said")).to_contain_text("C’est votre tour")
    expect(page).to_have_title(re.compile("^Numéro 1, c’est votre tour"))
    expect(leave).to_be_focused()
    check(page, 320)
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
