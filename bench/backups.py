"""Backup, restore and drill of a fair of 60,000 visitors, on SQLite and PostgreSQL."""

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.fairs import CACHE, Fair, durable_postgres, sqlite_fair
from bench.report import Line, print_table, step
from bench.web import ROOT, environment

VISITORS = 60_000
POLL_S = 0.05


@dataclass(frozen=True)
class Run:
    """The cost of one command: seconds, processor seconds, peak memory in MB."""

    seconds: float
    processor_s: float
    peak_mb: float


def run() -> None:
    lines: list[Line] = []
    with (
        sqlite_fair(VISITORS) as fair,
        durable_postgres() as server,
        tempfile.TemporaryDirectory(dir=CACHE, prefix="run-") as folder,
    ):
        archive, returned_archive = Path(folder) / "there.zip", Path(folder) / "back.zip"
        server.create_database("restored")
        moved = _empty_place(Path(folder) / "postgresql", fair, server.url("restored"))
        returned = _empty_place(Path(folder) / "sqlite", fair)
        for name, place, words in (
            ("backup, SQLite", fair, ("backup", str(archive))),
            ("restore, SQLite to PostgreSQL", moved, ("restore", str(archive))),
            ("backup, PostgreSQL", moved, ("backup", str(returned_archive))),
            ("restore, PostgreSQL to SQLite", returned, ("restore", str(returned_archive))),
            ("drill, SQLite", fair, ("restore", "--drill", str(archive))),
            ("drill, PostgreSQL", moved, ("restore", "--drill", str(returned_archive))),
        ):
            step(name)
            lines += _lines(name, _measured(place, *words))
        lines += [
            Line("archive, MB", [archive.stat().st_size / 1e6], digits=1),
            Line("database it came from, MB", [_size(fair) / 1e6], digits=1),
        ]
    print_table(f"Backups of {VISITORS:,} visitors", lines)


def _empty_place(data: Path, fair: Fair, database_url: str = "") -> Fair:
    """Return an empty place under the secret key of the fair."""
    data.mkdir()
    (data / "secret_key").write_bytes((fair.data / "secret_key").read_bytes())
    (data / "secret_key").chmod(0o600)
    return Fair(data, database_url, fair.token)


def _measured(place: Fair, *words: str) -> Run:
    """Run a command to its end, in a process of its own."""
    begin, peak = time.monotonic(), 0.0
    process = psutil.Popen(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=environment(place.data, place.database_url),
        stdout=subprocess.DEVNULL,
    )
    # Not ru_maxrss: it begins with the memory of the process that starts this one.
    while process.poll() is None:
        with suppress(psutil.Error):
            peak = max(peak, process.memory_info().rss / 1e6)
            times = process.cpu_times()
        time.sleep(POLL_S)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)}: {process.returncode}")
    return Run(time.monotonic() - begin, times.user + times.system, peak)


def _lines(name: str, measured: Run) -> list[Line]:
    return [
        Line(f"{name}, s", [measured.seconds], digits=1),
        Line(f"{name}, processor s", [measured.processor_s], digits=1),
        Line(f"{name}, peak memory, MB", [measured.peak_mb]),
    ]


def _size(fair: Fair) -> int:
    return (fair.data / "salon.sqlite").stat().st_size
