"""`python -m tests.bound PID COMMAND…` runs a command that ends with process PID.

All that it has started ends with it: a driver that is killed leaves its browser alone.
"""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from salon.platform.settings.installation import ROOT
from webserver.parent import adopt_orphans, end_with_parent

END_S = 10
"""Seconds that the command gets to end by itself."""


def bound_to_this_process(command: Sequence[str]) -> list[str]:
    """Return the command line that runs a command until it ends, or this process does."""
    return [sys.executable, "-m", "tests.bound", str(os.getpid()), *command]


def write_bound_program(path: Path, program: str) -> Path:
    """Write a program that runs another one until it ends, or this process does."""
    line = shlex.join(bound_to_this_process([program]))
    path.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))} && exec {line} "$@"\n')
    path.chmod(0o755)
    return path


def main() -> None:
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent(int(sys.argv[1]))
    command = subprocess.Popen(sys.argv[2:])
    try:
        sys.exit(command.wait())
    finally:
        command.terminate()
        with suppress(subprocess.TimeoutExpired):
            command.wait(END_S)
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()


if __name__ == "__main__":
    main()
