"""The web server with a small application, on a port of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

import psutil
import pytest

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S, free_port, tied, wait_for
from webserver import WEB


class SmallServer:
    """The server in a process of its own, which can be asked."""

    def __init__(self, *command: str) -> None:
        self.port = free_port()
        line = [sys.executable, *(word.format(port=self.port) for word in command)]
        self.command = subprocess.Popen(tied(*line), cwd=ROOT, env=os.environ)
        self.process = psutil.Process(self.command.pid)
        wait_for(lambda: self.ask("/") is not None, "the first answer")

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[int, bytes] | None:
        """Status and body on a new connection, or None when there is no answer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)) as connection:
            try:
                names = {name.replace("_", "-"): value for name, value in headers.items()}
                connection.request(method, path, body or None, names)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except OSError:
                return None

    def holding(
        self, pool: ThreadPoolExecutor, release: Path, path: str, method: str = "GET"
    ) -> "Future[tuple[int, bytes] | None]":
        """Ask for an answer that lasts until the file `release` exists; wait until it is begun."""
        answer = pool.submit(self.ask, path, method, X_File=str(release))
        wait_for(Path(f"{release}.taken").exists, "an answer that lasts")
        return answer

    @contextmanager
    def sending(self, *parts: bytes) -> Iterator[list[socket.socket]]:
        """Connections that stay open; each has sent its part and nothing more."""
        with ExitStack() as stack:
            connections = []
            for part in parts:
                connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
                connections.append(stack.enter_context(connection))
                connection.sendall(part)
            yield connections

    def processes(self, name: str) -> list[psutil.Process]:
        """Return its processes of this name for the kernel."""
        return [child for child in self.process.children() if name_of(child) == name]

    def web_processes(self) -> list[psutil.Process]:
        return web_processes_of(self.process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.command.poll() is None:
            self.stop()

    def stop(self) -> int:
        self.command.terminate()
        return self.command.wait(PATIENCE_S)


def web_processes_of(supervisor: psutil.Process) -> list[psutil.Process]:
    """Return the processes that answer: forked ones bear the command line of their fork server."""
    return [child for child in supervisor.children() if name_of(child) == WEB]


def name_of(process: psutil.Process) -> str:
    """Return the name of a process for the kernel; empty when it has ended."""
    try:
        return process.name()
    except psutil.Error:
        return ""


@pytest.fixture
def small_server() -> Iterator[SmallServer]:
    """Yield two processes that answer."""
    yield from served("app", workers=2)


@pytest.fixture(scope="module")
def single_server() -> Iterator[SmallServer]:
    """Yield one process that answers, for tests that leave it as it was."""
    yield from served("app", workers=1)


@pytest.fixture
def own_server() -> Iterator[SmallServer]:
    """Yield one process that answers, which a test may end."""
    yield from served("app", workers=1)


@pytest.fixture(scope="module")
def impatient_server() -> Iterator[SmallServer]:
    """Yield one process, which waits half a second for a body, and as long for a thread."""
    yield from served("impatient", workers=1)


def served(application: str, workers: int) -> Iterator[SmallServer]:
    target = f"tests.webserver.small:{application}"
    server = SmallServer("-m", "webserver", target, "--port", "{port}", "--workers", str(workers))
    with server:
        yield server
        assert server.stop() == 0
