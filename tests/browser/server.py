"""The web server as in production, on the data of a demonstration that a test may change."""

import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from flask import Flask

from salon.platform.settings.installation import ROOT
from salon.platform.work.operations import FOLDER as OPERATIONS
from tests.commands import application
from tests.conftest import set_clock
from tests.processes import free_port
from webserver.parent import tied_to_this_process

HANG_S = 600
"""Nothing takes so long, however busy the machine: a guard against waiting for ever."""
LANES = (
    ("GET", "text/plain"),
    ("POST", "application/x-www-form-urlencoded"),
    ("POST", "multipart/form-data"),
)
"""A request for each thread of the server: those that read, write and carry a file."""


class LiveServer:
    """The web server with one worker on its own data; it can be stopped and started again."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.environment = {
            **os.environ,
            "SALON_DATA": str(data),
            "PORT": str(self.port),
            "SALON_DEMONSTRATION": "1",
        }
        self.environment.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    def application(self) -> AbstractContextManager[Flask]:
        """The application on the server's data, in this process."""
        return application(self.environment)

    def flask(self, *words: str) -> str:
        """What a command of the application prints."""
        with self.application() as app:
            result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    def execute(self, statement: str, *values: object) -> list[Any]:
        """The rows of a statement on the database, which waits for whoever writes there."""
        path = self.data / "salon.sqlite"
        with closing(sqlite3.connect(path, timeout=HANG_S)) as database, database:
            return database.execute(statement, values).fetchall()

    def launch(self) -> "subprocess.Popen[bytes]":
        words = ["-m", "webserver", "app:app", "--port", str(self.port), "--workers", "1"]
        line = tied_to_this_process(words)
        return subprocess.Popen(line, cwd=ROOT, env=self.environment)

    def start(self) -> None:
        """Start the server, and return once it has answered. It ends with this process."""
        self.process = self.launch()
        end = time.monotonic() + HANG_S
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=HANG_S):
                    return
            except OSError:
                assert self.process.poll() is None, "the server has ended"
                assert time.monotonic() < end, "the server does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """The server takes connections within, and answers none until the end."""
        assert self.process
        processes = psutil.Process(self.process.pid).children(recursive=True)
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def finish_requests(self) -> None:
        """Wait until what clients that are gone have asked for is done, in every thread."""
        for method, content_type in LANES:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=HANG_S)) as connection:
                connection.request(method, "/readyz", headers={"Content-Type": content_type})
                connection.getresponse().read()


def restore(server: LiveServer, seeded: Path) -> None:
    """Bring the demonstration back under a server that runs: it keeps nothing but in its data."""
    server.finish_requests()
    restore_files(server.data, seeded)
    # Immutable: to read it leaves no file beside it, under those who copy the folder.
    seeded_uri = f"{(seeded / 'salon.sqlite').as_uri()}?immutable=1"
    with (
        closing(sqlite3.connect(seeded_uri, uri=True)) as source,
        closing(sqlite3.connect(server.data / "salon.sqlite", timeout=HANG_S)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


def restore_files(data: Path, seeded: Path) -> None:
    """Bring the files of a data folder back, but for its database, while processes use them.

    Each is replaced in one step, when it has changed. The folder where each process counts its
    operations is left alone: it may be written at any moment, between two steps of its removal.
    """
    names = file_names(seeded)
    for name in file_names(data) - names:
        (data / name).unlink(missing_ok=True)
    for name in names - {Path("clock.json")}:
        if stamp_of(data / name) != stamp_of(seeded / name):
            replace(data / name, seeded / name)
    set_clock(data, seeded)


def file_names(folder: Path) -> set[Path]:
    """Return the files that belong to the fair, by their paths in the folder."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        name
        for name in names
        if name.parts[0] != OPERATIONS and not name.name.startswith("salon.sqlite")
    }


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Return the size and the time of a file, which a copy keeps; None when there is none."""
    if not path.exists():
        return None
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def replace(path: Path, source: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    shutil.copy2(source, draft)
    draft.replace(path)
