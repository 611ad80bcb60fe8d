"""`python -m webserver.parent PID COMMAND…` runs a command that ends when process PID ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 1, 15, 36


def tied_to_this_process(arguments: Sequence[str]) -> list[str]:
    """Return the command line under which Python runs `arguments`, and ends with its parent."""
    python = interpreter()
    return [python, "-m", "webserver.parent", str(os.getpid()), python, *arguments]


def interpreter() -> str:
    """Return this environment's Python, behind the links that lead to it now.

    When a link to the current release is moved, the next process is the new release's, whole.
    """
    prefix, executable = Path(sys.prefix), Path(sys.executable)
    if not executable.is_relative_to(prefix):
        return sys.executable
    return str(prefix.resolve() / executable.relative_to(prefix))


def end_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when `parent` ends (Linux, prctl(2)).

    What is run by exec keeps it. Raises SystemExit when `parent` has ended already.
    """
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)


def adopt_orphans() -> None:
    """Make this process the parent of each descendant whose own parent ends (Linux, prctl(2))."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def take_name(name: str) -> None:
    """Give this process a name of 15 bytes at most, which `ps -o comm` shows (Linux, prctl(2))."""
    _prctl(PR_SET_NAME, name.encode())


def _prctl(option: int, value: "int | bytes") -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
