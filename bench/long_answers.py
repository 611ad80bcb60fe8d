"""The slowest page, scan and probe beside long answers, a frozen database and a stopped process.

Each case is measured with this code and, with BENCH_BASE, with the code of another commit.
"""

import http.client
import itertools
import json
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.commits import base_codes
from bench.fairs import Fair, durable_postgres, postgres_fair, sqlite_fair
from bench.report import step
from bench.web import ROOT, Web
from salon import create_app
from salon.platform.database.db import db
from salon.platform.database.identity import Role
from salon.platform.settings.installation import read_settings
from tests.factories import sign_in
from tests.pages import PageClient
from tests.postgres import Server

PEOPLE = 10_000
EXPORT = "/organisation/participants.xlsx"
GIVEN_UP_S = 40.0
EVERY_S = 0.05
CALM_S, FROZEN_S = 2.0, 20.0
CASES = ("exports", "slow", "lock", "stopped", "frozen")
SLOW_PAGE = '''"""The application, with a page of five seconds."""
import time
from app import app as salon

def app(environ, start):
    if environ["PATH_INFO"] == "/five-seconds":
        time.sleep(5)
    return salon(environ, start)

app.long_paths = getattr(salon, "long_paths", None)
'''

Answer = tuple[float, int]
"""Seconds, then the status; 0 where none came."""
Episode = Callable[[Web, Fair], None]


def ask(
    port: int,
    path: str,
    body: str = "",
    timeout_s: float = GIVEN_UP_S,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    begin = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)) as connection:
        try:
            connection.request("POST" if body else "GET", path, body or None, headers or {})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
    return time.monotonic() - begin, status


def scan(port: int, fair: Fair, code: str) -> Answer:
    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": code,
        "scanned_at": datetime.now(UTC).isoformat(),
        "door": "A",
        "direction": "in",
    }
    head = {"Authorization": f"Bearer {fair.token}", "Content-Type": "application/json"}
    return ask(port, "/api/v1/scans", json.dumps({"scans": [scan]}), headers=head)


class Watch:
    """Asks for each thing every `every_s`, or as soon as it is answered, until the context ends."""

    def __init__(self, asks: Mapping[str, Callable[[], Answer]], every_s: float = EVERY_S) -> None:
        self.every_s = every_s
        self.answers: dict[str, list[Answer]] = {name: [] for name in asks}
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._watch, args=(name, act), daemon=True)
            for name, act in asks.items()
        ]

    def _watch(self, name: str, act: Callable[[], Answer]) -> None:
        due = time.monotonic()
        while not self.over.wait(max(0.0, due - time.monotonic())):
            due = time.monotonic() + self.every_s
            self.answers[name].append(act())

    def __enter__(self) -> "Watch":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def page_and_probes(web: Web, fair: Fair) -> dict[str, Callable[[], Answer]]:
    """Return how a page, a scan and the probes are asked for."""
    codes = itertools.cycle(fair.codes()[:500])
    return {
        "page": lambda: ask(web.port, "/exposants"),
        "scan": lambda: scan(web.port, fair, next(codes)),
        "/healthz": lambda: ask(web.port, "/healthz"),
        "/readyz": lambda: ask(web.port, "/readyz"),
    }


def exports(count: int, cookie: str) -> Episode:
    def act(web: Web, fair: Fair) -> None:
        headers = {"Cookie": cookie}
        with ThreadPoolExecutor(count) as pool:
            asked = [
                pool.submit(ask, web.port, EXPORT, timeout_s=300, headers=headers)
                for _ in range(count)
            ]
        answers = sorted(answer.result() for answer in asked)
        words = ", ".join(f"{status} in {seconds:.0f} s" for seconds, status in answers)
        print(f"  exports: {words}", flush=True)

    return act


def slow_pages(web: Web, fair: Fair) -> None:
    threads = [threading.Thread(target=ask, args=(web.port, "/five-seconds")) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def held_lock(web: Web, fair: Fair) -> None:
    with closing(sqlite3.connect(fair.data / "salon.sqlite")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(8)


def stopped_process(web: Web, fair: Fair) -> None:
    process = web.workers()[0]
    process.suspend()
    time.sleep(FROZEN_S)
    try:
        process.resume()
    except psutil.NoSuchProcess:
        return


def frozen(server: Server) -> Episode:
    def act(web: Web, fair: Fair) -> None:
        postmaster = server.postmaster()
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            process.suspend()
        time.sleep(FROZEN_S)
        for process in reversed(processes):
            process.resume()

    return act


def measured(fair: Fair, episode: Episode) -> dict[str, list[Answer]]:
    """Return the answers during an episode, with what a first request loads loaded before."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "slow_page.py").write_text(SLOW_PAGE)
        environ = fair.environment(PYTHONPATH=f"{fair.code}:{folder}")
        with Web("slow_page:app", environ, code=fair.code) as web:
            web.start()
            code = fair.codes()[0]
            for _ in range(20):
                ask(web.port, "/exposants")
                scan(web.port, fair, code)
            with Watch(page_and_probes(web, fair)) as watch:
                time.sleep(CALM_S)
                episode(web, fair)
    return watch.answers


def words(answers: Sequence[Answer]) -> str:
    slowest = max(answers)
    failed = sum(status != 200 for _, status in answers)
    ordered = sorted(seconds for seconds, _ in answers)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"max {slowest[0]:6.2f} p95 {p95:6.3f} s, {failed}/{len(answers)} not 200"


@contextmanager
def fairs(visitors: int, server: Server | None = None) -> Iterator[list[tuple[str, Fair]]]:
    with ExitStack() as stack:
        yield [
            (
                "now" if code == ROOT else "before",
                stack.enter_context(
                    postgres_fair(server, visitors, code)
                    if server
                    else sqlite_fair(visitors, code=code)
                ),
            )
            for code in (*base_codes(), ROOT)
        ]


def report(name: str, both: Sequence[tuple[str, Fair]], episode: Callable[[Fair], Episode]) -> None:
    step(name)
    for version, fair in both:
        for asked, answers in measured(fair, episode(fair)).items():
            print(f"  {name:34} {version:7} {asked:9} {words(answers)}", flush=True)


def run(names: Sequence[str] = CASES) -> None:
    with fairs(PEOPLE) as both:
        cookies = {fair.data: cookie_of(fair) for _, fair in both}
        if "exports" in names:
            for count in (1, 6, 30):
                report(
                    f"{count} exports",
                    both,
                    lambda fair, count=count: exports(count, cookies[fair.data]),  # type: ignore[misc]
                )
        if "slow" in names:
            report("two pages of 5 s", both, lambda fair: slow_pages)
        if "lock" in names:
            report("SQLite's lock held 8 s", both, lambda fair: held_lock)
        if "stopped" in names:
            report("a stopped web process", both, lambda fair: stopped_process)
    if "frozen" in names:
        with durable_postgres() as server, fairs(300, server) as both:
            report("a frozen PostgreSQL", both, lambda fair: frozen(server))


def cookie_of(fair: Fair) -> str:
    """Return the cookie of an organiser."""
    app = create_app(read_settings(fair.environment()))
    app.test_client_class = PageClient
    name = app.config["SESSION_COOKIE_NAME"]
    with app.app_context():
        cookie = sign_in(app, Role.ORGANISER).get_cookie(name)
        db.session.remove()
        db.engine.dispose()
    assert cookie is not None
    return f"{name}={cookie.value}"


if __name__ == "__main__":
    run(sys.argv[1:] or CASES)
