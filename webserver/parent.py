"""`python -m webserver.parent PID COMMAND…` runs a command that ends when process PID ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def tied_to_this_process(command: Sequence[str]) -> list[str]:
    """Return the command line under which `command` ends with the process that starts it."""
    return [sys.executable, "-m", "webserver.parent", str(os.getpid()), *command]


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
