"""Clients: one process and one kept connection each, on raw sockets, so that they cost little."""

import multiprocessing
import random
import re
import resource
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psutil

from bench.report import Line, Target, at_most, below, percentile
from bench.web import Web

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TIMEOUT_S = 30

Requests = Callable[[int], Iterator[bytes]]
"""The requests of client number n, without end."""


@dataclass(frozen=True)
class Measure:
    """The answers that all clients saw: answers a second, and the time of each answer."""

    seconds: float
    latencies_ms: list[float]
    refused: list[str]
    processor_s: float
    database_s: float
    others: float
    """Cores that other programs of the machine kept busy meanwhile."""

    @property
    def rate(self) -> float:
        return len(self.latencies_ms) / self.seconds

    @property
    def processor_us(self) -> float:
        """Processor time of the workers for one answer; other programs, which take their caches,
        may double it."""
        return self.processor_s / len(self.latencies_ms) * 1e6

    @property
    def database_us(self) -> float:
        """Processor time of the database's own processes for one answer."""
        return self.database_s / len(self.latencies_ms) * 1e6

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


def measure(
    web: Web,
    requests: Requests,
    seconds: float,
    clients: int = 8,
    arrivals: float | None = None,
    database_s: Callable[[], float] = lambda: 0.0,
) -> Measure:
    """Send requests from `clients` processes for `seconds`, each waiting for its answer.

    `arrivals`: requests a second of all clients together, which arrive at random moments whether
    the ones before were answered or not; without it, a client asks again once it is answered.
    `database_s`: processor seconds that a server of databases has used.
    """
    begin, all_before, clients_before = time.monotonic(), _busy_s(), _children_s()
    before, database_before = web.processor_s(), database_s()
    fork = multiprocessing.get_context("fork")
    start_at = time.monotonic() + 0.2
    receivers: list[Connection] = []
    processes = []
    for number in range(clients):
        receiver, sender = fork.Pipe(duplex=False)
        moments = _moments(start_at, seconds, arrivals and arrivals / clients)
        arguments = (web.port, requests(number), moments, sender)
        process = fork.Process(target=_client, args=arguments)
        process.start()
        sender.close()
        receivers.append(receiver)
        processes.append(process)
    results: Sequence[tuple[list[float], list[str]]] = [receiver.recv() for receiver in receivers]
    for process in processes:
        process.join()
    server_spent, database_spent = web.processor_s() - before, database_s() - database_before
    own = server_spent + database_spent + _children_s() - clients_before
    return Measure(
        seconds,
        [latency for latencies, _ in results for latency in latencies],
        [words for _, refused in results for words in refused],
        server_spent,
        database_spent,
        max(0.0, _busy_s() - all_before - own) / (time.monotonic() - begin),
    )


def _busy_s() -> float:
    """Processor seconds of the whole machine, those that its host takes from it included."""
    times = psutil.cpu_times()
    busy = (times.user, times.nice, times.system, times.irq, times.softirq, times.steal)
    return float(sum(busy))


def _children_s() -> float:
    """Processor seconds of the clients that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _moments(start_at: float, seconds: float, arrivals: float | None) -> Iterator[float]:
    """Yield the moment from which the answer to each request of a client is waited for.

    A request that arrives while the one before has no answer waits from its arrival; a client that
    the machine wakes late counts from then.
    """
    clock, chance, end = time.monotonic, random.Random(), start_at + seconds
    while clock() < start_at:
        time.sleep(0.005)
    if arrivals is None:
        while (begin := clock()) < end:
            yield begin
        return
    due = clock()
    while (due := due + chance.expovariate(arrivals)) < end:
        if (early := due - clock()) > 0:
            time.sleep(early)
            yield clock()
        else:
            yield due


def _client(
    port: int, requests: Iterator[bytes], moments: Iterator[float], answer: Connection
) -> None:
    latencies: list[float] = []
    refused: list[str] = []
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in moments:
            connection.sendall(next(requests))
            status, body = receive(connection)
            latencies.append((time.monotonic() - begin) * 1000)
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
    """p50, p95, p99 of the answers in ms, processor time, load of the machine by others.

    The percentile `judged` is below `limit_ms`; the processor time is `processor_ms` at most.
    """
    measures = (ours, floors, base)
    processor = at_most(processor_ms * 1000, "µs") if processor_ms else None
    return [
        latency_line(f"  p{percent} ms", measures, percent, limit_ms if percent == judged else None)
        for percent in (50, 95, 99)
    ] + [
        line_of(
            "  µs of the server’s processor",
            measures,
            lambda measure: measure.processor_us,
            processor,
        ),
        line_of(
            "  cores that others keep busy", measures, lambda measure: measure.others, digits=1
        ),
    ]


def latency_line(
    name: str, measures: Sequence[Sequence[Measure]], percent: int, limit_ms: float | None = None
) -> Line:
    """Return a percentile of the time of answers in ms, below `limit_ms`."""
    target = below(limit_ms) if limit_ms else None
    return line_of(name, measures, lambda measure: measure.at(percent / 100), target, digits=1)


def line_of(
    name: str,
    measures: Sequence[Sequence[Measure]],
    figure: Callable[[Measure], float],
    target: Target | None = None,
    digits: int = 0,
) -> Line:
    """Return the figure of the application, of its floor and, where there is one, of another
    commit.
    """
    ours, floor, *base = ([figure(measure) for measure in several] for several in measures)
    return Line(name, ours, floor, target, digits, base[0] if base else ())
