"""A process that lives says so every second to the one that keeps it, through a pipe."""

import os
import time
from contextlib import suppress

BEAT_S = 1.0
FIRST_S = 120.0
"""Seconds that a new process gets before it first says that it can answer."""


def beat(descriptor: int) -> None:
    """Say that this process lives; the first time, that it can answer."""
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(descriptor, b"1")


class Pulse:
    """The end of the pipe that the keeper of the process reads."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, False)
        self.felt_at = time.monotonic()
        self.has_begun = False

    def close_writer(self) -> None:
        """Leave it to the process that beats."""
        os.close(self.writer)

    def close(self) -> None:
        os.close(self.reader)

    def feel(self) -> None:
        """Note what the process has said; while nobody listened counts as now."""
        with suppress(BlockingIOError):
            if os.read(self.reader, 4096):
                self.felt_at, self.has_begun = time.monotonic(), True

    def is_silent(self, longest_s: float) -> bool:
        """Return whether it has said nothing for so long, or not begun within FIRST_S."""
        self.feel()
        return time.monotonic() - self.felt_at > (longest_s if self.has_begun else FIRST_S)
