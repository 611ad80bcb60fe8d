"""At nine the network dies: three real browsers, one killed half-way, 30 % of the answers lost."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.browser.conftest import LiveServer
from tests.browser.hall import run_hall
from tests.browser.proxies import proxy_of


def test_a_morning_without_network_loses_nothing(
    playwright: Playwright, live_server: LiveServer, tmp_path: Path
) -> None:
    with proxy_of(live_server.port) as proxy:
        outcome = run_hall(playwright, live_server, proxy, tmp_path, each=16, shared=6, revoked=2)
    print(outcome)
    assert (outcome.scans, outcome.recorded) == (48, 48)
    assert (outcome.missing, outcome.duplicates) == (0, 0)
    assert outcome.conflicts == {"double": 6, "revoked": 2}
    assert outcome.entered == 42
    assert outcome.answers_lost > 0, "the line did lose answers"
