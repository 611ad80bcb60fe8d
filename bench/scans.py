"""Scans a second, one by one and in batches of 100, with 60,000 badges loaded."""

import itertools
import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from time import monotonic

from bench.fairs import CACHE, Fair, durable_postgres, file_system, postgres_fair, sqlite_fair
from bench.floors import Store
from bench.load import Measure, Requests, get, measure, post_json, time_lines
from bench.report import Line, print_table, share, step
from bench.web import Web, environment

BADGES = 60_000
CLIENTS = 8
BATCH = 100
ROUNDS = 5
SECONDS = 3.0
BATCH_SECONDS = 2.0


def run() -> None:
    step("scans on SQLite")
    with ExitStack() as stack:
        fairs = [stack.enter_context(sqlite_fair(BADGES)) for _ in range(3)]
        databases = [str(fair.data / "salon.sqlite") for fair in fairs]
        title = f"Scans, SQLite synchronous=FULL on {file_system(CACHE)}"
        _compare(title, fairs, databases, least=0.50)
    step("scans on PostgreSQL")
    with ExitStack() as stack:
        server = stack.enter_context(durable_postgres())
        fairs = [stack.enter_context(postgres_fair(server, BADGES)) for _ in range(3)]
        databases = [fair.database_url.replace("+psycopg", "") for fair in fairs]
        title = f"Scans, PostgreSQL fsync=on on {file_system(server.folder)}"
        _compare(title, fairs, databases, least=0.60)


def _compare(title: str, fairs: Sequence[Fair], databases: Sequence[str], least: float) -> None:
    """The application and its floor in turn, each on its own copy of the same database."""
    codes, token = fairs[0].codes(), fairs[0].token
    ours, floors, ours_100, floors_100, loops = [], [], [], [], []
    bare = {**environment(fairs[1].data), "BENCH_DATABASE": databases[1]}
    with Web("app:app", fairs[0].environment()) as app, Web("bench.floors:scans", bare) as floor:
        app.start()
        floor.start()
        ceiling = _ceiling()
        for number in range(ROUNDS + 1):
            single, batches = (
                scan_requests(codes, token, number, 1),
                scan_requests(codes, token, number, BATCH),
            )
            seconds = SECONDS if number else 1.0
            measures = [measure(web, single, seconds, CLIENTS) for web in (app, floor)]
            batch = [measure(web, batches, BATCH_SECONDS, CLIENTS) for web in (app, floor)]
            loop = _bare_loop(databases[2], token, batches(0), BATCH_SECONDS)
            if number == 0:
                continue  # connections are opened, statements prepared, pages read
            ours.append(_sound(measures[0]))
            floors.append(_sound(measures[1]))
            ours_100.append(_sound(batch[0]))
            floors_100.append(_sound(batch[1]))
            loops.append(loop)
    count = f"{BADGES:,} badges, {CLIENTS} clients, 2 workers of 1 thread"
    print_table(
        f"{title}, {count}",
        [
            Line("single scans/s", *_pair(ours, floors, lambda each: each.rate), share(least)),
            *time_lines(ours, floors, judged=99),
            Line("batches of 100, scans/s", *_pair(ours_100, floors_100, _scans_a_second)),
            Line("  beside the bare loop", [_scans_a_second(each) for each in ours_100], loops),
            Line(
                "  p99 of a batch, ms",
                *_pair(ours_100, floors_100, lambda measured: measured.at(0.99)),
            ),
        ],
        "floor: the same statements through the bare driver behind the same server, in turn;",
        "bare loop: the same statements, one connection, no server.",
        "badges were inserted in bulk, with the rows that registrations write.",
        f"{len(ours)} rounds of {SECONDS:g} s; the clients alone can ask {ceiling:,.0f}/s.",
    )


def _scans_a_second(measured: Measure) -> float:
    return measured.rate * BATCH


def _pair(
    ours: Sequence[Measure], floors: Sequence[Measure], figure: Callable[[Measure], float]
) -> tuple[list[float], list[float]]:
    return [figure(each) for each in ours], [figure(floor) for floor in floors]


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
    """Scans a second of one connection that does nothing but the statements."""
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
    """Answers a second when the server does nothing: what the clients cost."""
    with Web("bench.floors:nothing", environment(CACHE)) as web:
        web.start()
        return measure(web, lambda _: itertools.repeat(get("/")), 2.0, CLIENTS).rate
