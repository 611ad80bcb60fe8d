"""Ten minutes of scans, registrations and mail: what grows that should not."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import func, select

from bench.fairs import Fair, sqlite_fair
from bench.people import Crowd
from bench.report import Line, at_most, print_table, step
from bench.web import Web
from bench.workers import Worker
from salon.platform.database.db import Model
from tests.postman import open_postman

VISITORS = 5_000
SOAK_S = float(os.environ.get("SOAK_S", "600"))
SAMPLE_S = 10.0
WARM_SHARE = 0.2
"""The first samples, in which caches fill, are not compared."""

MEGABYTE = 1 << 20
MEMORY_GROWTH, DESCRIPTOR_GROWTH, WAL_GROWTH = 1.15, 1.1, 1.25
GROWING = ("scans", "attendees", "badges", "presences", "messages", "journal_entries")
"""Tables that grow with what people do, a row or a few for each act."""


@dataclass(frozen=True)
class Sample:
    web_mb: float
    worker_mb: float
    descriptors: int
    wal_mb: float


def run() -> None:
    step(f"{SOAK_S:g} s of scans, registrations and mail on SQLite")
    with sqlite_fair(VISITORS) as fair, open_postman() as postman:
        environ = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        before = _rows(fair)
        with Web("app:app", fair.environment()) as web, Worker(fair, **environ) as worker:
            web.start()
            with Crowd(web.port, fair) as crowd:
                samples = _sample(fair, web, worker)
            ledger = crowd.ledger
        after = _rows(fair)
        _print_growth(samples)
        acts = max(1, len(ledger.scans) + len(ledger.people))
        print(f"  acknowledged: {len(ledger.scans):,} scans, {len(ledger.people):,} registrations")
        print(f"  mails received: {len(postman.received):,}")
        for table, rows in sorted(after.items()):
            if rows != before[table]:
                grown = rows - before[table]
                print(f"  {table}: {before[table]:,} → {rows:,} ({grown / acts:+.2f} an act)")
        odd = [name for name in after if after[name] - before[name] > acts and name not in GROWING]
        print(f"  tables that grow more than what is done: {', '.join(odd) or 'none'}", flush=True)


def _sample(fair: Fair, web: Web, worker: Worker) -> list[Sample]:
    end = time.monotonic() + SOAK_S
    samples = []
    while time.monotonic() < end:
        time.sleep(SAMPLE_S)
        processes = [*web.workers(), psutil.Process(worker.process.pid)]
        wal = Path(f"{fair.data}/salon.sqlite-wal")
        samples.append(
            Sample(
                sum(process.memory_info().rss for process in processes[:-1]) / MEGABYTE,
                processes[-1].memory_info().rss / MEGABYTE,
                sum(process.num_fds() for process in processes),
                wal.stat().st_size / MEGABYTE if wal.exists() else 0,
            )
        )
    return samples


def _print_growth(samples: list[Sample]) -> None:
    warm = samples[int(len(samples) * WARM_SHARE) :]
    half = len(warm) // 2
    lines = []
    for name, field, limit in (
        ("memory of the web workers, MB", "web_mb", MEMORY_GROWTH),
        ("memory of the worker, MB", "worker_mb", MEMORY_GROWTH),
        ("descriptors", "descriptors", DESCRIPTOR_GROWTH),
        ("WAL, MB", "wal_mb", WAL_GROWTH),
    ):
        first, second = (
            [float(getattr(sample, field)) for sample in part]
            for part in (warm[:half], warm[half:])
        )
        floor = sum(first) / len(first)
        lines.append(Line(name, second, first, at_most(limit * floor)))
    print_table(
        f"{SOAK_S:g} s of scans, registrations and mail",
        lines,
        "floor: the first half of the time.",
    )


def _rows(fair: Fair) -> dict[str, int]:
    with fair.engine().connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Model.metadata.sorted_tables
        }
