"""Scans a second, one by one and in batches of 100, with 60,000 badges loaded."""

import itertools
import json
import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

from bench.commits import base_codes
from bench.fairs import CACHE, Fair, durable_postgres, file_system, postgres_fair, sqlite_fair
from bench.floors import Store
from bench.load import (
    Measure,
    Requests,
    get,
    latency_line,
    line_of,
    measure,
    post_json,
    time_lines,
)
from bench.report import Line, print_table, share, step
from bench.web import ROOT, Web, environment
from tests.postgres import Server

BADGES = 60_000
CLIENTS = 8
BATCH = 100
ROUNDS = 6
WARMING_SECONDS = 0.8
STATIONS = 24
ARRIVALS = 2.0 * STATIONS
"""Scans a second that arrive at all stations: six times the busiest hour (`bench.busiest_hour`)."""


class Load(NamedTuple):
    """What clients ask for `seconds`: so many scans a request, and so many requests a second of all
    together, which arrive at random moments; without `rate`, again once they are answered."""

    batch: int
    seconds: float
    clients: int
    rate: float | None = None


SINGLES = Load(1, 3.0, CLIENTS)
ARRIVING = Load(1, 5.0, STATIONS, ARRIVALS)
BATCHES = Load(BATCH, 2.0, CLIENTS)
LOADS = (SINGLES, ARRIVING, BATCHES)


def run() -> None:
    """Scans of this code, of the floor and, with BENCH_BASE, of another commit, in turn."""
    codes = (ROOT, ROOT, ROOT, ROOT, *base_codes())
    step("scans on SQLite")
    with ExitStack() as stack:
        fairs = [stack.enter_context(sqlite_fair(BADGES, code=code)) for code in codes]
        databases = [str(fair.data / "salon.sqlite") for fair in fairs]
        title = f"Scans, SQLite synchronous=FULL on {file_system(CACHE)}"
        _compare(title, fairs, databases, least=0.60, processor_ms=1.5)
    step("scans on PostgreSQL")
    with ExitStack() as stack:
        server = stack.enter_context(durable_postgres())
        fairs = [stack.enter_context(postgres_fair(server, BADGES, code)) for code in codes]
        databases = [fair.database_url.replace("+psycopg", "") for fair in fairs]
        title = f"Scans, PostgreSQL fsync=on on {file_system(server.folder)}"
        _compare(title, fairs, databases, least=0.70, processor_ms=2, server=server)


def _compare(
    title: str,
    fairs: Sequence[Fair],
    databases: Sequence[str],
    least: float,
    processor_ms: float,
    server: Server | None = None,
) -> None:
    """The application, its floor and another commit in turn, each on its own copy of the same
    database. `fairs`: of the application, of the floor, of the bare loop, of the floor that polls,
    of the other commit. `server`: of PostgreSQL."""
    served, loop_token = [fairs[0], fairs[1], *fairs[4:]], fairs[2].token
    bare = {**environment(fairs[1].data), "BENCH_DATABASE": databases[1]}
    database_s = server.processor_s if server else lambda: 0.0
    with ExitStack() as stack:
        webs = [Web("app:app", fair.environment(), code=fair.code) for fair in served]
        webs[1] = Web("bench.floors:scans", bare)
        if not server:  # PostgreSQL locks badges one by one: nothing is polled
            polling_bare = {**bare, "BENCH_DATABASE": databases[3], "BENCH_POLLS": "1"}
            webs.append(Web("bench.floors:scans", polling_bare))
            served.append(fairs[3])
        names = [fair.codes() for fair in served]
        for web in webs:
            stack.enter_context(web)
        ceiling = _ceiling()
        measures: dict[Load, list[list[Measure]]] = {load: [[] for _ in webs] for load in LOADS}
        loops = []
        for number in range(ROUNDS):
            # Started anew for each round: of two starts, one may be a fifth faster for its life.
            for web in webs:
                web.start()
            # In either order: whoever comes after a pause finds the caches of others.
            places = list(range(len(webs)))[:: 1 if number % 2 else -1]
            for is_warm, load, place in itertools.product((False, True), LOADS, places):
                seed = 6 * number + 3 * is_warm + LOADS.index(load)
                requests = scan_requests(names[place], served[place].token, seed, load.batch)
                seconds = load.seconds if is_warm else WARMING_SECONDS
                measured = measure(
                    webs[place], requests, seconds, load.clients, load.rate, database_s
                )
                if is_warm:  # before: connections are opened, statements prepared, pages read
                    measures[load][place].append(_sound(measured))
            requests = scan_requests(names[0], loop_token, number, BATCH)
            loops.append(_bare_loop(databases[2], loop_token, requests(0), BATCHES.seconds))
            for web in webs:
                web.kill()
    compared = len(webs) if server else -1
    singles, arrivals, batches = (measures[load][:compared] for load in LOADS)
    polling = [] if server else measures[SINGLES][-1]
    ours, floors, *bases = singles
    base = bases[0] if bases else []
    count = f"{BADGES:,} badges, {CLIENTS} clients, 2 workers of 1 thread"
    database = line_of("  µs of PostgreSQL’s processor", singles, lambda single: single.database_us)
    print_table(
        f"{title}, {count}",
        [
            line_of("single scans/s", singles, lambda single: single.rate, share(least)),
            *time_lines(ours, floors, 99, 40, processor_ms, base),
            *(_beside_polling(ours, polling) if polling else []),
            *([database] if server else []),
            latency_line(f"{ARRIVALS:g} arrivals/s at {STATIONS} stations, p50 ms", arrivals, 50),
            latency_line("  p99 ms", arrivals, 99, limit_ms=40),
            line_of("batches of 100, scans/s", batches, _scans_a_second),
            Line("  beside the bare loop", [_scans_a_second(loop) for loop in batches[0]], loops),
            latency_line("  p99 of a batch, ms", batches, 99),
        ],
        "floor: the same statements through the bare driver behind the same server, in turn;",
        "bare loop: the same statements, one connection, no server.",
        "badges were inserted in bulk, with the rows that registrations write.",
        f"{len(ours)} starts, {SINGLES.seconds:g} s each.",
        f"The clients alone can ask {ceiling:,.0f}/s.",
        f"arrivals: at random moments, {ARRIVING.seconds:g} s a start; a scan that arrives while"
        " the one before has no answer waits from its arrival.",
    )


def _beside_polling(ours: Sequence[Measure], polling: Sequence[Measure]) -> list[Line]:
    """The figures beside a floor that waits for SQLite's lock as the application does: asked again
    every 0.2 ms, where SQLite sleeps longer each time."""
    both = (ours, polling)
    return [
        line_of("beside a floor that polls, scans/s", both, lambda single: single.rate),
        latency_line("  p99 ms", both, 99),
    ]


def _scans_a_second(measured: Measure) -> float:
    return measured.rate * BATCH


def _sound(measured: Measure) -> Measure:
    if measured.refused:
        raise RuntimeError(f"{len(measured.refused)} answers were not 200: {measured.refused[0]}")
    return measured


def scan_requests(codes: list[str], token: str, seed: int, batch: int) -> Requests:
    """Client n scans its share of the badges, in an order of its own; each scan has its id."""

    def requests(client: int) -> Iterator[bytes]:
        chance = random.Random(f"{seed} {client} {batch}")
        own = codes[client::CLIENTS]
        chance.shuffle(own)
        turn = itertools.cycle(own)
        at = datetime.now(UTC).isoformat()
        while True:
            scans = [
                {
                    "scan_id": str(uuid.UUID(int=chance.getrandbits(128))),
                    "code": f"HTTPS://SALON.HERAULT.FR/B/{next(turn)}",
                    "scanned_at": at,
                    "door": "A",
                    "direction": "in",
                }
                for _ in range(batch)
            ]
            yield post_json("/api/v1/scans", json.dumps({"scans": scans}).encode(), token)

    return requests


def _bare_loop(database: str, token: str, requests: Iterator[bytes], seconds: float) -> float:
    """Return the scans a second of one connection that runs nothing but the statements."""
    store = Store(database)
    station, edition = store.station(token)
    end, count, spent = monotonic() + seconds, 0, 0.0
    while monotonic() < end:
        scans = json.loads(next(requests).partition(b"\r\n\r\n")[2])["scans"]
        begin = monotonic()
        store.record(station, edition, scans)
        spent += monotonic() - begin
        count += len(scans)
    store.driver.connection.close()
    return count / spent


def _ceiling() -> float:
    """Return the answers a second when the server does nothing: the cost of the clients."""
    with Web("bench.floors:nothing", environment(CACHE)) as web:
        web.start()
        return measure(web, lambda _: itertools.repeat(get("/")), 2.0, CLIENTS).rate
