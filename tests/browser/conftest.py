"""A real server (as in production) on the demonstration's data, and a real Chromium."""

import re
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

from tests.browser.inspection import axe as axe
from tests.browser.inspection import check_is_fit as check_is_fit
from tests.browser.inspection import patient as patient
from tests.browser.inspection import scrolls_sideways as scrolls_sideways
from tests.browser.inspection import until as until
from tests.browser.main_journeys import NAMES as MAIN_JOURNEYS
from tests.browser.server import LiveServer, restore
from tests.chromium import windowless_path
from tests.commands import flask
from tests.conftest import build_once, copy_demonstration
from tests.exhibitors.apply.company_server import company_server
from tests.processes import PATIENCE_S as PATIENCE_S

FOLDER = Path(__file__).parent
OpenBrowser = Callable[..., BrowserContext]
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


expect.set_options(timeout=PATIENCE_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == FOLDER:
            item.add_marker(pytest.mark.browser)
            if f"{item.path.stem}.{item.name}" not in MAIN_JOURNEYS:
                item.add_marker(pytest.mark.long)


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
def open_browser(chromium: Browser, live_server: LiveServer) -> Iterator[OpenBrowser]:
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
        context.on("request", note)
        return patient(context)

    yield start
    assert outside == []


@pytest.fixture
def context(open_browser: OpenBrowser) -> BrowserContext:
    return open_browser()


@pytest.fixture
def plain_page(open_browser: OpenBrowser) -> Page:
    """A page of somebody whose phone runs no script."""
    return open_browser(java_script_enabled=False).new_page()


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


def open_at(page: Page, moment: str) -> None:
    """Open the demonstration at a moment of the fair."""
    page.goto("/demonstration")
    change_moment(page, moment)
