"""What counting for Prometheus costs a scan, and what an answer of /metrics costs."""

from contextlib import ExitStack
from time import monotonic

from bench.fairs import sqlite_fair
from bench.load import measure
from bench.report import Line, at_most, print_table, step
from bench.scans import scan_requests
from bench.web import Web

BADGES = 5_000
CLIENTS = 4
ROUNDS = 9
SECONDS = 2.0
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"


def run() -> None:
    """Scans one by one on two copies of one database, with and without the metrics, in turn."""
    step("metrics")
    with ExitStack() as stack:
        fairs = [stack.enter_context(sqlite_fair(BADGES)) for _ in range(2)]
        environments = (fairs[0].environment(METRICS_TOKEN=TOKEN), fairs[1].environment())
        servers = [stack.enter_context(Web("app:app", environ)) for environ in environments]
        for server in servers:
            server.start()
        codes, token = fairs[0].codes(), fairs[0].token
        counted, plain = [], []
        for number in range(ROUNDS + 1):
            requests = scan_requests(codes, token, number, 1)
            turn = servers if number % 2 else servers[::-1]
            costs = {}
            for server in turn:
                result = measure(server, requests, SECONDS, CLIENTS)
                costs[server] = result.processor_us
            if number:  # the first round opens connections and prepares statements
                counted.append(costs[servers[0]])
                plain.append(costs[servers[1]])
        shares = [100 * (ours / floor - 1) for ours, floor in zip(counted, plain, strict=True)]
        answers = [_seconds_to_answer(servers[0]) for _ in range(ROUNDS)]
    print_table(
        f"Metrics, {CLIENTS} clients, 2 workers, SQLite, {ROUNDS} rounds of {SECONDS:g} s",
        [
            Line("CPU of a scan, µs", counted, plain),
            Line("more CPU, % of each pair", shares, (), at_most(3, "%"), digits=1),
            Line("an answer of /metrics, ms", answers, digits=1),
        ],
        "floor: the same server without METRICS_TOKEN, in turn.",
    )


def _seconds_to_answer(server: Web) -> float:
    begin = monotonic()
    if server.status_of("/metrics", Authorization=f"Bearer {TOKEN}") != 200:
        raise RuntimeError("/metrics was refused")
    return 1000 * (monotonic() - begin)
