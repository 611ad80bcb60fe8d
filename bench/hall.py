"""The hall without a network: 1,500 scans on three stations, and the camera's time to a verdict.

Real Chromium, its processor slowed four times as a cheap phone's, on the demonstration.
"""

import base64
import random
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image
from playwright.sync_api import Playwright, expect, sync_playwright

from bench.report import Line, at_most, exactly, percentile, print_table, step
from tests.browser.conftest import LiveServer, until
from tests.browser.hall import READY, Station, run_hall
from tests.browser.printed import TREATMENTS, printed_badges
from tests.browser.proxies import proxy_of

VISITORS = 1_500
EACH, SHARED, REVOKED = 500, 150, 3
SLOWER = 4
BADGES = 12

HAND = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const paper = canvas.getContext("2d", { alpha: false });
  const blank = () => { paper.fillStyle = "#b8b4ac"; paper.fillRect(0, 0, 640, 480); };
  let picture = null;
  setInterval(() => {
    blank();
    const shake = () => (Math.random() - 0.5) * 8;
    if (picture) paper.drawImage(picture, 80 + shake(), shake());
  }, 66);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(15);
  window.present = async (address) => {
    picture = null;
    const next = new Image();
    next.src = address;
    await next.decode();
    const box = document.getElementById("verdict");
    await new Promise((done) => { setTimeout(done, 200); });
    const start = performance.now();
    picture = next;
    while (box.hidden) {
      if (performance.now() - start > 8000) return null;
      await new Promise(requestAnimationFrame);
    }
    const took = performance.now() - start;
    const verdict = box.dataset.verdict;
    picture = null;
    box.click();
    while (!box.hidden) await new Promise(requestAnimationFrame);
    return [verdict, took];
  };
}"""
"""A camera that films a hand holding up one printed badge after the other."""


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder) / "data")
        server.data.mkdir()
        step("hall: the demonstration and its visitors")
        server.flask("db", "upgrade")
        server.flask("seed", "--visitors", str(VISITORS))
        server.start()
        try:
            _hall(playwright, server, Path(folder))
            _camera(playwright, server, Path(folder))
        finally:
            server.stop()


def _hall(playwright: Playwright, server: LiveServer, folder: Path) -> None:
    step(f"hall: {3 * EACH} scans on three stations, one killed, 30 % of the answers lost")
    with proxy_of(server.port) as proxy:
        found = run_hall(
            playwright, server, proxy, folder, EACH, SHARED, revoked=REVOKED, slower=SLOWER
        )
    print_table(
        f"Hall without a network: {found.scans:,} scans, {SHARED} of them on two stations",
        [
            Line("scans lost", [found.missing], target=exactly(0)),
            Line("duplicate events", [found.duplicates], target=exactly(0)),
            Line("events recorded", [found.recorded], target=exactly(3 * EACH)),
            Line(
                "in the inbox: two doors",
                [found.conflicts.get("double", 0)],
                target=exactly(SHARED),
            ),
            Line(
                "in the inbox: cancelled, but passed",
                [found.conflicts.get("revoked", 0)],
                target=exactly(REVOKED),
            ),
            Line("people entered", [found.entered], target=exactly(3 * EACH - SHARED)),
            Line("verdict offline, median ms", [found.verdict_median]),
            Line("verdict offline, p95 ms", [found.verdict_p95], target=at_most(300, "ms")),
            Line("time to drain, s", [found.drain], digits=1),
            Line("answers lost on the way", [found.answers_lost]),
        ],
        f"processors slowed {SLOWER} times; one browser killed (SIGKILL) half-way.",
    )


def _camera(playwright: Playwright, server: LiveServer, folder: Path) -> None:
    step("hall: the camera, offline")
    badges = printed_badges(server, folder, BADGES)
    station = Station("camera", folder / "camera", server.url)
    page = station.open(playwright)
    assert station.context is not None
    station.context.add_init_script(f"({HAND})()")
    page.goto("/demonstration")
    page.get_by_role("button", name="Ouvrir le scanner").click()
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    until(page, READY)
    page.get_by_role("button", name="Ouvrir la caméra").click()
    expect(page.locator("#camera")).to_be_visible()
    station.context.set_offline(True)
    station.slow_down(SLOWER)
    lines, every, unread = [], [], 0
    for name, treat in TREATMENTS.items():
        taken = [page.evaluate("(one) => present(one)", _address(treat, one)) for one in badges]
        times = [took for verdict, took in filter(None, taken)]
        unread += len(taken) - len(times)
        every.extend(times)
        lines.append(Line(f"{name}, median ms", times or [0.0]))
    station.context.close()
    print_table(
        f"Camera to verdict, offline: {BADGES} printed badges in {len(TREATMENTS)} ways",
        [
            *lines,
            Line("all, median ms", [median(every)]),
            Line("all, p95 ms", [percentile(every, 0.95)]),
            Line("not read in 8 s", [unread], target=exactly(0)),
        ],
        "from the first frame that shows the badge to the verdict on the screen;",
        f"640 × 480 at 15 frames a second, processor slowed {SLOWER} times.",
    )


def _address(treat: Callable[[Image.Image], Image.Image], badge: Image.Image) -> str:
    """The picture as a data: address, a little off the middle as a hand would."""
    random.seed(badge.tobytes()[:64])
    data = BytesIO()
    treat(badge).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
