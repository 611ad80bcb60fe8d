"""A process that is started again when it ends."""

import time
from collections.abc import Callable
from typing import Protocol

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

    `start` starts one; `name` is what people read of it. `first_pause_s` doubles up to
    `longest_pause_s` for as long as the process does not stay up for STEADY_S.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], Process],
        first_pause_s: float,
        longest_pause_s: float,
        say: Callable[[str], None],
    ) -> None:
        self.name, self.start, self.say = name, start, say
        self.first_pause_s, self.longest_pause_s = first_pause_s, longest_pause_s
        self.pause_s = first_pause_s
        self.begin()

    def begin(self) -> None:
        self.replace(self.start())

    def replace(self, process: Process) -> None:
        """Keep another process from now on."""
        self.process = process
        self.began_at = time.monotonic()
        self.ended_at: float | None = None

    def look(self) -> None:
        """Notice an end, and start again once the pause is over. To be called often."""
        if self.process.poll() is None:
            return
        if self.ended_at is None:
            self.ended_at = time.monotonic()
            if self.ended_at - self.began_at > STEADY_S:
                self.pause_s = self.first_pause_s
            self.say(f"  {self.name} s’est arrêté\u00a0; il reprend dans {self.pause_s:g}\u00a0s.")
        elif time.monotonic() - self.ended_at >= self.pause_s:
            self.pause_s = min(2 * self.pause_s, self.longest_pause_s)
            self.begin()
