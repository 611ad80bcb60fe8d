"""The busiest hour of a national fair through HTTP: its cost, and how far one machine goes.

60,000 visitors, 1,200 exhibitors, 24 doors, three days. Each thing arrives at its own rate, whether
the ones before were answered or not; the rates are then doubled until the machine does not follow.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psutil
from sqlalchemy import insert, select

from bench.arrivals import DOORS, RATES, Guests, Seen, load
from bench.bookers import mailbox
from bench.bookings import make_slots, opened
from bench.exhibitors import add_exhibitors
from bench.fairs import Fair, durable_postgres, postgres_fair
from bench.report import Line, below, exactly, percentile, print_table, step
from bench.web import Web
from bench.workers import Worker
from salon.accounts.services.stations import issue_station_token
from salon.badges.models import Commune
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Door, EditionDay
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from tests.postgres import Server
from tests.postman import open_postman

VISITORS, EXHIBITORS, DAYS = 60_000, 1_200, 3
SECONDS, WARM_S = 10.0, 3.0
"""Of each step; before the first."""
MOST_STEPS = 7
P99_MS = 1_000
BUSY = 0.9
AGENTS = 60
LIMITS = {"BOOKINGS_PER_MINUTE": "1000000000", "HOLDS_PER_NETWORK": "1000000000"}


@dataclass
class Step:
    """The rates of the busiest hour times `factor`. Cores: processor seconds for the arrivals of a
    second, whenever they were spent."""

    factor: int
    seen: Seen
    web: float
    postgres: float
    worker: float
    busy: float
    memory_mb: float

    @property
    def cores(self) -> float:
        return self.web + self.postgres + self.worker

    @property
    def p99_ms(self) -> float:
        return percentile(self.seen.latencies_ms, 0.99)

    @property
    def is_good(self) -> bool:
        return self.p99_ms <= P99_MS and not self.seen.failures

    def bottleneck(self, processes: int) -> str:
        if self.busy >= BUSY:
            parts = f"web {self.web:.2f}, PostgreSQL {self.postgres:.2f}, worker {self.worker:.2f}"
            return f"processors ({self.busy:.0%} busy; cores: {parts}; then clients and others)"
        if self.web >= BUSY * processes:
            return f"web processes ({self.web:.2f} cores for {processes} of them: add some)"
        return f"waits, with processors {self.busy:.0%} busy: pg_stat_activity names them"


def run() -> None:
    processes = os.cpu_count() or 1
    with durable_postgres() as server, postgres_fair(server, VISITORS) as fair:
        step(f"{EXHIBITORS:,} exhibitors, {DOORS} doors, {DAYS} days")
        with Web("app:app", fair.environment(**LIMITS), workers=processes) as web:
            guests = _prepare(fair, web.port)
            web.start()
            with (
                open_postman() as postman,
                Worker(fair, SMTP_HOST="127.0.0.1", SMTP_PORT=str(postman.port)) as worker,
            ):
                worker.wait_until_calm()
                steps = list(_steps(fair, server, web, worker, guests))
    _print_first(steps[0], processes)
    _print_steps(steps, processes)


def _prepare(fair: Fair, port: int) -> Guests:
    with opened(fair):
        edition = get_public_edition()
        add_exhibitors(edition.id, EXHIBITORS)
        theme = make_slots(AGENTS)
        day = edition.days[0]
        more_days = [
            {"day_on": day.day_on + timedelta(days=n), "opens": day.opens, "closes": day.closes}
            for n in range(1, DAYS)
        ]
        doors = [{"code": f"P{n}", "label": f"Porte {n}"} for n in range(DOORS)]
        with transaction(edition) as session:
            for table, rows in ((EditionDay, more_days), (Door, doors)):
                session.execute(insert(table), [{"edition_id": edition.id, **r} for r in rows])
        tokens = [issue_station_token(Act(SYSTEM), f"Porte {n}", edition.id) for n in range(DOORS)]
        placed = select(Exhibitor.slug).where(Exhibitor.stand_id.is_not(None))
        session = current_session()
        slugs = [slug for slug in session.scalars(placed) if slug]
        communes = list(session.scalars(select(Commune.name).order_by(Commune.code)))
        edition_id = edition.id
    return Guests(port, fair.codes(), tokens, slugs, communes, theme, edition_id)


def _steps(fair: Fair, server: Server, web: Web, worker: Worker, guests: Guests) -> Iterator[Step]:
    """Yield the steps of the load, up to the first that the machine does not follow."""
    load(guests, mailbox(fair), 1, WARM_S)
    for number in range(MOST_STEPS):
        factor = 2**number
        step(f"×{factor}")
        with _watched(server, web, worker) as figures:
            seen = load(guests, mailbox(fair), factor, SECONDS)
        result = Step(factor, seen, **figures)
        yield result
        if not result.is_good:
            return


@contextmanager
def _watched(server: Server, web: Web, worker: Worker) -> Iterator[dict[str, Any]]:
    """Yield the cores that processes use in the context, and their memory."""
    figures: dict[str, Any] = {}

    def spent() -> tuple[float, float, float]:
        return web.processor_s(), server.processor_s(), worker.processor_s()

    psutil.cpu_percent()
    before = spent()
    yield figures
    names = ("web", "postgres", "worker")
    figures |= {n: (a - b) / SECONDS for n, a, b in zip(names, spent(), before, strict=True)}
    figures["busy"] = psutil.cpu_percent() / 100
    postmaster = server.postmaster()
    processes = [
        *web.tree(),
        postmaster,
        *postmaster.children(),
        psutil.Process(worker.process.pid),
    ]
    figures["memory_mb"] = sum(map(_memory_mb, processes))


def _memory_mb(process: psutil.Process) -> float:
    """Return a process's memory, shared pages by their share; 0 once PostgreSQL has ended it."""
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss) / 1e6
    return 0.0


def _print_first(first: Step, processes: int) -> None:
    lines = []
    for kind, seen in first.seen.kinds.items():
        lines.append(Line(f"{kind} a second", [RATES[kind]], digits=2))
        lines.append(Line("  requests a second", [len(seen.latencies_ms) / SECONDS], digits=1))
        lines += [
            Line(f"  p{percent} ms", [percentile(seen.latencies_ms, percent / 100)], digits=1)
            for percent in (50, 95, 99)
        ]
    lines += [
        Line("cores: web processes", [first.web], digits=2),
        Line("cores: PostgreSQL", [first.postgres], digits=2),
        Line("cores: worker", [first.worker], digits=2),
        Line("cores together", [first.cores], digits=2),
        Line("memory of them all (PSS), MB", [first.memory_mb]),
        Line("answers 5xx, or none", [first.seen.failures], target=exactly(0)),
        Line("answers 4xx", [first.seen.refusals], target=exactly(0)),
    ]
    print_table(
        f"The busiest hour of a national fair: {VISITORS:,} visitors, {EXHIBITORS:,} exhibitors, "
        f"{DOORS} doors, {DAYS} days; PostgreSQL, {processes} web processes",
        lines,
        f"{SECONDS:g} s at the rates of that hour; the proxy is not counted.",
    )


def _print_steps(steps: Sequence[Step], processes: int) -> None:
    lines = []
    for measured_step in steps:
        latencies = measured_step.seen.latencies_ms
        lines.append(
            Line(f"×{measured_step.factor}: requests a second", [len(latencies) / SECONDS])
        )
        lines += [
            Line(f"  p{percent} ms", [percentile(latencies, percent / 100)], digits=1)
            for percent in (50, 95)
        ]
        lines += [
            Line("  p99 ms", [measured_step.p99_ms], target=below(P99_MS, "ms"), digits=1),
            Line("  answers 5xx, or none", [measured_step.seen.failures]),
            Line("  cores: web processes", [measured_step.web], digits=2),
            Line("  cores: PostgreSQL", [measured_step.postgres], digits=2),
            Line("  processors busy, %", [100 * measured_step.busy]),
            Line("  clients late themselves by at most, ms", [measured_step.seen.late_ms]),
        ]
    good = [step.factor for step in steps if step.is_good]
    most = max(good, default=0)
    cores = steps[0].cores
    print_table(
        f"How far one machine of {processes} cores goes: that hour, times…",
        lines,
        f"One machine of {processes} cores carries that hour ×{most}"
        f" ({most * RATES['scans']:g} scans, {most * RATES['pages']:g} pages a second);"
        f" the hour itself costs {cores:.2f} cores, so that a core that does nothing else"
        f" carries it ×{1 / cores:.1f}.",
        f"First bottleneck, at ×{steps[-1].factor}: {steps[-1].bottleneck(processes)}.",
        "Clients take their share of the same processors.",
    )
