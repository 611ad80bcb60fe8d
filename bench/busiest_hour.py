"""The busiest hour of a national fair through HTTP: its cost, and how far one machine goes.

60,000 visitors, 1,200 exhibitors, 24 doors, three days. Each thing arrives at its own rate, whether
the ones before were answered or not; the rates are then doubled until the machine does not follow.
"""

import asyncio
import json
import multiprocessing
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

import psutil
from sqlalchemy import insert, select, text

from bench.bookers import mailbox
from bench.bookings import make_slots, opened
from bench.exhibitors import add_exhibitors
from bench.fairs import Fair, durable_postgres, postgres_fair
from bench.people import HIDDEN
from bench.report import Line, below, exactly, percentile, print_table, step
from bench.rush import BookingBrowser, Browser, Mailbox, Rush
from bench.web import Web
from bench.workers import Worker
from salon.accounts.services.stations import issue_station_token
from salon.badges.models import Commune
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Door, EditionDay
from salon.fair.queries import get_public_edition
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM
from tests.postgres import Server
from tests.postman import open_postman

VISITORS, EXHIBITORS, DOORS, DAYS = 60_000, 1_200, 24, 3
RATES = {
    "scans": DOORS / 3,  # a person every three seconds at each door: half of all visitors
    "registrations": 0.5,  # 1,800 in that hour
    "bookings": 0.25,  # 900
    "pages": 20.0,  # six by each of 12,000 telephones
    "station calls": DOORS / 12,  # each station: its report, its list, its settings
}
"""Arrivals a second in the busiest hour."""
LISTS, REPORTS = 0.4, 0.4
"""Shares of the calls of a station; the rest ask for its settings."""
PAGES = {
    "/": 3,
    "/exposants": 4,
    "/exposants?q=eau": 2,
    "/exposants/<slug>": 4,
    "/plan": 3,
    "/plan/N1": 2,
    "/programme": 2,
    "/village": 1,
}
"""Address → weight."""
SECONDS, WARM_S, LEFT_S = 10.0, 3.0, 15.0
"""Of each step; before the first; after each, for what is still to be answered."""
MOST_STEPS = 7
P99_MS = 1_000
BUSY = 0.9
AGENTS = 60
LIMITS = {"BOOKINGS_PER_MINUTE": "1000000000", "HOLDS_PER_NETWORK": "1000000000"}
SAMPLE_S = 0.2
WAITING = text(
    "SELECT wait_event_type || ' ' || wait_event FROM pg_stat_activity WHERE state = 'active'"
    " AND pid <> pg_backend_pid() AND wait_event_type IN ('Lock', 'LWLock', 'IO')"
)


@dataclass(frozen=True)
class Guests:
    """The facts of the fair that the clients need."""

    port: int
    codes: Sequence[str]
    tokens: Sequence[str]
    slugs: Sequence[str]
    communes: Sequence[str]
    theme: str
    edition_id: int


@dataclass
class Seen:
    """The answers that clients saw in one step; `late_ms`: delays of the clients themselves."""

    kinds: dict[str, Rush] = field(default_factory=dict)
    late_ms: float = 0.0

    @property
    def latencies_ms(self) -> list[float]:
        return [latency for kind in self.kinds.values() for latency in kind.latencies_ms]

    @property
    def failures(self) -> int:
        """Return the number of answers 5xx, and of requests without answer (status 0)."""
        statuses = sum((kind.statuses for kind in self.kinds.values()), Counter[int]())
        return sum(n for status, n in statuses.items() if status == 0 or status >= 500)

    @property
    def refusals(self) -> int:
        """Return the number of answers 4xx: a rate limit, or a client that is wrong."""
        statuses = sum((kind.statuses for kind in self.kinds.values()), Counter[int]())
        return sum(n for status, n in statuses.items() if 400 <= status < 500)


@dataclass
class Step:
    """The rates of the busiest hour times `factor`. Cores: processor seconds for the arrivals of a
    second, whenever they were spent."""

    factor: int
    seen: Seen
    web: float
    postgres: float
    worker: float
    busy: float
    waits: Counter[str]
    memory_mb: float

    @property
    def cores(self) -> float:
        return self.web + self.postgres + self.worker

    @property
    def p99_ms(self) -> float:
        return percentile(self.seen.latencies_ms, 0.99)

    @property
    def is_good(self) -> bool:
        return self.p99_ms <= P99_MS and not self.seen.failures

    def bottleneck(self, processes: int) -> str:
        if self.busy >= BUSY:
            parts = f"web {self.web:.2f}, PostgreSQL {self.postgres:.2f}, worker {self.worker:.2f}"
            return f"processors ({self.busy:.0%} busy; cores: {parts}; then clients and others)"
        if self.web >= BUSY * processes:
            return f"web processes ({self.web:.2f} cores for {processes} of them: add some)"
        [(wait, count), *_] = self.waits.most_common(1) or [("nothing that was seen", 0)]
        return f"waits in PostgreSQL: {wait} ({count} samples); processors {self.busy:.0%} busy"


def run() -> None:
    processes = os.cpu_count() or 1
    with durable_postgres() as server, postgres_fair(server, VISITORS) as fair:
        step(f"{EXHIBITORS:,} exhibitors, {DOORS} doors, {DAYS} days")
        with Web("app:app", fair.environment(**LIMITS), workers=processes) as web:
            guests = _prepare(fair, web.port)
            web.start()
            with (
                open_postman() as postman,
                Worker(fair, SMTP_HOST="127.0.0.1", SMTP_PORT=str(postman.port)) as worker,
            ):
                worker.wait_until_calm()
                steps = list(_steps(fair, server, web, worker, guests))
    _print_first(steps[0], processes)
    _print_steps(steps, processes)


def _prepare(fair: Fair, port: int) -> Guests:
    with opened(fair):
        edition = get_public_edition()
        add_exhibitors(edition.id, EXHIBITORS)
        theme = make_slots(AGENTS)
        day = edition.days[0]
        more_days = [
            {"day_on": day.day_on + timedelta(days=n), "opens": day.opens, "closes": day.closes}
            for n in range(1, DAYS)
        ]
        doors = [{"code": f"P{n}", "label": f"Porte {n}"} for n in range(DOORS)]
        with transaction(edition) as session:
            for table, rows in ((EditionDay, more_days), (Door, doors)):
                session.execute(insert(table), [{"edition_id": edition.id, **r} for r in rows])
        tokens = [issue_station_token(f"Porte {n}", edition.id, SYSTEM) for n in range(DOORS)]
        placed = select(Exhibitor.slug).where(Exhibitor.stand_id.is_not(None))
        session = current_session()
        slugs = [slug for slug in session.scalars(placed) if slug]
        communes = list(session.scalars(select(Commune.name).order_by(Commune.code)))
        edition_id = edition.id
    return Guests(port, fair.codes(), tokens, slugs, communes, theme, edition_id)


def _steps(fair: Fair, server: Server, web: Web, worker: Worker, guests: Guests) -> Iterator[Step]:
    """Yield the steps of the load, up to the first that the machine does not follow."""
    _load(guests, mailbox(fair), 1, WARM_S)
    for number in range(MOST_STEPS):
        factor = 2**number
        step(f"×{factor}")
        with _watched(fair, server, web, worker) as figures:
            seen = _load(guests, mailbox(fair), factor, SECONDS)
        result = Step(factor, seen, **figures)
        yield result
        if not result.is_good:
            return


@contextmanager
def _watched(fair: Fair, server: Server, web: Web, worker: Worker) -> Iterator[dict[str, Any]]:
    """Yield the cores that processes use in the context, and what PostgreSQL waits for."""
    figures: dict[str, Any] = {}

    def spent() -> tuple[float, float, float]:
        return web.processor_s(), server.processor_s(), worker.processor_s()

    psutil.cpu_percent()
    before = spent()
    context = multiprocessing.get_context("fork")
    end_event = context.Event()
    receiver, sender = context.Pipe(duplex=False)
    sampler = context.Process(target=_sample, args=(fair, end_event, sender))
    sampler.start()
    yield figures
    names = ("web", "postgres", "worker")
    after = spent()
    figures |= {n: (a - b) / SECONDS for n, a, b in zip(names, after, before, strict=True)}
    figures["busy"] = psutil.cpu_percent() / 100
    postmaster = server.postmaster()
    processes = [
        *web.tree(),
        postmaster,
        *postmaster.children(),
        psutil.Process(worker.process.pid),
    ]
    figures["memory_mb"] = sum(map(_memory_mb, processes))
    end_event.set()
    figures["waits"] = receiver.recv()
    sampler.join()


def _memory_mb(process: psutil.Process) -> float:
    """Return a process's memory, shared pages by their share; 0 once PostgreSQL has ended it."""
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss) / 1e6
    return 0.0


def _sample(fair: Fair, end_event: Event, answer: Connection) -> None:
    waits: Counter[str] = Counter()
    with fair.engine().connect() as connection:
        while not end_event.wait(SAMPLE_S):
            waits.update(connection.scalars(WAITING))
            connection.rollback()
    answer.send(waits)


def _load(guests: Guests, box: Mailbox, factor: int, seconds: float) -> Seen:
    """Send the load from a process of its own."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(guests, box, factor, seconds, sender))
    process.start()
    seen: Seen = receiver.recv()
    process.join()
    return seen


def _send(guests: Guests, box: Mailbox, factor: int, seconds: float, answer: Connection) -> None:
    answer.send(asyncio.run(_all(guests, box, factor, seconds)))


async def _all(guests: Guests, box: Mailbox, factor: int, seconds: float) -> Seen:
    seen = Seen({kind: Rush() for kind in RATES})
    clients = Clients(guests, box, seen)
    await asyncio.gather(
        *(clients.arrive(kind, rate * factor, seconds) for kind, rate in RATES.items())
    )
    return seen


class Clients:
    """Clients that arrive, each kind at its own rate. Stations keep their connections."""

    def __init__(self, guests: Guests, box: Mailbox, seen: Seen) -> None:
        self.guests, self.box, self.seen = guests, box, seen
        self.chance = random.Random()
        self.idle: list[Browser] = []
        self.serial = 0

    async def arrive(self, kind: str, rate: float, seconds: float) -> None:
        acts: dict[str, Callable[[Rush], Awaitable[None]]] = {
            "scans": self._scan,
            "registrations": self._register,
            "bookings": self._book,
            "pages": self._read,
            "station calls": self._call,
        }
        result = self.seen.kinds[kind]
        due = time.monotonic()
        end = due + seconds
        tasks = []
        while (due := due + self.chance.expovariate(rate)) < end:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.seen.late_ms = max(self.seen.late_ms, (time.monotonic() - due) * 1000)
            tasks.append(asyncio.create_task(self._try(acts[kind], result)))
        if tasks:
            _, unanswered = await asyncio.wait(tasks, timeout=LEFT_S)
            for task in unanswered:
                task.cancel()
                result.statuses[0] += 1

    async def _try(self, act: Callable[[Rush], Awaitable[None]], result: Rush) -> None:
        try:
            await act(result)
        except (OSError, asyncio.IncompleteReadError):
            result.statuses[0] += 1

    async def _scan(self, result: Rush) -> None:
        scan = {
            "scan_id": str(uuid.UUID(int=self.chance.getrandbits(128))),
            "code": self.chance.choice(self.guests.codes),
            "scanned_at": datetime.now(UTC).isoformat(),
            "door": f"P{self.chance.randrange(DOORS)}",
            "direction": "in",
        }
        body = json.dumps({"scans": [scan]}).encode()
        await self._as_station(result, "POST", "/api/v1/scans", body)

    async def _call(self, result: Rush) -> None:
        """Send a report or ask for the settings, both of which give the number of the badges' list,
        or ask for the changes of the list since then."""
        edition, kind = self.guests.edition_id, self.chance.random()
        if self.serial and kind < LISTS:
            path = f"/api/v1/badges?edition={edition}&since={self.serial}"
            await self._as_station(result, "GET", path)
            return
        if kind < LISTS + REPORTS:
            report = json.dumps({"waiting": 0}).encode()
            answer = await self._as_station(result, "POST", "/api/v1/station/report", report)
        else:
            answer = await self._as_station(result, "GET", "/api/v1/station")
        self.serial = json.loads(answer).get("list_serial", self.serial)

    async def _as_station(
        self, result: Rush, method: str, path: str, body: bytes | None = None
    ) -> str:
        station = self.idle.pop() if self.idle else Browser(self.guests.port, result)
        station.result = result
        token = self.chance.choice(self.guests.tokens)
        headers = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        _, page, _ = await station.exchange(method, path, headers, body)
        self.idle.append(station)
        return page

    async def _read(self, result: Rush) -> None:
        [path] = self.chance.choices(list(PAGES), list(PAGES.values()))
        visitor = Browser(self.guests.port, result)
        await visitor.ask("GET", path.replace("<slug>", self.chance.choice(self.guests.slugs)))
        visitor.close()

    async def _register(self, result: Rush) -> None:
        visitor, name = Browser(self.guests.port, result), uuid.uuid4().hex[:12]
        _, page, _ = await visitor.ask("GET", "/inscription")
        person = {
            "civility": "monsieur",
            "first_name": "Aimé",
            "last_name": f"Fabre {name}",
            "function": "mayor",
            "commune": "Espondeilhan",
            "email": f"{name}@charge.example",
            "half_day": "morning",
        }
        await visitor.ask("POST", "/inscription", {**dict(HIDDEN.findall(page)), **person})
        visitor.close()

    async def _book(self, result: Rush) -> None:
        guests, number = self.guests, self.chance.getrandbits(40)
        browser = BookingBrowser(
            guests.port, guests.theme, guests.communes, number, self.box, result
        )
        with suppress(IndexError):  # a page of error, which is counted, has no form
            await browser.run()


def _print_first(first: Step, processes: int) -> None:
    lines = []
    for kind, seen in first.seen.kinds.items():
        lines.append(Line(f"{kind} a second", [RATES[kind]], digits=2))
        lines.append(Line("  requests a second", [len(seen.latencies_ms) / SECONDS], digits=1))
        lines += [
            Line(f"  p{percent} ms", [percentile(seen.latencies_ms, percent / 100)], digits=1)
            for percent in (50, 95, 99)
        ]
    lines += [
        Line("cores: web processes", [first.web], digits=2),
        Line("cores: PostgreSQL", [first.postgres], digits=2),
        Line("cores: worker", [first.worker], digits=2),
        Line("cores together", [first.cores], digits=2),
        Line("memory of them all (PSS), MB", [first.memory_mb]),
        Line("answers 5xx, or none", [first.seen.failures], target=exactly(0)),
        Line("answers 4xx", [first.seen.refusals], target=exactly(0)),
    ]
    print_table(
        f"The busiest hour of a national fair: {VISITORS:,} visitors, {EXHIBITORS:,} exhibitors, "
        f"{DOORS} doors, {DAYS} days; PostgreSQL, {processes} web processes",
        lines,
        f"{SECONDS:g} s at the rates of that hour; the proxy is not counted.",
    )


def _print_steps(steps: Sequence[Step], processes: int) -> None:
    lines = []
    for measured_step in steps:
        latencies = measured_step.seen.latencies_ms
        lines.append(
            Line(f"×{measured_step.factor}: requests a second", [len(latencies) / SECONDS])
        )
        lines += [
            Line(f"  p{percent} ms", [percentile(latencies, percent / 100)], digits=1)
            for percent in (50, 95)
        ]
        lines += [
            Line("  p99 ms", [measured_step.p99_ms], target=below(P99_MS, "ms"), digits=1),
            Line("  answers 5xx, or none", [measured_step.seen.failures]),
            Line("  cores: web processes", [measured_step.web], digits=2),
            Line("  cores: PostgreSQL", [measured_step.postgres], digits=2),
            Line("  processors busy, %", [100 * measured_step.busy]),
            Line("  clients late themselves by at most, ms", [measured_step.seen.late_ms]),
        ]
    good = [step.factor for step in steps if step.is_good]
    most = max(good, default=0)
    cores = steps[0].cores
    print_table(
        f"How far one machine of {processes} cores goes: that hour, times…",
        lines,
        f"One machine of {processes} cores carries that hour ×{most}"
        f" ({most * RATES['scans']:g} scans, {most * RATES['pages']:g} pages a second);"
        f" the hour itself costs {cores:.2f} cores, so that a core that does nothing else"
        f" carries it ×{1 / cores:.1f}.",
        f"First bottleneck, at ×{steps[-1].factor}: {steps[-1].bottleneck(processes)}.",
        "Clients take their share of the same processors.",
    )
