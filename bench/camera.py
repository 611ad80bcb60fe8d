"""From the camera to the verdict, without network: printed badges turned, tilted, blurred, dim.

Real Chromium, its processor slowed four times as a cheap phone's, on the demonstration.
"""

from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.demonstration import demonstration
from bench.report import Line, at_most, exactly, percentile, print_table, step
from tests.browser.conftest import LiveServer
from tests.browser.hall import Station, enrol
from tests.browser.hand import PATIENCE_MS, give_camera, present
from tests.browser.printed import TREATMENTS, printed_badges

EACH = 25
SLOWER = 4


def run() -> None:
    with demonstration(1_000) as (server, folder), sync_playwright() as playwright:
        _camera(playwright, server, folder)


def _camera(playwright: Playwright, server: LiveServer, folder: Path) -> None:
    badges = list(printed_badges(server, folder, EACH * len(TREATMENTS)).values())
    station = Station("camera", folder / "camera", server.url)
    enrol(station, playwright, give_camera)
    station.page.get_by_role("button", name="Ouvrir la caméra").click()
    station.context.set_offline(True)
    server.stop()
    station.slow_down(SLOWER)
    lines, durations, unread, refused = [], [], 0, 0
    for number, (name, seen_as) in enumerate(TREATMENTS.items()):
        batch = badges[number * EACH : (number + 1) * EACH]
        step(f"camera: {EACH} badges {name}")
        readings = [present(station.page, seen_as(badge)) for badge in batch]
        times = [took for _, took in filter(None, readings)]
        refused += sum(verdict != "accepted" for verdict, _ in filter(None, readings))
        unread += readings.count(None)
        durations.extend(times)
        lines.append(Line(f"{name}, ms", times or [float(PATIENCE_MS)]))
    waiting = station.waiting()
    station.context.close()
    print_table(
        f"Camera to verdict, offline: {EACH} printed badges in each of {len(TREATMENTS)} ways",
        [
            *lines,
            Line("all, median ms", durations),
            Line("all, p95 ms", [percentile(durations, 0.95)], target=at_most(300, "ms")),
            Line("let in", [len(durations) - refused], target=exactly(len(badges))),
            Line(f"not read in {PATIENCE_MS / 1000:.0f} s", [unread], target=exactly(0)),
            Line("kept on the device", [waiting], target=exactly(len(badges))),
        ],
        "from the first frame that shows the badge to the verdict on the screen; server stopped;",
        f"1280 × 720 at 15 frames a second, the page's processor slowed {SLOWER} times.",
    )
