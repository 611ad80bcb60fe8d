"""Nothing of an agent's page stays on a shared phone."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, until
from tests.browser.my_rota import STRIP, caches, open_rota


def test_signing_out_leaves_nothing_on_the_phone(page: Page, context: BrowserContext) -> None:
    open_rota(page)
    assert caches(page) != []
    page.goto("/village")
    page.locator(".site-nav summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/")
    assert caches(page) == []
    assert (
        page.evaluate("() => Object.keys(localStorage).filter((one) => !one.includes(':seen:'))")
        == []
    )
    assert (
        page.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)")
        == 0
    )
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/planning")


def test_without_network_signing_out_wipes_and_says_so(page: Page, context: BrowserContext) -> None:
    open_rota(page)
    context.set_offline(True)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planning effacé de ce téléphone")
    assert caches(page) == []
    context.set_offline(False)
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()


def test_an_answer_that_comes_once_the_phone_was_wiped_is_not_kept(
    page: Page, live_server: LiveServer
) -> None:
    open_rota(page)
    page.route("**/healthz", lambda route: route.abort())
    with live_server.suspended():
        page.evaluate("() => { window.late = fetch('/planning').then((answer) => answer.text()); }")
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Planning effacé de ce téléphone")
        assert caches(page) == []
    assert "Agnès" in page.evaluate("() => window.late")
    page.unroute("**/healthz")
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    assert caches(page) == []


def test_a_phone_that_wrongly_says_it_is_offline_asks_and_tells_the_server(
    page: Page, context: BrowserContext
) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    open_rota(page)
    expect(page.locator("html")).not_to_have_class(re.compile("is-offline"))
    with page.expect_request(lambda sent: sent.url.endswith("/planning")):
        page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(page.locator("html")).not_to_have_class(re.compile("is-offline"))
    page.goto("/village")
    page.locator(".site-nav summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    assert caches(page) == []


def test_a_refused_session_wipes_the_page(page: Page, context: BrowserContext) -> None:
    open_rota(page)
    context.clear_cookies()
    page.goto("/planning")
    expect(page).to_have_url(re.compile("/connexion"))
    assert caches(page) == []


def test_a_page_left_open_goes_when_the_session_is_refused(
    page: Page, context: BrowserContext
) -> None:
    """The page is on the phone, without network, and its session was closed meanwhile."""
    open_rota(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator(STRIP)).to_contain_text("Hors connexion")
    context.clear_cookies()
    context.set_offline(False)
    expect(page).to_have_url(re.compile("/connexion"))
    assert caches(page) == []


def test_who_signs_in_next_does_not_find_the_page(page: Page, context: BrowserContext) -> None:
    """The session ended without a word: the sign-in page makes room for somebody else."""
    open_rota(page)
    context.clear_cookies()
    page.goto("/connexion")
    until(page, "() => caches.keys().then((all) => all.length === 0)")
