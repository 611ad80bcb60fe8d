"""`python -m webserver.parent PID COMMAND…` runs a command that ends when process PID ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


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
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
