"""A process that is started again when it ends, or no longer says that it lives."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from webserver.pulse import Pulse

STEADY_S = 60.0
"""A process that lived so long has failed anew, not again."""


class Process(Protocol):
    """The part of the interface of `subprocess.Popen` that the keeper uses."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int, /) -> None: ...


class ProcessKeeper:
    """Starts a process, and starts it again when it ends, after pauses that double.

    `start` starts one that beats on the pulse it gets; `name` is what people read of it.
    `first_pause_s` doubles up to `longest_pause_s` for as long as the process does not stay up for
    STEADY_S. A process that is silent for `silence_s` is killed; with None it need not beat.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[Pulse], Process],
        first_pause_s: float,
        longest_pause_s: float,
        say: Callable[[str], None],
        silence_s: float | None = None,
    ) -> None:
        self.name, self.start, self.say = name, start, say
        self.first_pause_s, self.longest_pause_s = first_pause_s, longest_pause_s
        self.pause_s, self.silence_s = first_pause_s, silence_s
        self._keep(*self.started())

    def begin(self) -> None:
        self.replace(*self.started())

    def started(self) -> tuple[Process, Pulse]:
        """Return a new process and its pulse, which it does not keep yet."""
        pulse = Pulse()
        process = self.start(pulse)
        pulse.close_writer()
        return process, pulse

    def replace(self, process: Process, pulse: Pulse) -> None:
        """Keep another process from now on."""
        self.pulse.close()
        self._keep(process, pulse)

    def _keep(self, process: Process, pulse: Pulse) -> None:
        self.process, self.pulse = process, pulse
        self.began_at = time.monotonic()
        self.ended_at: float | None = None

    def look(self) -> None:
        """Notice an end, and start again once the pause is over. To be called often."""
        if self.process.poll() is None:
            if self.silence_s and self.pulse.is_silent(self.silence_s) and self.process.pid:
                self.say(f"  {self.name} ne répond plus\u00a0: il est arrêté.")
                kill(self.process)
                self.process.wait()
            return
        if self.ended_at is None:
            self.ended_at = time.monotonic()
            if self.ended_at - self.began_at > STEADY_S:
                self.pause_s = self.first_pause_s
            self.say(f"  {self.name} s’est arrêté\u00a0; il reprend dans {self.pause_s:g}\u00a0s.")
        elif time.monotonic() - self.ended_at >= self.pause_s:
            self.pause_s = min(2 * self.pause_s, self.longest_pause_s)
            self.begin()


def kill(process: Process) -> None:
    """Kill a process and its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
