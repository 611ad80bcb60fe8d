"""What fails in the page of a device is seen by the organisers, and names nobody."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, enter
from tests.browser.stations import enrol, until_offline_ready

BREAK_DIALOGS = """() => {
  HTMLDialogElement.prototype.showModal = () => {
    throw new TypeError("nothing is shown for « Jeanne DUPONT », badge ABCD2345EFGH");
  };
  HTMLDialogElement.prototype.close = () => Promise.reject(new RangeError("no room left"));
}"""


@pytest.mark.long
def test_a_failure_at_the_door_is_seen_on_the_page_of_stations(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    enrol(page)
    until_offline_ready(page)
    page.evaluate(BREAK_DIALOGS)
    page.get_by_role("button", name="Détails").click()
    page.get_by_role("button", name="Détails").click()
    with page.expect_event("pageerror"):
        page.evaluate("() => { document.getElementById('details').close(); }")
    assert len(page.said) == 3  # type: ignore[attr-defined]
    page.said.clear()  # type: ignore[attr-defined]
    kept = page.evaluate("() => localStorage.getItem('failures')")
    assert "DUPONT" not in kept
    assert "ABCD2345" not in kept
    with page.expect_response("**/api/v1/station/report") as answer:
        page.reload()
    assert answer.value.ok
    organiser = context.browser.new_context(base_url=live_server.url)  # type: ignore[union-attr]
    desk = organiser.new_page()
    enter(desk, "Entrer comme organisateur")
    desk.goto("/organisation/stations")
    expect(desk.get_by_text("Défaillance de la page il y a 1\u00a0minute")).to_be_visible()
    desk.get_by_role("link", name="2\u00a0défaillances de la page").click()
    lines = desk.locator("#defaillances + p + ul li")
    expect(lines.nth(0)).to_contain_text("RangeError: no room left")
    expect(lines.nth(1)).to_contain_text("2 fois")
    expect(lines.nth(1)).to_contain_text("TypeError: nothing is shown for … badge …")
    expect(lines.nth(1)).to_contain_text("scanner/scanner.js:")
    organiser.close()
