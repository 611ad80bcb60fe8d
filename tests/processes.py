"""Processes and ports of tests: what a test starts ends with it, and nobody else takes its port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import psutil

from salon.platform.settings.installation import ROOT

PATIENCE_S = 300
"""An event is waited for as long as a busy machine may need; a passing test waits for none."""

Word = str | Path


def tied(*command: Word, signal: str = "TERM") -> Sequence[Word]:
    """Return the command of a process that gets `signal` when the thread that starts it ends.

    However it ends: a run that is killed leaves neither a server nor a browser behind.
    """
    return "setpriv", "--pdeathsig", signal, *command


_held: list[socket.socket] = []


def free_port() -> int:
    """Return a port that stays this process's until it ends; its servers may listen there.

    A socket bound to it, which listens to nothing, keeps the kernel from giving it to anybody else:
    a connection is refused there as long as no server listens.
    """
    holder = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        holder.setsockopt(socket.SOL_SOCKET, option, 1)
    holder.bind(("127.0.0.1", 0))
    _held.append(holder)
    return int(holder.getsockname()[1])


def wait_for(condition: Callable[[], object], awaited: str, patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, f"{awaited}: not within {patience_s} s"
        time.sleep(0.02)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def answers(port: int) -> bool:
    with suppress(OSError), closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


@contextmanager
def web_server(
    data: Path, *words: str, log: IO[str] | None = None, **variables: str
) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the application on a data folder as in production; yield the port, once it answers,
    and the supervisor."""
    port = free_port()
    place = {"SALON_DATA": str(data), "PORT": str(port), "SALON_DEMONSTRATION": "0"}
    line = tied(sys.executable, "-m", "webserver", "app:app", "--port", str(port), *words)
    environment = {**os.environ, **place, **variables}
    with subprocess.Popen(line, cwd=ROOT, env=environment, stderr=log) as command:
        try:
            wait_for(lambda: answers(port) or command.poll() is not None, "the first page")
            yield port, psutil.Process(command.pid)
        finally:
            command.terminate()


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def command_of(process: psutil.Process) -> list[str]:
    """Return the command line of a process; empty when it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []
