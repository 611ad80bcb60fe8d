"""One process that answers, on a socket that the supervisor keeps open."""

import argparse
import asyncio
import importlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn
from wsgiref.util import setup_testing_defaults

from webserver import LONG, REPLACED, WEB
from webserver.gateway import Gateway
from webserver.listener import InheritedListener
from webserver.long_answers import LongAnswers
from webserver.pulse import BEAT_S, beat

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

END_S = 12.0
"""Seconds that running requests get when the worker is told to end."""
LINGER_S = 1.0
"""Seconds that an accepted connection gets to send its request, once the worker is replaced."""


async def answer(gateway: Gateway, descriptor: int, pulse: int) -> None:
    """Answer on the socket `descriptor` until a signal, and beat.

    The requests in hand are finished then, in END_S at most. SIGTERM and SIGINT end at once;
    REPLACED first lets accepted connections send their request.
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

    def live() -> None:
        beat(pulse)
        loop.call_later(BEAT_S, live)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(REPLACED, leave)
    loop.call_soon(live)
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


def work(gateway: Gateway, name: str, ready_path: str, descriptors: Sequence[int]) -> NoReturn:
    """Be a process of this name. `descriptors`: the pulse, then those of its work, which are the
    socket and the queue of long requests, if any, or of LONG the queue alone.

    Raises SystemExit where the application does not answer 200 at `ready_path`, unless it is "".
    """
    if ready_path:
        check_ready(gateway.application, ready_path)
    pulse, *others = descriptors
    if name == LONG:
        LongAnswers(gateway.application, others[0], pulse).run()
    if others[1:]:
        gateway.long_requests = socket.socket(fileno=others[1])
    asyncio.run(answer(gateway, others[0], pulse))
    sys.stdout.flush()
    sys.stderr.flush()
    # granian's threads may still be ending: they must not meet a finalised interpreter.
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", help="module:application, WSGI or a Gateway")
    parser.add_argument("name", choices=[WEB, LONG])
    parser.add_argument("descriptors", type=int, nargs="+", help="the pulse, then of its work")
    parser.add_argument("--ready-path", default="", help="page that answers 200 when it can")
    options = parser.parse_args()
    work(gateway_of(options.target), options.name, options.ready_path, options.descriptors)


if __name__ == "__main__":
    main()
