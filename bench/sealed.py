"""The sealed list of 60,000 badges: its size on the line, the time to make, send and change it,
and how long a new station waits for it."""

import gzip
import tempfile
from pathlib import Path
from time import monotonic, perf_counter

from playwright.sync_api import expect, sync_playwright
from sqlalchemy import delete, update

from bench.fairs import Fair, sqlite_fair
from bench.report import Line, at_most, below, exactly, print_table, step
from salon import create_app
from salon.badges.models import Attendee
from salon.entrance.engine.offline_list import pack
from salon.entrance.models import ListEntry
from salon.entrance.queries.stations import list_serial, list_since
from salon.entrance.services.offline_list import update_list
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from salon.platform.settings.installation import read_settings
from tests.browser.conftest import LiveServer
from tests.browser.hall import Station
from tests.browser.proxies import proxy_of

BADGES = 60_000
ROUNDS = 3
LINE_BYTES_A_SECOND = 4_000_000 / 8
"""4 Mbit/s."""
SLOWER = 4


def run() -> None:
    step(f"sealed list of {BADGES:,} badges")
    with sqlite_fair(BADGES) as fair:
        app = create_app(read_settings(fair.environment()))
        with app.app_context():
            _measure()
        _measure_device(fair)


def _measure() -> None:
    edition = get_public_edition()
    made, sent, looked, changed, deltas = [], [], [], [], []
    body = b""
    for _ in range(ROUNDS):
        with transaction() as session:
            session.execute(delete(ListEntry))
        start = perf_counter()
        update_list(now())
        made.append(perf_counter() - start)
        start = perf_counter()
        current_session().rollback()
        body = pack(edition.id, list_serial(edition.id), list_since(edition.id, 0))
        sent.append(1000 * (perf_counter() - start))
        start = perf_counter()
        update_list(now())
        looked.append(1000 * (perf_counter() - start))
        serial = list_serial(edition.id)
        with transaction() as session:
            statement = update(Attendee).where(Attendee.id % 600 == 0)
            session.execute(statement.values(version=Attendee.version + 1))
        start = perf_counter()
        changed.append(update_list(now()))
        deltas.append(1000 * (perf_counter() - start))
        current_session().rollback()
        assert len(list_since(edition.id, serial)) == changed[-1]
    size = len(gzip.compress(body))
    print_table(
        f"The list that stations keep, {BADGES:,} badges, SQLite",
        [
            Line("size, gzip, MB", [size / 1e6], target=at_most(5, "MB"), digits=2),
            Line("on a line of 4 Mbit/s, s", [size / LINE_BYTES_A_SECOND], target=at_most(15, "s")),
            Line("to make it whole, s", made, digits=1),
            Line("to answer it whole, ms", sent),
            Line("to see that nothing changed, ms", looked),
            Line("badges changed", [changed[-1]], target=exactly(BADGES // 600)),
            Line("to take 100 changes in, ms", deltas),
        ],
    )


def _measure_device(fair: Fair) -> None:
    server = LiveServer(fair.data)
    server.start()
    try:
        ready = [_ready_after(server, slower) for slower in (1, SLOWER)]
    finally:
        server.stop()
    print_table(
        "A new station on a line of 4 Mbit/s, from the button that enrols it to the list known",
        [
            Line("ready after, s", ready[:1], target=below(15, "s"), digits=1),
            Line(f"processor slowed {SLOWER} times", ready[1:], target=below(15, "s"), digits=1),
        ],
        "pages, scripts, the reader of codes and what the service worker keeps travel with it.",
    )


def _ready_after(server: LiveServer, slower: int) -> float:
    step(f"list: a new station, its processor slowed {slower} times")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        proxy_of(server.port) as proxy,
    ):
        station = Station("new", Path(folder), proxy.url)
        page = station.open(playwright)
        page.goto("/demonstration")
        page.get_by_role("button", name="Ouvrir le scanner").click()
        enrol = page.get_by_role("button", name="Faire de cet appareil une station")
        expect(enrol).to_be_visible()
        station.slow_down(slower)
        proxy.rate = LINE_BYTES_A_SECOND
        start = monotonic()
        enrol.click()
        expect(page.locator("#strip-list")).to_contain_text("badges", timeout=60_000)
        took = monotonic() - start
        station.context.close()
    return took
