"""Clients that remember what they were told: a station that scans, people who register.

Each of them asks again, with the same id or key, what got no answer, as a phone or a browser does.
"""

import html
import http.client
import itertools
import json
import re
import ssl
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlencode

from bench.fairs import Fair

HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|submission_key)"[^>]*value="([^"]+)"')
BETWEEN_TRIES_S = 0.05
PATIENCE_S = 30
Headers = dict[str, str]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Ledger:
    """The acts that were acknowledged (scan → verdict, address of a person, private token of an
    appointment), and the number of those that were not.

    `waits`: of each act, when it was first asked for and the seconds until its answer.
    """

    scans: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    appointments: set[str] = field(default_factory=set)
    waits: list[tuple[float, float]] = field(default_factory=list)
    unanswered: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    trouble: list[float] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return len(self.scans) + len(self.people)


@dataclass(frozen=True)
class Door:
    """The address that callers ask: a port of 127.0.0.1. `tls`: their trust store, for https."""

    port: int
    tls: ssl.SSLContext | None = None

    def open(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.tls)


class Caller:
    """One kept connection, opened again when it breaks, and the cookies of a browser."""

    def __init__(self, door: Door | int) -> None:
        self.connection = (Door(door) if isinstance(door, int) else door).open()
        self.cookies: dict[str, str] = {}
        self.headers: http.client.HTTPMessage | None = None

    def ask(
        self, method: str, path: str, body: str = "", headers: Headers | None = None
    ) -> tuple[int, str, str]:
        """Status, text and place pointed to. Raises OSError or HTTPException when unanswered."""
        status, content, location = self.ask_bytes(method, path, body, headers)
        return status, content.decode(), location

    def ask_bytes(
        self, method: str, path: str, body: str = "", headers: Headers | None = None
    ) -> tuple[int, bytes, str]:
        """Do as `ask`, but return the content undecoded; save the answer's `headers`."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body.encode() or None, sent)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        self.headers = answer.headers
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content, answer.getheader("Location", "")

    def acts(self) -> Iterator["Act"]:
        """Yield the requests of this caller, in order."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


class Station(Caller):
    """Scans one badge after the other."""

    def __init__(self, door: Door | int, fair: Fair, codes: Sequence[str]) -> None:
        super().__init__(door)
        self.token = fair.token
        self.codes = itertools.cycle(codes)

    def acts(self) -> Iterator["Act"]:
        for code in self.codes:
            scan = {
                "scan_id": str(uuid.uuid4()),
                "code": code,
                "scanned_at": datetime.now(UTC).isoformat(),
                "door": "A",
                "direction": "in",
            }
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            }
            body = json.dumps({"scans": [scan]})
            yield Act(self, "/api/v1/scans", body, headers, scan=scan["scan_id"])


class Visitors(Caller):
    """People who open the registration page, fill it in and send it, one after the other."""

    def __init__(self, door: Door | int, name: str) -> None:
        super().__init__(door)
        self.name = name

    def acts(self) -> Iterator["Act"]:
        for number in itertools.count():
            address = f"{self.name}.{number}@charge.example"
            self.cookies.clear()
            try:
                status, page, _ = self.ask("GET", "/inscription")
            except (OSError, http.client.HTTPException):
                time.sleep(BETWEEN_TRIES_S)
                continue
            if status != 200:
                continue
            fields = {
                **{name: html.unescape(value) for name, value in HIDDEN.findall(page)},
                "civility": "madame",
                "first_name": "Hélène",
                "last_name": f"D’Ornac {self.name} {number}",
                "function": "mayor",
                "commune": "Espondeilhan",
                "email": address,
                "half_day": "morning",
            }
            yield Act(self, "/inscription", urlencode(fields), FORM, person=address)


@dataclass(frozen=True)
class Act:
    """One thing asked for, as often as it takes to be answered."""

    caller: Caller
    path: str
    body: str
    headers: Headers
    scan: str = ""
    person: str = ""
    is_booking: bool = False

    def attempt(self, ledger: Ledger) -> bool:
        """Ask once and write the outcome in the ledger; return False when asking again may help."""
        try:
            status, text, location = self.caller.ask("POST", self.path, self.body, self.headers)
        except (OSError, http.client.HTTPException):
            ledger.unanswered += 1
            ledger.trouble.append(time.monotonic())
            return False
        if self.scan and status == 200:
            ledger.scans[self.scan] = json.loads(text)["results"][0]["verdict"]
            return True
        if self.person and status in (302, 303):
            ledger.people.add(self.person)
            return True
        if self.is_booking and status in (302, 303):
            ledger.appointments.add(location.rpartition("/")[2])
            return True
        ledger.refused.append((status, text))
        ledger.trouble.append(time.monotonic())
        return status < 500


class Crowd:
    """Stations and visitors at work in threads; as a context it waits for their last answers.

    `more`: who works beside them, each in a thread.
    """

    def __init__(
        self,
        door: Door | int,
        fair: Fair,
        stations: int = 2,
        visitors: int = 2,
        more: Sequence["Caller"] = (),
    ) -> None:
        self.stopping = threading.Event()
        codes = fair.codes()
        callers: list[Caller] = [
            *(Station(door, fair, codes[n::stations]) for n in range(stations)),
            *(Visitors(door, f"{'abcdefgh'[n]}{uuid.uuid4().hex[:8]}") for n in range(visitors)),
            *more,
        ]
        self.ledgers = [Ledger() for _ in callers]
        self.threads = [
            threading.Thread(target=self._work, args=pair, daemon=True)
            for pair in zip(callers, self.ledgers, strict=True)
        ]

    def _work(self, caller: Caller, ledger: Ledger) -> None:
        with caller:
            for act in caller.acts():
                begin = time.monotonic()
                while not act.attempt(ledger):
                    time.sleep(BETWEEN_TRIES_S)
                ledger.waits.append((begin, time.monotonic() - begin))
                if self.stopping.is_set():
                    return

    @property
    def ledger(self) -> Ledger:
        """Return the merged ledgers of all callers."""
        whole = Ledger()
        for ledger in self.ledgers:
            whole.scans |= ledger.scans
            whole.people |= ledger.people
            whole.appointments |= ledger.appointments
            whole.waits += ledger.waits
            whole.unanswered += ledger.unanswered
            whole.refused += ledger.refused
            whole.trouble += ledger.trouble
        return whole

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)
        if any(thread.is_alive() for thread in self.threads):
            raise RuntimeError(f"no answer for {PATIENCE_S} s: {self.ledger.refused[-1:]}")


def act_in_turn(port: int, fair: Fair, scans: int = 0, registrations: int = 0) -> Ledger:
    """So many scans, then registrations, one after the other; each must be acknowledged."""
    ledger = Ledger()
    with Station(port, fair, fair.codes()) as station, Visitors(port, "turn") as visitors:
        for acts, count in ((station.acts(), scans), (visitors.acts(), registrations)):
            for _ in range(count):
                next(acts).attempt(ledger)
    if ledger.acknowledged != scans + registrations:
        raise RuntimeError(f"{ledger.unanswered} unanswered, refused: {ledger.refused[:1]}")
    return ledger
