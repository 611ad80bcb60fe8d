"""Clients: one process and one kept connection each, on raw sockets, so that they cost little."""

import multiprocessing
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.report import Line, at_most, below, percentile
from bench.web import Web

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TIMEOUT_S = 30

Requests = Callable[[int], Iterator[bytes]]
"""The requests of client number n, without end."""


@dataclass(frozen=True)
class Measure:
    """What clients saw together: answers a second, and the time of each answer."""

    seconds: float
    latencies_ms: list[float]
    refused: list[str]
    processor_s: float

    @property
    def rate(self) -> float:
        return len(self.latencies_ms) / self.seconds

    @property
    def processor_us(self) -> float:
        """Processor time of the workers for one answer: others on the machine hardly change it."""
        return self.processor_s / len(self.latencies_ms) * 1e6

    def at(self, share: float) -> float:
        return percentile(self.latencies_ms, share)


def get(path: str, cookie: str = "") -> bytes:
    signed_in = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{signed_in}\r\n".encode()


def post_json(path: str, body: bytes, token: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def receive(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of one answer."""
    received = connection.recv(65536)
    while (end := received.find(b"\r\n\r\n")) < 0:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        received += more
    length = LENGTH.search(received, 0, end + 2)
    if length is None:
        raise ConnectionError(f"no Content-Length in {received[:200]!r}")
    body = received[end + 4 :]
    while len(body) < int(length[1]):
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        body += more
    return int(received[9:12]), body


def measure(web: Web, requests: Requests, seconds: float, clients: int = 8) -> Measure:
    """Sends requests from `clients` processes for `seconds`, each waiting for its answer."""
    before = web.processor_s()
    fork = multiprocessing.get_context("fork")
    start_at = time.monotonic() + 0.2
    receivers: list[Connection] = []
    processes = []
    for number in range(clients):
        receiver, sender = fork.Pipe(duplex=False)
        arguments = (web.port, requests(number), start_at, seconds, sender)
        process = fork.Process(target=_client, args=arguments)
        process.start()
        sender.close()
        receivers.append(receiver)
        processes.append(process)
    results: Sequence[tuple[list[float], list[str]]] = [receiver.recv() for receiver in receivers]
    for process in processes:
        process.join()
    return Measure(
        seconds,
        [latency for latencies, _ in results for latency in latencies],
        [words for _, refused in results for words in refused],
        web.processor_s() - before,
    )


def _client(
    port: int, requests: Iterator[bytes], start_at: float, seconds: float, answer: Connection
) -> None:
    latencies: list[float] = []
    refused: list[str] = []
    clock = time.monotonic
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while clock() < start_at:
            time.sleep(0.005)
        end = start_at + seconds
        while (begin := clock()) < end:
            connection.sendall(next(requests))
            status, body = receive(connection)
            latencies.append((clock() - begin) * 1000)
            if status != 200:
                refused.append(f"{status} {body[:300]!r}")
    answer.send((latencies, refused[:20]))


def time_lines(
    ours: Sequence[Measure],
    floors: Sequence[Measure],
    judged: int,
    limit_ms: float = 50,
    processor_ms: float | None = None,
    base: Sequence[Measure] = (),
) -> list[Line]:
    """p50, p95, p99 of the answers in ms, processor time.

    The percentile `judged` is below `limit_ms`; the processor time is `processor_ms` at most.
    """
    processor = at_most(processor_ms * 1000, "µs") if processor_ms else None
    return [
        Line(
            f"  p{percent} ms",
            [each.at(percent / 100) for each in ours],
            [floor.at(percent / 100) for floor in floors],
            below(limit_ms) if percent == judged else None,
            digits=1,
            base=[each.at(percent / 100) for each in base],
        )
        for percent in (50, 95, 99)
    ] + [
        Line(
            "  µs of the server’s processor",
            [each.processor_us for each in ours],
            [floor.processor_us for floor in floors],
            processor,
            base=[each.processor_us for each in base],
        )
    ]
