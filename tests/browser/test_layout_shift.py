"""Nothing that a host reads moves while the scanner opens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LiveServer, until
from tests.browser.stations import enrol

WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SETTLED = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(window.shift)));
})"""
MOST = 0.1
"""What the Web Vitals call good: https://web.dev/articles/cls."""


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=live_server.url, locale="fr-FR", viewport={"width": 390, "height": 844}
    )
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_the_scanner_opens_without_moving_what_is_read(phone: Page) -> None:
    enrol(phone)
    assert phone.evaluate(SETTLED) <= MOST
    phone.reload()
    until(phone, "() => document.getElementById('strip-list').textContent.includes('badge')")
    assert phone.evaluate(SETTLED) <= MOST
