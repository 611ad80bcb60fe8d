"""Answers granian's requests (RSGI) with a WSGI application, in threads that wait for no client.

A request takes a thread once its body is whole; its answer is made whole before it leaves. So a
client that sends or reads slowly holds a few kilobytes, and no thread. Requests that read, requests
that write and requests that carry a file have a thread each: pages answer while a write waits for
the database, and both while a file is looked at.
"""

import asyncio
import io
import sys
import threading
import time
from _thread import LockType
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from webserver import RECEIVED_AT, SAFE_METHODS
from webserver.refusals import FAILED, STOPPING, TOO_MANY, TOO_SLOW, Refusal, refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

IN_MEMORY = 1_000_000
SWEEP_S, LAST_SWEEPS_S = 0.5, 0.02
"""How often deadlines are looked at, and how often once the process is ending."""


@dataclass(frozen=True)
class Limits:
    """Durations in seconds, sizes in bytes."""

    body_s: float = 29.0
    """A request that is not whole after this time is refused, whatever it still sends."""
    queue_s: float = 10.0
    """A request that no thread has taken after this time is refused."""
    body_bytes: int = 21_000_000
    """Of a longer body, the application gets the length alone, and refuses it by itself."""


class FileAnswer:
    """A file as an answer (`wsgi.file_wrapper`), which granian reads by itself."""

    def __init__(self, file: IO[bytes], block: int = 64 * 1024) -> None:
        self.file, self.block = file, block

    def __iter__(self) -> "FileAnswer":
        return self

    def __next__(self) -> bytes:
        part = self.file.read(self.block)
        if not part:
            raise StopIteration
        return part

    def close(self) -> None:
        self.file.close()

    @property
    def path(self) -> str:
        """Return the path of a file on disk that was not read yet, else an empty string."""
        name = getattr(self.file, "name", None)
        return name if isinstance(name, str) and self.file.tell() == 0 else ""


@dataclass(eq=False, slots=True)
class Ticket:
    """A request on its way: its body arrives, then it waits for a thread, then for its answer."""

    scope: Scope
    protocol: HTTPProtocol
    deadline: float
    """time.monotonic() by which the body must be whole; then, by which a thread must take it."""
    body: IO[bytes] = field(default_factory=io.BytesIO)
    receiving: "asyncio.Task[Any] | None" = None
    """The task that receives the body, until it is whole."""
    received_at: float = 0.0
    claim: LockType = field(default_factory=threading.Lock)
    """Acquired once: by the thread that answers, or by the deadline."""
    end: "asyncio.Future[None] | None" = None


class Gateway:
    """The RSGI application in front of a WSGI application."""

    def __init__(self, application: "WSGIApplication", limits: Limits | None = None) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.reads: SimpleQueue[Ticket] = SimpleQueue()
        self.writes: SimpleQueue[Ticket] = SimpleQueue()
        self.uploads: SimpleQueue[Ticket] = SimpleQueue()
        self.tickets: set[Ticket] = set()
        self.answered: deque[Ticket] = deque()
        """Answered, and not forgotten yet: to wake the loop for each would cost 30 µs."""
        self.is_stopping = False
        self.is_leaving = False
        """Another process takes the place: connections end with their answer."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._open(self.reads)
        self._open(self.writes)
        self._open(self.uploads)
        self.sweeper = loop.call_later(SWEEP_S, self._sweep)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        self._forget_answered()
        ticket = Ticket(scope, protocol, time.monotonic() + self.limits.body_s)
        self.tickets.add(ticket)
        headers = scope.headers
        if "content-length" in headers or "transfer-encoding" in headers:
            ticket.receiving = asyncio.current_task()
            length = headers.get("content-length", "")
            try:
                if length.isdecimal() and int(length) <= IN_MEMORY:
                    ticket.body = io.BytesIO(await protocol())
                else:
                    ticket.body = await self._spool(length, protocol)
            except asyncio.CancelledError:
                return self._refuse(ticket, STOPPING if self.is_stopping else TOO_SLOW)
            except ProtocolClosed:
                return self.tickets.discard(ticket)
            ticket.receiving = None
        ticket.received_at = time.monotonic()
        ticket.deadline = ticket.received_at + self.limits.queue_s
        ticket.end = self.loop.create_future()
        self._lane(scope).put(ticket)
        await ticket.end

    def _lane(self, scope: Scope) -> "SimpleQueue[Ticket]":
        if scope.method in SAFE_METHODS:
            return self.reads
        carries_file = scope.headers.get("content-type", "").startswith("multipart/")
        return self.uploads if carries_file else self.writes

    async def _spool(self, length: str, protocol: HTTPProtocol) -> IO[bytes]:
        """Return a large body, or one of unknown length, whole and on disk."""
        spool: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (the ticket closes it)
        if length.isdecimal() and int(length) > self.limits.body_bytes:
            return spool
        async for part in protocol:
            spool.write(part)
            if spool.tell() > self.limits.body_bytes:
                break
        spool.seek(0)
        return spool

    def stop(self) -> None:
        """Refuse the requests whose body is still on its way; those in hand are answered."""
        self.is_stopping = True
        for ticket in self.tickets:
            if ticket.receiving:
                ticket.receiving.cancel()
        self._sweep()

    async def finish(self) -> None:
        """Let the tasks of answered requests end."""
        self.sweeper.cancel()
        self._forget_answered()
        await asyncio.sleep(0)

    def _sweep(self) -> None:
        """Refuse what is past its deadline, and do it again later."""
        self.sweeper.cancel()
        self._forget_answered()
        now = time.monotonic()
        for ticket in [ticket for ticket in self.tickets if ticket.deadline < now]:
            if ticket.receiving:
                ticket.receiving.cancel()
            elif ticket.claim.acquire(blocking=False):
                refuse(ticket.scope, ticket.protocol, TOO_MANY)
                self.answered.append(ticket)
        delay = LAST_SWEEPS_S if self.is_stopping else SWEEP_S
        self.sweeper = self.loop.call_later(delay, self._sweep)

    def _forget_answered(self) -> None:
        while self.answered:
            ticket = self.answered.popleft()
            self.tickets.discard(ticket)
            ticket.body.close()
            if ticket.end:
                ticket.end.set_result(None)

    def _refuse(self, ticket: Ticket, refusal: Refusal) -> None:
        self.tickets.discard(ticket)
        refuse(ticket.scope, ticket.protocol, refusal)

    def _open(self, lane: "SimpleQueue[Ticket]") -> None:
        threading.Thread(target=self._work, args=(lane,), daemon=True).start()

    def _work(self, lane: "SimpleQueue[Ticket]") -> None:
        """Answer the requests of a lane, one after the other."""
        while True:
            ticket = lane.get()
            if ticket.claim.acquire(blocking=False):
                is_answered = False
                try:
                    self._answer(ticket)
                    is_answered = True
                finally:
                    if not is_answered:  # Flask let something through: this thread ends with it
                        refuse(ticket.scope, ticket.protocol, FAILED)
                        self._open(lane)
                    self.answered.append(ticket)

    def _answer(self, ticket: Ticket) -> None:
        started: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Any:
            closing = [("connection", "close")] if self.is_leaving else []
            started[:] = int(status[:3]), [*headers, *closing]

        answer = self.application(environ_of(ticket), start_response)
        try:
            path = answer.path if isinstance(answer, FileAnswer) else ""
            content = b"" if path else b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        with suppress(ProtocolClosed):  # the client has left
            if path:
                ticket.protocol.response_file(*started, path)  # type: ignore[call-arg]
            else:
                ticket.protocol.response_bytes(*started, content)  # type: ignore[call-arg]


COMMON: "WSGIEnvironment" = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "wsgi.file_wrapper": FileAnswer,
}


def environ_of(ticket: Ticket) -> "WSGIEnvironment":
    """Return the WSGI environment of a request (PEP 3333)."""
    scope = ticket.scope
    server, _, port = scope.server.rpartition(":")
    environ = {
        **COMMON,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": ticket.body,
        RECEIVED_AT: ticket.received_at,
    }
    for name, value in scope.headers.items():
        key = environ_key(name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


@lru_cache(maxsize=200)
def environ_key(header: str) -> str:
    """Return the key of a header in the WSGI environment."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
