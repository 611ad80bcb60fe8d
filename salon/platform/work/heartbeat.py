"""The worker's heartbeat: a file of SALON_DATA into which it writes its release while it runs.

No database is needed to write or to read it. The worker's loop calls `beat` at least once a minute,
whatever it waits for; an orderly end calls `stop_beating`.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from salon.platform.settings.clock import real_now
from salon.platform.settings.release import VERSION

FILE = "worker.alive"
EVERY = timedelta(seconds=15)
SILENT_AFTER = timedelta(minutes=5)
"""Longer than any job that runs without a beat."""


def beat(data: Path) -> None:
    """Record that the worker is alive. Cheap: the file is written every EVERY at most."""
    last = last_beat(data)
    if last is None or not timedelta() <= real_now() - last < EVERY:
        part = data / f"{FILE}.part"  # whoever reads never finds it empty
        part.write_text(VERSION)
        part.replace(data / FILE)


def stop_beating(data: Path) -> None:
    """Record that the worker ended in an orderly way."""
    (data / FILE).unlink(missing_ok=True)


def last_beat(data: Path) -> datetime | None:
    """Return the time of the last heartbeat; None when no worker should be running."""
    try:
        return datetime.fromtimestamp(os.stat(data / FILE).st_mtime, UTC)
    except FileNotFoundError:
        return None


def working_release(data: Path) -> str:
    """Return the release of the worker that gave the last heartbeat; "" before 1.1."""
    return (data / FILE).read_text()
