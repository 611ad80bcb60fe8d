"""Scans at the door while an organiser exports 60,000 people, beside the same time without."""

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial

from bench.fairs import Fair, durable_postgres, postgres_fair, sqlite_fair
from bench.long_answers import Answer, Watch, ask, cookie_of, scan
from bench.report import Line, below, exactly, percentile, print_table, step
from bench.scans import BADGES
from bench.web import Web, serve
from salon import create_app
from salon.entrance.services.offline_list import update_list
from salon.platform.database.db import db
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import read_settings

EXPORTS = ("xlsx", "csv")
STATIONS, EVERY_S = 3, 0.3
"""Ten scans a second."""
SECONDS = 20.0
ROUNDS = 3
SLOWEST_MS = 200
GIVEN_UP_S = 120.0

Round = dict[str, list[Answer]]
"""The answers to scans and to pages."""


def run() -> None:
    """Exports and their absence in turn, on each database, on the server that `serve` starts."""
    step("exports beside scans on SQLite")
    with sqlite_fair(BADGES) as fair:
        _compare("SQLite", fair)
    step("exports beside scans on PostgreSQL")
    with durable_postgres() as server, postgres_fair(server, BADGES) as fair:
        _compare("PostgreSQL", fair)


def _compare(database: str, fair: Fair) -> None:
    _bring_list_up_to_date(fair)
    cookie, codes = cookie_of(fair), fair.codes()
    rounds: dict[str, list[Round]] = {kind: [] for kind in ("", *EXPORTS)}
    exports: dict[str, list[Answer]] = {kind: [] for kind in EXPORTS}
    with serve(fair.environment()) as web:
        web.start()
        for number in range(ROUNDS + 1):
            for kind, measured in rounds.items():
                asks = _asks(web, fair, codes)
                with Watch(asks, EVERY_S) as watch:
                    if number and kind:
                        exports[kind] += _exported(web, kind, cookie)
                    else:
                        time.sleep(SECONDS if number else 2.0)
                if number:  # before: what a first request loads
                    measured.append(_by_kind(watch.answers))
    for kind in EXPORTS:
        beside, without = rounds[kind], rounds[""]
        answers = ", ".join(f"{status} in {seconds:.1f} s" for seconds, status in exports[kind])
        print_table(
            f"Beside exports of {BADGES:,} people as {kind.upper()}, {database}, ms",
            [
                _line("scan, median", "scan", beside, without, lambda ms: percentile(ms, 0.5)),
                _line("  p99", "scan", beside, without, lambda ms: percentile(ms, 0.99)),
                _line("  slowest", "scan", beside, without, max, is_judged=True),
                _line("page, slowest", "page", beside, without, max),
                Line("not answered by 200", *map(_refused, (beside, without)), exactly(0)),
            ],
            f"floor: without export, in turn, {ROUNDS} rounds of {SECONDS:g} s or more;"
            f" {STATIONS / EVERY_S:g} scans a second from {STATIONS} stations.",
            f"exports, one after the other: {answers}.",
        )


def _bring_list_up_to_date(fair: Fair) -> None:
    """Seal the labels of badges that were inserted in bulk, as the worker does when they come."""
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        update_list(real_now())
        db.session.remove()
        db.engine.dispose()


def _asks(web: Web, fair: Fair, codes: Sequence[str]) -> dict[str, Callable[[], Answer]]:
    """Return how stations scan, each its share of the badges, and how a page is asked for."""

    def station(number: int) -> Callable[[], Answer]:
        turn = itertools.cycle(codes[number::STATIONS])
        return lambda: scan(web.port, fair, next(turn))

    stations = {f"scan {number}": station(number) for number in range(STATIONS)}
    return {**stations, "page": partial(ask, web.port, "/exposants")}


def _exported(web: Web, kind: str, cookie: str) -> list[Answer]:
    """Export for SECONDS, one file after the other; the last one is waited for."""
    path, headers = f"/organisation/participants.{kind}", {"Cookie": cookie}
    end, answers = time.monotonic() + SECONDS, []
    while time.monotonic() < end:
        answers.append(ask(web.port, path, timeout_s=GIVEN_UP_S, headers=headers))
    return answers


def _by_kind(answers: dict[str, list[Answer]]) -> Round:
    """Return the answers to all stations together, and those to pages."""
    of_scans = [answer for name, given in answers.items() if name != "page" for answer in given]
    return {"scan": of_scans, "page": answers["page"]}


def _refused(rounds: Sequence[Round]) -> list[float]:
    """Return how many answers of each round were not 200."""
    return [
        sum(status != 200 for answers in measured.values() for _, status in answers)
        for measured in rounds
    ]


def _line(
    name: str,
    asked: str,
    beside: Sequence[Round],
    without: Sequence[Round],
    figure: Callable[[list[float]], float],
    is_judged: bool = False,
) -> Line:
    ours, floor = (
        [figure([1000 * seconds for seconds, _ in measured[asked]]) for measured in rounds]
        for rounds in (beside, without)
    )
    return Line(name, ours, floor, below(SLOWEST_MS, "ms") if is_judged else None, digits=1)
