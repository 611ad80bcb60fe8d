"""The web server and the worker, side by side in one command."""

import os
import signal
import subprocess
import sys
import threading
import time

import click

from salon.config import ROOT

LOOK_S = 0.5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0
"""A worker that lived so long has failed anew, not again."""
END_S = 15.0
"""What a process gets to finish what it has in hand."""


class WorkerKeeper:
    """Starts the worker again when it ends, after pauses that double up to LONGEST_PAUSE_S."""

    def __init__(self, line: list[str], environment: dict[str, str]) -> None:
        self.line, self.environment = line, environment
        self.pause = FIRST_PAUSE_S
        self.begin()

    def begin(self) -> None:
        self.process = start(self.line, self.environment)
        self.began = time.monotonic()
        self.ended: float | None = None

    def look(self) -> None:
        """To be called often: sees an end, and begins again once the pause is over."""
        if self.process.poll() is None:
            return
        if self.ended is None:
            self.ended = time.monotonic()
            if self.ended - self.began > STEADY_S:
                self.pause = FIRST_PAUSE_S
            click.echo(f"  Le travail de fond s’est arrêté ; il reprend dans {self.pause:g} s.")
        elif time.monotonic() - self.ended >= self.pause:
            self.pause = min(2 * self.pause, LONGEST_PAUSE_S)
            self.begin()


def serve_together(host: str, port: str, environment: dict[str, str]) -> None:
    """Serves pages until SIGTERM, SIGINT or SIGHUP; a worker that fails never stops them.

    Raises ClickException when the web server itself ends.
    """
    web = start(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "app:app"),
            *("--host", host, "--port", port, "--workers", os.environ.get("WEB_WORKERS", "2")),
            *("--blocking-threads", "1", "--no-ws", "--respawn-failed-workers"),
            *("--log-level", "warning"),
        ],
        environment,
    )
    jobs = WorkerKeeper([sys.executable, "-m", "flask", "--app", "app", "worker"], environment)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set() and web.poll() is None:
        jobs.look()
        stopping.wait(LOOK_S)
    end([web, jobs.process])
    if not stopping.is_set():
        raise click.ClickException("Le serveur s’est arrêté de lui-même : voyez au-dessus.")


def start(line: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process that leads a group of its own, so that none of its children outlives it."""
    return subprocess.Popen(line, cwd=ROOT, env=environment, start_new_session=True)


def end(running: list[subprocess.Popen[bytes]]) -> None:
    """Asks each to end, and after END_S ends what is left of its group."""
    for one in running:
        one.terminate()
    until = time.monotonic() + END_S
    for one in running:
        try:
            one.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()
