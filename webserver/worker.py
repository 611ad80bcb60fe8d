"""One process that answers, on a socket that the supervisor keeps open."""

import argparse
import asyncio
import importlib
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, NoReturn
from wsgiref.util import setup_testing_defaults

from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from webserver import BACKLOG, REPLACED
from webserver.gateway import Gateway

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 4_096
"""Kept at once by one worker; those that come after wait in the backlog."""
HEAD_MS = 30_000
"""A connection that has not sent the head of a request after this time is closed."""
END_S = 12.0
"""Seconds that running requests get when the worker is told to end."""
LINGER_S = 1.0
"""Seconds that an accepted connection gets to send its request, once the worker is replaced."""


class InheritedListener(Server):
    """granian in this process, on a socket that is listened to already."""

    def __init__(self, gateway: Gateway, descriptor: int) -> None:
        super().__init__(
            gateway,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS),
            log_level=LogLevels.error,
        )
        self.descriptor = descriptor

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self.descriptor, False, BACKLOG)  # type: ignore

    def accept_nothing_more(self) -> None:
        """Leave the connections to come to the other processes that hold the socket.

        granian closes what it has accepted at the moment it stops to accept. So its descriptor
        becomes a socket to which nobody connects, before it stops.
        """
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind("")  # an abstract address of its own: unix(7), autobind
            silent.listen()
            silent.setblocking(False)
            os.dup2(silent.fileno(), self.descriptor)


async def answer(gateway: Gateway, descriptor: int, ready_descriptor: int) -> None:
    """Answer until a signal, then finish the requests in hand, in END_S at most.

    SIGTERM and SIGINT end at once; REPLACED first lets accepted connections send their request.
    """
    server = InheritedListener(gateway, descriptor)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        timer = threading.Timer(END_S, os._exit, (1,))
        timer.daemon = True
        timer.start()
        gateway.stop()
        server.stop()

    def leave() -> None:
        server.accept_nothing_more()
        gateway.is_leaving = True
        loop.call_later(LINGER_S, stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(REPLACED, leave)
    if ready_descriptor >= 0:
        loop.call_soon(os.write, ready_descriptor, b"1")
    await server.serve()
    await gateway.finish()


def check_ready(application: "WSGIApplication", path: str) -> None:
    """Raise SystemExit unless the application answers 200 at `path`, before it takes a place."""
    environ: dict[str, object] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    statuses: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> None:
        statuses.append(status)

    answer = application(environ, start_response)  # type: ignore[arg-type]
    if hasattr(answer, "close"):
        answer.close()
    if not statuses[-1].startswith("200"):
        sys.exit(f"{path}: {statuses[-1]}")


def gateway_of(target: str) -> Gateway:
    """Load `module:application`, WSGI or a Gateway."""
    module, _, name = target.partition(":")
    application = getattr(importlib.import_module(module), name)
    return application if isinstance(application, Gateway) else Gateway(application)


def run(gateway: Gateway, descriptor: int, ready_descriptor: int, ready_path: str) -> NoReturn:
    """Answer on the socket `descriptor`; write to `ready_descriptor` once it can.

    Nothing is written to a negative one. Raises SystemExit when it would write and the application
    does not answer 200 at `ready_path`.
    """
    if ready_descriptor >= 0 and ready_path:
        check_ready(gateway.application, ready_path)
    asyncio.run(answer(gateway, descriptor, ready_descriptor))
    sys.stdout.flush()
    sys.stderr.flush()
    # granian's threads may still be ending: they must not meet a finalised interpreter.
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", help="module:application, WSGI or a Gateway")
    parser.add_argument("--descriptor", type=int, required=True, help="the socket")
    parser.add_argument("--ready", type=int, default=-1, help="where to say that it answers")
    parser.add_argument("--ready-path", default="", help="page that answers 200 when it can")
    options = parser.parse_args()
    run(gateway_of(options.target), options.descriptor, options.ready, options.ready_path)


if __name__ == "__main__":
    main()
