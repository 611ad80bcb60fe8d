"""One visitor after another: nothing of them stays in the kiosk's memory."""

from playwright.sync_api import Page

from tests.browser.conftest import LiveServer
from tests.browser.kiosk import open_kiosk
from tests.browser.kiosk_visits import visits

VISITS = 8


def test_eight_visits_leave_no_more_in_memory_than_the_first_ones(
    page: Page, live_server: LiveServer
) -> None:
    addresses = live_server.flask("badge-codes").split()[:VISITS]
    codes = [address.rpartition("/")[2] for address in addresses]
    assert len(codes) == VISITS, "a badge presented again within four seconds is read once"
    open_kiosk(page)
    before, after, took = visits(page, codes, VISITS)
    print(f"{VISITS} visits, {took * 1000:.0f} ms each: {before} then {after}")
    assert after.nodes == before.nodes
    assert after.listeners <= before.listeners
    assert after.heap < before.heap * 1.1
