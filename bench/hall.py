"""The hall without a network: 1,500 scans on three stations.

Real Chromium, its processor slowed four times as a cheap phone's, on the demonstration.
"""

from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.demonstration import demonstration
from bench.report import Line, at_most, exactly, print_table, step
from tests.browser.conftest import LiveServer
from tests.browser.hall import run_hall
from tests.browser.proxies import proxy_of

VISITORS = 1_500
EACH, SHARED, REVOKED = 500, 150, 3
SLOWER = 4


def run() -> None:
    with demonstration(VISITORS) as (server, folder), sync_playwright() as playwright:
        _hall(playwright, server, folder)


def _hall(playwright: Playwright, server: LiveServer, folder: Path) -> None:
    step(f"hall: {3 * EACH} scans on three stations, one killed, 30 % of the answers lost")
    with proxy_of(server.port) as proxy:
        hall = run_hall(
            playwright, server, proxy, folder, EACH, SHARED, revoked=REVOKED, slower=SLOWER
        )
    print_table(
        f"Hall without a network: {hall.scans:,} scans, {SHARED} of them on two stations",
        [
            Line("scans lost", [hall.missing], target=exactly(0)),
            Line("duplicate events", [hall.duplicates], target=exactly(0)),
            Line("events recorded", [hall.recorded], target=exactly(3 * EACH)),
            Line(
                "in the inbox: two doors",
                [hall.conflicts.get("double", 0)],
                target=exactly(SHARED),
            ),
            Line(
                "in the inbox: cancelled, but passed",
                [hall.conflicts.get("revoked", 0)],
                target=exactly(REVOKED),
            ),
            Line("people entered", [hall.entered], target=exactly(3 * EACH - SHARED)),
            Line("verdict offline, median ms", [hall.verdict_median]),
            Line("verdict offline, p95 ms", [hall.verdict_p95], target=at_most(300, "ms")),
            Line("time to drain, s", [hall.drain], digits=1),
            Line("answers lost on the way", [hall.answers_lost]),
        ],
        f"processors slowed {SLOWER} times; one browser killed (SIGKILL) half-way.",
    )
