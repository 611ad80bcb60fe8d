"""A real server (as in production) on the demonstration's data, and a real Chromium."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from salon.platform.settings.installation import ROOT
from tests.browser.server import LiveServer, restore
from tests.chromium import windowless_path
from tests.commands import flask
from tests.conftest import build_once, copy_demonstration
from tests.exhibitors.apply.company_server import company_server
from tests.processes import PATIENCE_S

AXE = ROOT / ".vendor-test"
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


expect.set_options(timeout=PATIENCE_S * 1000)

PATIENT = """(() => {
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (duration) => timeout.call(AbortSignal, 20 * duration);
})()"""
"""A busy machine is no dead network: pages wait for an answer twenty times as long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration once the worker has passed: agents have badges, messages have left."""

    def work(data: Path) -> None:
        copy_demonstration(seeded, data)
        flask(data, "worker", "--once", SALON_DEMONSTRATION="1")

    return build_once(tmp_path_factory, "worked", work)


@pytest.fixture(scope="session")
def lasting_server(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for most tests: it takes as long to start as many of them to run."""
    data = tmp_path_factory.mktemp("lasting") / "data"
    copy_demonstration(seeded, data)
    server = LiveServer(data)
    with company_server() as search:
        server.environment["COMPANY_SEARCH_URL"] = search.url
        server.start()
        yield server
        server.stop()


@pytest.fixture
def live_server(lasting_server: LiveServer, seeded: Path) -> LiveServer:
    """A running server on the demonstration as it was loaded."""
    if lasting_server.process is None:
        lasting_server.start()
    restore(lasting_server, seeded)
    return lasting_server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Callable[..., Browser]:
    """Launches Chromium, with more flags where given (a fake camera's video)."""

    def start(*flags: str, path: str | None = windowless_path()) -> Browser:
        return playwright.chromium.launch(
            executable_path=path, chromium_sandbox=False, args=[*FLAGS, *flags]
        )

    return start


@pytest.fixture(scope="session")
def lasting_chromium(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def chromium(lasting_chromium: Browser) -> Iterator[Browser]:
    """The browser of most tests; what a test leaves open in it is closed before the next one."""
    yield lasting_chromium
    for context in lasting_chromium.contexts:
        context.close()


@pytest.fixture
def open_browser(
    chromium: Browser, live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens somebody's browser, a phone unless said otherwise; asking anything of another host
    fails the test."""
    outside: list[str] = []
    # Chromium's own reader of PDF files loads itself.
    inside = (live_server.url, "data:", "blob:", "chrome:", "chrome-extension:")

    def note(request: Request) -> None:
        if not request.url.startswith(inside):
            outside.append(request.url)

    def start(width: int = 360, height: int = 740, **options: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="fr-FR",
            **options,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_init_script(PATIENT)
        context.on("request", note)
        return context

    yield start
    assert outside == []


@pytest.fixture
def context(open_browser: Callable[..., BrowserContext]) -> BrowserContext:
    return open_browser()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console errors and CSP violations fail the test."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda entry: said.append(entry.text) if entry.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.said = said  # type: ignore[attr-defined]
    yield page
    harmless = ("Failed to load resource",)
    assert [text for text in said if not text.startswith(harmless)] == []


def enter(page: Page, label: str) -> None:
    """Enter the demonstration in one role, as its button does, without drawing its page."""
    roles = page.request.get("/demonstration").text()
    form = re.search(
        r'name="csrf_token" value="([^"]+)">\s*<button [^>]*value="([^"]+)">[^<]*'
        + re.escape(label),
        roles,
        re.IGNORECASE,
    )
    assert form, f"no button « {label} »"
    sent = {"csrf_token": form[1], "role": form[2]}
    answer = page.request.post("/demonstration/entrer", form=sent, max_redirects=0)
    page.goto(answer.headers["location"])


def change_moment(page: Page, moment: str) -> None:
    """Move the demonstration's clock, from any page; a small screen folds its buttons away."""
    bar = page.locator(".demo-bar")
    button = bar.get_by_role("button", name=moment)
    if not button.is_visible():
        bar.locator("summary").click()
    # To leave before the answer would call the change off.
    with page.expect_navigation():
        button.click()


MENU_UNFOLDED = """() => !matchMedia("(min-width: 64rem)").matches
    || [...document.querySelectorAll(".section-nav details")].every((menu) => menu.open)"""
"""A script unfolds the staff's menu a frame after the screen becomes wide."""


RUN_AXE = """async () => {
  const options = {resultTypes: ["violations"], preload: {assets: ["media"]}};
  const {violations} = await axe.run(document, options);
  return violations.map(({id, help, nodes}) =>
    ({rule: id, where: nodes.slice(0, 3).map((node) => node.target), help}));
}"""
"""No rule that runs reads the style sheets that axe would load once more."""


def axe(page: Page) -> list[dict[str, Any]]:
    """The violations that axe finds, at any level."""
    until(page, MENU_UNFOLDED)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((AXE / "axe.min.js").read_text())
    violations: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return violations


def until(page: Page, script: str, seconds: float = PATIENCE_S, arg: Any = None) -> None:
    """Waits until a script answers what is true; a promise is waited for, as `wait_for_function`
    does not."""
    end = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"not so after {seconds} s: {script[:200]}"
        page.wait_for_timeout(50)


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))


def check_is_fit(page: Page) -> None:
    """Fail on what axe finds and on what is wider than the screen, on a phone and at a desk."""
    size = page.viewport_size
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == [], (page.url, width)
        assert not scrolls_sideways(page), (page.url, width)
    assert size is not None
    page.set_viewport_size(size)
