"""Cost, for a scan, of counting for Prometheus and of the line of the log, in one process."""

import io
import logging
import os
from collections.abc import Iterator
from statistics import median
from time import perf_counter, thread_time

from flask import Flask

from bench.fairs import sqlite_fair
from bench.report import Line, below, print_table, step
from bench.scans import scan_requests
from salon import create_app
from salon.platform.settings.installation import read_settings
from salon.platform.settings.logs import configure_logs, log
from salon.platform.work.metrics import EXTENSION

BADGES = 5_000
SCANS = 3_000
"""In each state; the states take turns, scan by scan."""
COUNTS, LOG = 1, 2
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"


def run() -> None:
    """Scan one by one, by turns with neither, with the counts, with the log's line, with both."""
    step("metrics")
    with sqlite_fair(BADGES) as fair:
        app = create_app(read_settings(fair.environment(METRICS_TOKEN=TOKEN)))
        configure_logs(app.config["SALON"].log_format)
        with open(os.devnull, "w") as nowhere:
            for handler in logging.getLogger().handlers:
                handler.setStream(nowhere)  # type: ignore[attr-defined]
            requests = scan_requests(fair.codes(), fair.token, 0, 1)(0)
            plain, counted, logged, together = map(median, _costs(app, requests))
            answers = [_seconds_to_answer(app) * 1000 for _ in range(9)]
    print_table(
        f"Metrics and log, one process, SQLite, median of {SCANS:,} scans in each state",
        [
            Line("processor time of a scan with neither, µs", [plain]),
            Line("with the counts, µs", [counted], [plain], below(1.03 * plain, "µs (3 % more)")),
            Line("with a line of the log, µs", [logged], [plain]),
            Line("with both, as in production, µs", [together], [plain]),
            Line("an answer of /metrics, ms", answers, digits=1),
        ],
        "floor: the same process with neither, in turn.",
    )


def _costs(app: Flask, requests: Iterator[bytes]) -> tuple[list[float], ...]:
    """Return the processor time of each scan in µs: with neither, counts, the log, both."""
    metrics = app.extensions[EXTENSION]
    costs: tuple[list[float], ...] = ([], [], [], [])
    for number in range(len(costs) * SCANS):
        state = number % len(costs)
        app.extensions[EXTENSION] = metrics if state & COUNTS else None
        log.setLevel(logging.INFO if state & LOG else logging.WARNING)
        environ = _environ(next(requests))
        begin = thread_time()
        _answer(app, environ)
        costs[state].append((thread_time() - begin) * 1e6)
    app.extensions[EXTENSION] = metrics
    return costs


def _answer(app: Flask, environ: dict[str, object]) -> bytes:
    statuses: list[str] = []
    answer = b"".join(app.wsgi_app(environ, lambda status, *_: statuses.append(status)))  # type: ignore[arg-type, return-value]
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{statuses[0]}: {answer[:200]!r}")
    return answer


def _environ(request: bytes) -> dict[str, object]:
    """Return the WSGI environment of a request written as HTTP."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in (line.split(": ", 1) for line in lines)
    }
    return {
        **headers,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }


def _seconds_to_answer(app: Flask) -> float:
    environ = _environ(
        f"GET /metrics HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n{{}}".encode()
    )
    begin = perf_counter()
    _answer(app, environ)
    return perf_counter() - begin
