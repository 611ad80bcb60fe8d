"""Everybody who arrives in the busiest hour of a fair, each kind at its own rate.

Each thing arrives whether the ones before were answered or not.
"""

import asyncio
import json
import multiprocessing
import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from bench.people import HIDDEN
from bench.rush import BookingBrowser, Browser, Mailbox, Rush

DOORS = 24
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
LEFT_S = 15.0
"""After the last arrival, for what is still to be answered."""


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


def load(guests: Guests, box: Mailbox, factor: int, seconds: float) -> Seen:
    """Send `factor` times the RATES for so long, from a process of its own."""
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
