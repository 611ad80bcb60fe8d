"""A real server (as in production) on the demonstration's data, and a real Chromium."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from salon.platform.settings.installation import ROOT
from tests.chromium import windowless_path
from tests.commands import application, flask
from tests.conftest import build_once, copy_demonstration
from tests.exhibitors.apply.company_server import company_server
from tests.processes import PATIENCE_S, free_port, tied

AXE = ROOT / ".vendor-test"
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


expect.set_options(timeout=PATIENCE_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


class LiveServer:
    """The web server with one worker on its own data; it can be stopped and started again."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.environment = {
            **os.environ,
            "SALON_DATA": str(data),
            "PORT": str(self.port),
            "SALON_DEMONSTRATION": "1",
        }
        self.environment.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    def application(self) -> AbstractContextManager[Flask]:
        """The application on the server's data, in this process."""
        return application(self.environment)

    def flask(self, *words: str) -> str:
        """What a command of the application prints."""
        with self.application() as app:
            result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    def launch(self) -> "subprocess.Popen[bytes]":
        line = [
            *(sys.executable, "-m", "webserver", "app:app"),
            *("--port", str(self.port), "--workers", "1"),
        ]
        return subprocess.Popen(tied(*line), cwd=ROOT, env=self.environment)

    def start(self) -> None:
        self.process = self.launch()
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=PATIENCE_S):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def restore(server: LiveServer, seeded: Path) -> None:
    """The demonstration again, under a server that runs: it keeps nothing but in its data."""
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=30):
        pass  # it has one thread: what the last test left waiting is now done
    for path in server.data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif not path.name.startswith("salon.sqlite"):
            path.unlink()
    copy_demonstration(seeded, server.data, "salon.sqlite*")
    with (
        closing(sqlite3.connect(seeded / "salon.sqlite")) as source,
        closing(sqlite3.connect(server.data / "salon.sqlite", timeout=30)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


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
def chromium(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh browser on a phone; asking anything of another host fails the test."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="fr-FR"
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    outside: list[str] = []
    # Chromium's own reader of PDF files loads itself.
    inside = (live_server.url, "data:", "blob:", "chrome:", "chrome-extension:")
    context.on(
        "request",
        lambda request: None if request.url.startswith(inside) else outside.append(request.url),
    )
    yield context
    context.close()
    assert outside == []


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
