"""A journey in WebKitGTK in the suite; with EVERY_JOURNEY=1 all in all, as a table."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import LiveServer, lasting_server, live_server
from tests.browser.printed import printed_badges
from tests.browser.stations import build_list
from tests.browsers.drivers import BROWSERS, virtual_display
from tests.browsers.journeys import JOURNEYS, Fair
from tests.conftest import copy_data

__all__ = ["lasting_server", "live_server"]

SHORT = (("WebKitGTK", "badge"),)
WITH_BADGES = ("scanner", "borne")
EVERY = tuple((browser, journey) for journey in JOURNEYS for browser in BROWSERS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "journey" in metafunc.fixturenames:
        pairs = EVERY if os.environ.get("EVERY_JOURNEY") else SHORT
        metafunc.parametrize(("browser", "journey"), pairs)


@pytest.fixture(scope="session", autouse=True)
def display() -> Iterator[None]:
    """Every browser draws on a screen in memory."""
    with virtual_display() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", name)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        yield


@pytest.fixture(scope="session")
def badges(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return two badges as they are printed."""
    folder = tmp_path_factory.mktemp("printed")
    return printed_badges(LiveServer(copy_data(seeded, folder / "data")), folder, 2)


@pytest.fixture
def fair(journey: str, live_server: LiveServer, request: pytest.FixtureRequest) -> Fair:
    """Badges are printed for the journeys that show them to a camera."""
    if journey in WITH_BADGES:
        build_list(live_server)
    shown = request.getfixturevalue("badges") if journey in WITH_BADGES else {}
    return Fair(live_server, shown)


def unescaped(name: str) -> str:
    """Return a parameter's name as it was given: pytest writes « ’ » as « \\u2019 »."""
    return name.encode("ascii").decode("unicode_escape")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table: a row for each journey, a column for each browser."""
    outcomes = {
        tuple(unescaped(named.group(1)).split("-", 1)): state
        for state in ("passed", "failed", "error")
        for report in terminalreporter.stats.get(state, ())
        if (named := re.search(r"tests/browsers/.*\[(.+)\]$", report.nodeid))
    }
    if not outcomes or not os.environ.get("EVERY_JOURNEY"):
        return
    terminalreporter.section("journeys in each browser")
    terminalreporter.write_line("".join(f"{name:22}" for name in ("", *BROWSERS)))
    for journey in JOURNEYS:
        cells = [outcomes.get((browser, journey), "") for browser in BROWSERS]
        words = ["ok" if cell == "passed" else cell for cell in cells]
        terminalreporter.write_line("".join(f"{cell:22}" for cell in (journey, *words)))
