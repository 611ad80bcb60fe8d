"""Temporary folders of backups and drills: locked while in use, deleted once their process is dead.

A process killed at once (kill -9, a power cut) deletes nothing, but the kernel releases its lock.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from salon.platform.database.marks import BACKUP, find_mark
from salon.platform.settings.installation import Settings

PREFIXES = (".backup-", ".drill-", ".restore-")
"""Beginnings of their names; version 1.0.0 also unpacked into `.restore-`."""


@contextmanager
def temporary_folder(prefix: str, parent: Path) -> Iterator[Path]:
    """Yield a new folder that its lock protects from `sweep`; delete it at the end."""
    while True:
        folder = Path(mkdtemp(prefix=prefix, dir=parent))
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():
            break
        os.close(descriptor)  # swept between its creation and its lock
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(descriptor)


def places_of_backups(settings: Settings) -> set[Path]:
    """Return the folders where backups and drills work: SALON_DATA, and that of the last backup."""
    latest = find_mark(BACKUP)
    return {settings.data, *([Path(latest.value).resolve().parent] if latest else [])}


def leftovers(*parents: Path) -> list[Path]:
    """Return the temporary folders whose process is dead."""
    return [
        folder
        for parent in sorted(set(parents))
        if parent.is_dir() and os.access(parent, os.R_OK | os.X_OK)
        for folder in sorted(parent.iterdir())
        if folder.name.startswith(PREFIXES) and folder.is_dir() and not _is_locked(folder)
    ]


def sweep(*parents: Path) -> list[Path]:
    """Delete the temporary folders whose process is dead; return them."""
    folders = leftovers(*parents)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return folders


def _is_locked(folder: Path) -> bool:
    """Return whether a process works there; so may one of an account whose folder is closed."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except (PermissionError, FileNotFoundError):
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
