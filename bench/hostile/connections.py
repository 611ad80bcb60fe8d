"""Clients that hold connections: bodies sent by halves, and connections that say nothing."""

import http.client
import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from bench.fairs import Fair, sqlite_fair
from bench.hostile.cases import Case
from bench.report import below
from bench.web import Web, serve

VISITORS = 300
HALF_SENT, IDLE = 200, 1_000
GIVEN_UP_S = 20.0
"""An answer that has not come by then counts for so long."""
HALF_BODY = (
    b"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
)
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0."


def slowest_answer_s(web: Web, fair: Fair) -> float:
    """Return the slowest of /healthz, the home page and a scan, each asked on a new connection."""
    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": fair.codes()[0],
        "scanned_at": datetime.now(UTC).isoformat(),
        "door": "A",
        "direction": "in",
    }
    body = json.dumps({"scans": [scan]})
    head = {"Authorization": f"Bearer {fair.token}", "Content-Type": "application/json"}
    return max(
        _seconds(web.port, "GET", "/healthz"),
        _seconds(web.port, "GET", "/"),
        _seconds(web.port, "POST", "/api/v1/scans", body, head),
    )


def _seconds(
    port: int, method: str, path: str, body: str = "", head: dict[str, str] | None = None
) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVEN_UP_S)
    begin = time.monotonic()
    try:
        connection.request(method, path, body, head or {})
        answer = connection.getresponse()
        text = answer.read()
    except OSError:
        return GIVEN_UP_S
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
    return time.monotonic() - begin


@contextmanager
def held(port: int, sent: Sequence[bytes]) -> Iterator[list[socket.socket]]:
    """Connections that stay open; each has sent its bytes and no more."""
    with ExitStack() as stack:
        connections = []
        for part in sent:
            connection = socket.create_connection(("127.0.0.1", port), GIVEN_UP_S)
            connections.append(stack.enter_context(connection))
            connection.sendall(part)
        yield connections


def attacked(sent: Sequence[bytes]) -> Callable[[], float]:
    """Return the measure: the slowest answer while such connections are held."""

    def measure() -> float:
        with sqlite_fair(VISITORS) as fair, serve(fair.environment()) as web:
            web.start()
            slowest_answer_s(web, fair)  # what a first request loads is loaded
            with held(web.port, sent):
                return slowest_answer_s(web, fair)

    return measure


CASES = (
    Case(
        f"{HALF_SENT} half-sent bodies: slowest answer, s",
        "none in 20",
        below(1, "s"),
        attacked([HALF_BODY] * HALF_SENT),
    ),
    Case(
        f"{IDLE:,} idle connections: slowest answer, s",
        "0.05",
        below(1, "s"),
        attacked([b""] * (IDLE // 2) + [HALF_HEAD] * (IDLE // 2)),
    ),
)
