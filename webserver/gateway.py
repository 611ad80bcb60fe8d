"""Answers granian's requests (RSGI) with a WSGI application, in threads that wait for no client.

A request takes a thread once its body is whole; its answer is made whole before it leaves. So a
client that sends or reads slowly holds a few kilobytes, and no thread. Requests that read, requests
that write and requests that carry a file have a lane each: pages answer while a write waits for
the database, and both while a file is looked at. Answers that the application says to be long are
made by another process, and the gateway itself says that it is alive.
"""

import asyncio
import io
import socket
import threading
import time
from _thread import LockType
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from webserver import ALIVE, LONG_PATHS, SAFE_METHODS
from webserver.environ import Answer, call, variables_of
from webserver.lanes import LASTING_S, Lane
from webserver.listener import HTTPProtocol, ProtocolClosed, Scope
from webserver.long_answers import TooManyWait, request_answer
from webserver.refusals import CUT, FAILED, STOPPING, TOO_MANY, TOO_SLOW, Refusal, refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IN_MEMORY = 1_000_000
SWEEP_S, LAST_SWEEPS_S = 0.5, 0.02
"""How often deadlines are looked at, and how often once the process is ending."""
ALIVE_HEADERS = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]


@dataclass(frozen=True)
class Limits:
    """Durations in seconds, sizes in bytes."""

    body_s: float = 29.0
    """A request that is not whole after this time is refused, whatever it still sends."""
    queue_s: float = 10.0
    """A request that no thread has taken after this time is refused."""
    long_s: float = 55.0
    """A long answer that is not whole after this time is given up: proxies wait for 60 s."""
    body_bytes: int = 21_000_000
    """Of a longer body, the application gets the length alone, and refuses it by itself."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A request on its way: its body arrives, then it waits for a thread, then for its answer."""

    scope: Scope
    protocol: HTTPProtocol
    deadline: float
    """time.monotonic() by which the body must be whole; then, by which a thread must take it."""
    body: IO[bytes] = field(default_factory=io.BytesIO)
    receiving: "asyncio.Task[object] | None" = None
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
        self.long_paths = getattr(application, LONG_PATHS, None)
        """Pattern of the paths whose answers are long."""
        self.long_requests: socket.socket | None = None
        """Where they are asked for, when a process makes them."""
        self.reads, self.writes, self.uploads = (Lane(self._answer_ticket) for _ in range(3))
        self.is_looking = False
        self.tickets: set[Ticket] = set()
        self.answered: deque[Ticket] = deque()
        """Answered, and not forgotten yet: to wake the loop for each would cost 30 µs."""
        self.is_stopping = False
        self.is_leaving = False
        """Another process takes the place: connections end with their answer."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        for lane in (self.reads, self.writes, self.uploads):
            lane.open()
        self.sweeper = loop.call_later(SWEEP_S, self._sweep)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        if scope.path == ALIVE and scope.method in SAFE_METHODS:
            return protocol.response_str(200, ALIVE_HEADERS, "alive\n")
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
            except (ProtocolClosed, EOFError):
                return self._refuse(ticket, CUT)
            ticket.receiving = None
        ticket.received_at = time.monotonic()
        if self.long_requests and self._is_long(scope):
            return await self._answer_long(ticket, self.long_requests)
        ticket.deadline = ticket.received_at + self.limits.queue_s
        ticket.end = self.loop.create_future()
        self._lane(scope).waiting.put(ticket)
        if not self.is_looking:
            self.is_looking = True
            self.loop.call_later(LASTING_S, self._look)
        await ticket.end

    def _is_long(self, scope: Scope) -> bool:
        is_read = scope.method in SAFE_METHODS
        return is_read and self.long_paths is not None and self.long_paths.fullmatch(scope.path)

    async def _answer_long(self, ticket: Ticket, requests: socket.socket) -> None:
        """Answer with what another process makes."""
        self.tickets.discard(ticket)
        variables = variables_of(ticket.scope, ticket.received_at)
        try:
            async with asyncio.timeout(self.limits.long_s):
                answer = await request_answer(requests, variables)
        except (TooManyWait, TimeoutError):
            return refuse(ticket.scope, ticket.protocol, TOO_MANY)
        if answer is None:
            return refuse(ticket.scope, ticket.protocol, FAILED)
        self._send(ticket, answer)

    def _lane(self, scope: Scope) -> Lane[Ticket]:
        if scope.method in SAFE_METHODS:
            return self.reads
        carries_file = scope.headers.get("content-type", "").startswith("multipart/")
        return self.uploads if carries_file else self.writes

    async def _spool(self, length: str, protocol: HTTPProtocol) -> IO[bytes]:
        """Return a large body, or one of unknown length, whole and on disk.

        Raises EOFError where it ends before the announced length, or before its last chunk.
        """
        spool: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (the ticket closes it)
        if length.isdecimal() and int(length) > self.limits.body_bytes:
            return spool
        ends = 0
        async for part in protocol:
            spool.write(part)
            ends += not part
            if spool.tell() > self.limits.body_bytes:
                break
        # granian gives one empty part at the end; a failure, or trailers, give another before it.
        if ends > 1 or (length.isdecimal() and spool.tell() != int(length)):
            spool.close()
            raise EOFError
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

    def _look(self) -> None:
        """Let others pass where an answer lasts, for as long as requests wait or are answered."""
        now = time.monotonic()
        for lane in (self.reads, self.writes, self.uploads):
            lane.look(now)
        self._forget_answered()
        self.is_looking = bool(self.tickets)
        if self.is_looking:
            self.loop.call_later(LASTING_S, self._look)

    def _answer_ticket(self, ticket: Ticket) -> None:
        """Answer a request, in the thread of a lane, unless it was refused meanwhile."""
        if not ticket.claim.acquire(blocking=False):
            return
        is_answered = False
        try:
            variables = variables_of(ticket.scope, ticket.received_at)
            self._send(ticket, call(self.application, variables, ticket.body))
            is_answered = True
        finally:
            if not is_answered:
                refuse(ticket.scope, ticket.protocol, FAILED)
            self.answered.append(ticket)

    def _send(self, ticket: Ticket, answer: Answer) -> None:
        status, headers, content, path = answer
        if self.is_leaving:
            headers = [*headers, ("connection", "close")]
        with suppress(ProtocolClosed):  # the client has left
            if path:
                ticket.protocol.response_file(status, headers, path)
            else:
                ticket.protocol.response_bytes(status, headers, content)
