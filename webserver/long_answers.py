"""Answers that last, such as an export: made by processes of their own, one at a time in each.

Web processes put such requests on one queue, a socket of whole messages. A message holds the WSGI
environment, and carries the socket on which its answer is waited for. So an export takes no
interpreter from pages and scans, and the kernel gives it what they leave of the processor.
"""

import asyncio
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from webserver import RECEIVED_AT, REPLACED
from webserver.environ import Answer, call
from webserver.pulse import BEAT_S, beat

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NICENESS = 10
LONGEST_S = 120.0
"""A process whose answer lasts longer is replaced."""
MESSAGE_BYTES = 200_000
PART_BYTES = 1_000_000


class TooManyWait(Exception):
    """The queue is full."""


def queue() -> tuple[socket.socket, socket.socket]:
    """Return the end that requests go into and the one that they come out of; neither blocks."""
    entry, outlet = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    entry.setblocking(False)
    outlet.setblocking(False)
    return entry, outlet


async def request_answer(
    entry: socket.socket, variables: Mapping[str, str | float]
) -> Answer | None:
    """Return the answer, None where the process that made it has ended. Raises TooManyWait.

    A request whose answer is no longer waited for is left out when its turn comes.
    """
    own_end, other_end = socket.socketpair()
    with own_end:
        with other_end:
            try:
                socket.send_fds(entry, [json.dumps(variables).encode()], [other_end.fileno()])
            except OSError as error:
                raise TooManyWait from error
        own_end.setblocking(False)
        loop, received = asyncio.get_running_loop(), bytearray()
        while part := await loop.sock_recv(own_end, PART_BYTES):
            received += part
    head, _, content = bytes(received).partition(b"\n")
    if not head:
        return None
    status, length, headers = json.loads(head)
    return Answer(status, [*map(tuple, headers)], content) if len(content) == length else None


class LongAnswers:
    """A process that makes them."""

    def __init__(self, application: "WSGIApplication", outlet: int, pulse: int) -> None:
        self.application = application
        self.outlet = socket.socket(fileno=outlet)
        self.pulse = pulse
        self.began_at: float | None = None
        """time.monotonic() at which the answer in hand was begun."""
        self.is_stopping = False

    def run(self) -> NoReturn:
        """Answer until SIGTERM or SIGINT; the answer in hand is finished."""
        os.nice(NICENESS)
        woken, waking = os.pipe()
        os.set_blocking(waking, False)
        signal.set_wakeup_fd(waking)
        for number in (signal.SIGTERM, signal.SIGINT, REPLACED):
            signal.signal(number, self._stop)
        threading.Thread(target=self._beat, daemon=True).start()
        while not self.is_stopping:
            select.select([self.outlet.fileno(), woken], [], [])
            try:
                message, descriptors, _, _ = socket.recv_fds(self.outlet, MESSAGE_BYTES, 1)
            except BlockingIOError:  # another process has taken it
                continue
            if not descriptors:  # nobody asks any more
                break
            self._answer(message, descriptors[0])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    def _answer(self, message: bytes, descriptor: int) -> None:
        self.began_at = time.monotonic()
        with socket.socket(fileno=descriptor) as connection:
            if not select.select([connection], [], [], 0)[0]:  # it is waited for
                # Its patience for the database's lock counts from now, and not from its arrival.
                variables = {**json.loads(message), RECEIVED_AT: self.began_at}
                status, headers, content, path = call(self.application, variables)
                content = Path(path).read_bytes() if path else content
                head = json.dumps([status, len(content), headers]).encode()
                with suppress(OSError):  # it is no longer waited for
                    connection.sendall(b"%b\n%b" % (head, content))
        self.began_at = None

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def _beat(self) -> None:
        """Tell that the process lives, as long as its answer does not last too long."""
        while self.began_at is None or time.monotonic() - self.began_at < LONGEST_S:
            beat(self.pulse)
            time.sleep(BEAT_S)
