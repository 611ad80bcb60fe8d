"""Where the files of a run lie: in memory where the machine has room for them."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ROOM_BYTES = 6 << 30
"""Three processes of `make test-long` fill a third of it at most."""


def lies_in_memory() -> bool:
    """Return whether `MEMORY` may hold the files of a run, programs that tests install among
    them (a container often mounts it `noexec`).
    """
    try:
        free = shutil.disk_usage(MEMORY).free
    except FileNotFoundError:
        return False
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return runs_programs and min(free, psutil.virtual_memory().available) >= ROOM_BYTES


def choose() -> None:
    """Make files in memory, unless TMPDIR says where: thousands of databases are made, and a
    disk takes longer to close one than SQLite to fill it.
    """
    if "TMPDIR" not in os.environ and lies_in_memory():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
