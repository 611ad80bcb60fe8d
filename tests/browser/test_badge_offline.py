"""The badge on a phone: it opens without network, as its pages say, until it is taken away."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, axe, enter, scrolls_sideways, until

KEPT = "Ce badge est gardé sur cet appareil"


def open_badge(page: Page) -> str:
    """The badge of the demonstration, once the phone has kept it; answers its path."""
    enter(page, "Ouvrir son badge")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("#device-words")).to_contain_text(KEPT)
    return re.sub(r"^https?://[^/]+", "", page.url)


def test_the_badge_and_its_appointments_open_again_without_network(
    page: Page, context: BrowserContext
) -> None:
    path = open_badge(page)
    code = page.locator(".e-badge__code svg").inner_html()
    appointments = page.locator("section[aria-labelledby=rendez-vous]").inner_text()
    context.set_offline(True)
    page.reload()
    expect(page.locator("#without-network")).to_be_visible()
    assert page.locator(".e-badge__code svg").inner_html() == code
    assert page.locator("section[aria-labelledby=rendez-vous]").inner_text() == appointments
    assert not scrolls_sideways(page)
    assert axe(page) == []
    page.close()
    again = context.new_page()
    again.goto(path)
    expect(again.locator(".e-badge__code svg")).to_be_visible()
    again.goto(f"{path}/modifier")
    expect(again).to_have_url(re.compile(rf"{path}\?reseau=absent$"))
    expect(again.locator("#without-network")).to_be_visible()


def test_a_server_that_is_down_is_as_no_network(page: Page, live_server: LiveServer) -> None:
    open_badge(page)
    live_server.stop()
    page.reload()
    expect(page.locator("#without-network")).to_be_visible()
    expect(page.locator(".e-badge__code svg")).to_be_visible()


def test_a_badge_taken_away_or_revoked_is_no_longer_kept(
    page: Page, context: BrowserContext
) -> None:
    path = open_badge(page)
    page.get_by_role("button", name="L’effacer de cet appareil").press("Enter")
    expect(page.locator("#device-words")).to_contain_text("effacé de cet appareil")
    until(page, "async () => !(await caches.match(location.pathname))")
    page.reload()
    expect(page.locator("#device-words")).to_contain_text(KEPT)
    page.goto(f"{path}/annuler")
    page.get_by_role("button", name=re.compile("Annuler")).last.click()
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette inscription est annulée")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette inscription est annulée")
