"""Nine o'clock without a network: stations that scan, one that dies, a line that loses answers."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from salon.badges.models import Badge
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from tests.browser.conftest import FLAGS, LiveServer, patient, until
from tests.browser.proxies import Proxy
from tests.browser.server import HANG_S
from tests.browser.storage import ROWS, stored_rows
from tests.chromium import windowless_path

SCAN_ALL = """async (codes) => {
  const box = document.getElementById("verdict");
  const taken = [];
  for (const code of codes) {
    const shown = new Promise((done) => {
      const look = new MutationObserver(() => {
        if (box.hidden || !box.dataset.verdict || box.dataset.of === code) return;
        box.dataset.of = code;
        look.disconnect();
        done(performance.now());
      });
      look.observe(box, { attributes: true });
    });
    const start = performance.now();
    for (const key of [...code, "Enter"]) {
      document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
    const end = await shown;
    taken.push([box.dataset.verdict, end - start]);
  }
  return taken;
}"""
"""Types each code as a USB reader does; answers the verdict shown and the milliseconds to it."""


@dataclass
class Station:
    """A Chromium of its own, with a folder that outlives it."""

    name: str
    folder: Path
    url: str
    codes: list[str] = field(default_factory=list)
    opened: BrowserContext | None = None
    taken: list[tuple[str, float]] = field(default_factory=list)

    def open(self, playwright: Playwright) -> Page:
        self.opened = playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=windowless_path(),
            chromium_sandbox=False,
            args=list(FLAGS),
            base_url=self.url,
            viewport={"width": 360, "height": 740},
            locale="fr-FR",
        )
        patient(self.opened)
        return self.page

    @property
    def context(self) -> BrowserContext:
        assert self.opened is not None
        return self.opened

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def slow_down(self, times: int) -> None:
        line = self.context.new_cdp_session(self.page)
        line.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def scan(self, codes: Sequence[str]) -> None:
        self.codes.extend(codes)
        self.taken.extend((verdict, took) for verdict, took in self.page.evaluate(SCAN_ALL, codes))

    def kill(self) -> None:
        """SIGKILL to the whole browser: nothing is closed, nothing is flushed."""
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if f"--user-data-dir={self.folder}" in words and "--type=" not in " ".join(words):
                os.kill(process.pid, signal.SIGKILL)
                process.wait(HANG_S)
        (self.folder / "SingletonLock").unlink(missing_ok=True)
        self.opened = None

    def waiting(self) -> int:
        return len(stored_rows(self.page))


@dataclass(frozen=True)
class Outcome:
    """What came of it; times in milliseconds, `drain` in seconds."""

    scans: int
    recorded: int
    duplicates: int
    missing: int
    conflicts: dict[str, int]
    entered: int
    verdict_median: float
    verdict_p95: float
    drain: float
    answers_lost: int
    answers: int


def run_hall(
    playwright: Playwright,
    server: LiveServer,
    proxy: Proxy,
    folder: Path,
    each: int,
    shared: int,
    revoked: int = 0,
    slower: int = 1,
) -> Outcome:
    """Three stations scan `each` badges without network, `shared` of all these on two stations.

    `revoked` badges, scanned once, are cancelled after the stations took their list. `slower`: the
    processors of the stations are slowed that many times, as a cheap phone's.
    """
    prefix, codes = codes_of(server)
    assert len(codes) >= 3 * each - shared
    server.flask("worker", "--once")
    plans = _plans(codes, each, shared)
    stations = [Station(name, folder / name, proxy.url) for name in "ABC"]
    for other_station in stations:
        enrol(other_station, playwright)
    proxy.cut_the_line()
    for other_station in stations:
        other_station.context.set_offline(True)
        other_station.slow_down(slower)
    cancelled = [plan[-1] for plan in plans][:revoked]
    _cancel(server, cancelled)
    for other_station, plan in zip(stations, plans, strict=True):
        other_station.scan([prefix + code for code in plan[: each // 2]])
    stations[1].kill()
    page = stations[1].open(playwright)
    stations[1].context.set_offline(True)
    stations[1].slow_down(slower)
    page.goto("/scanner")  # from what the service worker kept
    expect(page.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    for other_station, plan in zip(stations, plans, strict=True):
        other_station.scan([prefix + code for code in plan[each // 2 :]])
    assert [station.waiting() for station in stations] == [each] * 3
    proxy.mend_the_line(lost=0.30)
    for other_station in stations:
        other_station.context.set_offline(False)
    start = time.monotonic()
    while any(station.waiting() for station in stations):
        assert time.monotonic() - start < HANG_S, [station.waiting() for station in stations]
        stations[0].page.wait_for_timeout(250)
    drain = time.monotonic() - start
    times = sorted(took for station in stations for _, took in station.taken)
    outcome = _outcome(server, plans, times, drain, proxy)
    for other_station in stations:
        other_station.context.close()
    return outcome


def _plans(codes: list[str], each: int, shared: int) -> list[list[str]]:
    """What each station scans: `shared` badges are seen by two of them, by turns."""
    both = codes[:shared]
    plans: list[list[str]] = [[], [], []]
    for index, code in enumerate(both):
        plans[index % 3].append(code)
        plans[(index + 1) % 3].append(code)
    rest = iter(codes[shared:])
    for plan in plans:
        plan.extend(next(rest) for _ in range(each - len(plan)))
    return plans


def codes_of(server: LiveServer) -> tuple[str, list[str]]:
    """(the address before the code, the codes) of the valid badges."""
    payloads = server.flask("badge-codes").split()
    prefix = payloads[0][: payloads[0].rindex("/") + 1]
    return prefix, [payload.removeprefix(prefix) for payload in payloads]


def enrol(
    station: Station,
    playwright: Playwright,
    prepare: Callable[[BrowserContext], None] = lambda _: None,
) -> None:
    """Opens it and makes it a station that knows the badges. `prepare`: before its first page."""
    page = station.open(playwright)
    prepare(station.context)
    page.goto("/demonstration")
    page.get_by_role("button", name="Ouvrir le scanner").click()
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    expect(page.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    until(page, READY)


READY = f"""async () => {{
  const held = await navigator.serviceWorker.ready;
  return held.active && (await ({ROWS})(["station", "list"])).length > 0;
}}"""


def _cancel(server: LiveServer, codes: list[str]) -> None:
    if codes:
        with server.application() as app, app.test_request_context():
            rows = current_session().scalars(select(Badge).where(Badge.code.in_(codes))).all()
            with transaction(*rows):
                for row in rows:
                    row.revoked_at = now()


def _outcome(
    server: LiveServer,
    plans: list[list[str]],
    times: list[float],
    drain: float,
    proxy: Proxy,
) -> Outcome:
    done = [
        (station, code)
        for station, code in server.execute(
            "SELECT scans.station_id, badges.code FROM scans JOIN badges ON badges.id = badge_id"
        )
    ]
    scanned = sorted(code for plan in plans for code in plan)
    ids = [row for (row,) in server.execute("SELECT scan_id FROM scans")]
    missing = list(scanned)
    for _, code in done:
        if code in missing:
            missing.remove(code)
    kinds = dict(
        server.execute("SELECT kind, count(*) FROM conflicts WHERE settlement = '' GROUP BY kind")
    )
    ((entered,),) = server.execute(
        "SELECT count(*) FROM presences WHERE first_entry_at IS NOT NULL"
    )
    return Outcome(
        scans=len(scanned),
        recorded=len(ids),
        duplicates=len(ids) - len(set(ids)) + len(done) - len(set(done)),
        missing=len(missing),
        conflicts=kinds,
        entered=entered,
        verdict_median=median(times),
        verdict_p95=times[int(0.95 * len(times))],
        drain=drain,
        answers_lost=proxy.dropped,
        answers=proxy.answers,
    )
