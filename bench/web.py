"""The web server that `flask serve` starts, with 2 workers, for any application."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import psutil

from tests.processes import tied
from webserver import WEB

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 300
"""As long as a busy machine may need; a server that answers waits for none."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command_of(process: psutil.Process) -> list[str]:
    """Return the command line of a process, empty when it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def name_of(process: psutil.Process) -> str:
    """Return the name of a process for the kernel, empty when it has ended."""
    try:
        return process.name()
    except psutil.Error:
        return ""


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes that a process has begun, empty when it has ended."""
    try:
        return process.children()
    except psutil.Error:
        return []


def environment(data: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """Return the environment of the application: no demonstration, no rate limit in the way."""
    passed_on = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return {
        **passed_on,
        "SALON_DATA": str(data),
        "DATABASE_URL": database_url,
        "SALON_DEMONSTRATION": "0",
        "REGISTRATIONS_PER_HOUR": "1000000000",
        **more,
    }


class Web:
    """A server in a process group of its own; as a context it ends with all its children, and when
    whoever starts it is killed.

    `code`: the folder of the application that it serves.
    """

    def __init__(
        self,
        target: str,
        environ: Mapping[str, str],
        workers: int = 2,
        port: int = 0,
        before: tuple[str, ...] = (),
        code: Path = ROOT,
    ) -> None:
        self.port = port or free_port()
        self.code = code
        self.environ = dict(environ)
        self.command = [
            *before,
            *(sys.executable, "-m", "webserver", target),
            *("--port", str(self.port), "--workers", str(workers)),
        ]
        self.closing = ExitStack()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, path: str = "/") -> float:
        """Starts, waits for a first 200 on `path`; answers the seconds it took."""
        begin = time.monotonic()
        self.process = subprocess.Popen(
            tied(*self.command),
            cwd=self.code,
            env=self.environ,
            start_new_session=True,
            stdout=self.log,
            stderr=self.log,
        )
        while True:
            if self.status_of(path) == 200:
                return time.monotonic() - begin
            if self.process.poll() is not None:
                raise RuntimeError(f"{' '.join(self.command)} ended: {self.last_words()}")
            if time.monotonic() - begin > PATIENCE_S:
                raise RuntimeError(f"no 200 on {path} in {PATIENCE_S} s: {self.last_words()}")
            time.sleep(0.005)

    def status_of(self, path: str) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def last_words(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-2000:]

    def incidents(self) -> str:
        """Return the server's log around its first failure, "" without one."""
        self.log.seek(0)
        words = self.log.read().decode(errors="replace")
        mark = re.search(r"incident |Exception in thread", words)
        return words[max(0, mark.start() - 2000) : mark.end() + 6000] if mark else ""

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer; those of another commit may not be forked."""
        assert self.process
        answering = [
            child
            for child in psutil.Process(self.process.pid).children(recursive=True)
            if name_of(child) == WEB or "webserver.worker" in command_of(child)
        ]
        # What one of them begins has its name until it runs a program of its own.
        begun = {child.pid for process in answering for child in children_of(process)}
        return [process for process in answering if process.pid not in begun]

    def tree(self) -> list[psutil.Process]:
        """Return the supervisor and all that it keeps."""
        assert self.process
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]

    def processor_s(self) -> float:
        """Processor seconds that the workers have used."""
        times = [worker.cpu_times() for worker in self.workers()]
        return sum(time.user + time.system for time in times)

    def kill_worker(self) -> None:
        """kill -9 of one worker; the server starts another in its place."""
        with suppress(psutil.NoSuchProcess, IndexError):
            self.workers()[0].kill()

    def kill_supervisor(self) -> None:
        """kill -9 of the process that keeps the others, alone."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """kill -9 of the whole tree at once: none of its processes ends in good order."""
        if self.process:
            tree = []
            with suppress(psutil.NoSuchProcess):
                head = psutil.Process(self.process.pid)
                head.suspend()  # it begins nothing again meanwhile
                tree = [*head.children(recursive=True), head]
            for process in tree:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()
            psutil.wait_procs(tree, timeout=PATIENCE_S)
            self.process = None

    def __enter__(self) -> Self:
        self.log = self.closing.enter_context(tempfile.TemporaryFile())
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.closing.close()


def serve(environ: Mapping[str, str]) -> Web:
    """`flask serve` itself, as `make run` starts it, with its background worker."""
    web = Web("", environ)
    web.command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--migrate"]
    web.environ["PORT"] = str(web.port)
    return web
