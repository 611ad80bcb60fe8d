"""The fair's morning on two machines behind nginx: each is killed once, and comes back."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select, update

from bench.bookers import BookingVisitors, booking_faults, lost_appointments, mailbox
from bench.bookings import make_slots, opened
from bench.checks import faults_in
from bench.fairs import CACHE, Fair, durable_postgres, postgres_fair
from bench.people import Crowd, Ledger
from bench.report import Line, exactly, percentile, print_table, step
from salon.accounts.models import Account
from salon.badges.models import Commune
from salon.platform.database.db import current_session, transaction
from salon.platform.database.marks import DEMONSTRATION, Mark
from salon.platform.settings.clock import real_now
from tests.deploy.pair import Machine, Pair, pair_of
from tests.deploy.proxy import Passage
from tests.postgres import Server

VISITORS = 2_000
STATIONS, REGISTERING, BOOKING = 6, 2, 1
AGENTS = 40
CALM_S, KILLED_S = 4.0, 8.0
"""Before each kill, and after it until the machine starts again."""
QUIET_S = 1.0
"""Without any try of the killed machine, nginx has left it aside."""
LIMITS = {"BOOKINGS_PER_MINUTE": "1000000", "HOLDS_PER_NETWORK": "1000000"}


@dataclass
class Morning:
    """The events of the morning, with the seconds of each kill."""

    ledgers: list[Ledger]
    faults: dict[str, int] = field(default_factory=dict)
    left_aside_s: list[float] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)

    def longest_waits(self, callers: slice) -> list[float]:
        """Return the longest wait of each of these callers, in seconds."""
        return [
            max((wait for _, wait in ledger.waits), default=0) for ledger in self.ledgers[callers]
        ]

    def p99_s(self, callers: slice) -> float:
        return percentile(
            [wait for ledger in self.ledgers[callers] for _, wait in ledger.waits], 0.99
        )

    def count(self, name: str) -> int:
        return sum(len(getattr(ledger, name)) for ledger in self.ledgers)

    @property
    def lost_answers(self) -> int:
        return sum(ledger.unanswered for ledger in self.ledgers)

    def status_count(self, least: int) -> int:
        return sum(status >= least for ledger in self.ledgers for status, _ in ledger.refused)


def run() -> None:
    with durable_postgres() as server:
        step("two machines, each killed once under load")
        killed = _morning(server, is_killed=True)
        step("two machines, without a kill")
        calm = _morning(server, is_killed=False)
    _print(killed, calm)


def _morning(server: Server, is_killed: bool) -> Morning:
    with postgres_fair(server, VISITORS) as fair:
        with opened(fair):
            _forget_demonstration()
            slug = make_slots(AGENTS)
            communes = list(current_session().scalars(select(Commune.name).order_by(Commune.code)))
        with _pair(fair) as pair:
            people = [
                BookingVisitors(pair.proxy.door, slug, communes, mailbox(fair))
                for _ in range(BOOKING)
            ]
            with Crowd(pair.proxy.door, fair, STATIONS, REGISTERING, people) as crowd:
                morning = Morning(crowd.ledgers)
                for machine in pair.machines:
                    time.sleep(CALM_S)
                    if is_killed:
                        _kill(pair, machine, morning)
                    else:
                        time.sleep(KILLED_S)
                time.sleep(CALM_S)
        ledger = crowd.ledger
        booked = booking_faults(fair, set())
        lost = {"acknowledged bookings lost": lost_appointments(fair, ledger.appointments)}
        morning.faults = faults_in(fair, ledger) | booked | lost
        return morning


def _forget_demonstration() -> None:
    """Production refuses a database whose accounts have public passwords."""
    with transaction() as session:
        session.execute(delete(Mark).where(Mark.name == DEMONSTRATION))
        session.execute(update(Account).values(disabled_at=real_now()))


@contextmanager
def _pair(fair: Fair) -> Iterator[Pair]:
    with (
        tempfile.TemporaryDirectory(dir=CACHE, prefix="pair-") as folder,
        pair_of(fair, Path(folder), web_workers=2, **LIMITS) as pair,
        pair.machines[0].worker,
        pair.machines[1].worker,
    ):
        yield pair


def _kill(pair: Pair, machine: Machine, morning: Morning) -> None:
    """kill -9 of every process of a machine; it starts again KILLED_S later."""
    killed_at = time.time()
    machine.kill()
    time.sleep(KILLED_S)
    started_at = time.time()
    machine.start()
    while not (back := _answers(pair, machine, started_at)):
        time.sleep(0.1)
    morning.back_s.append(back[0].at - started_at)
    tries = [
        passage.at - killed_at
        for passage in pair.proxy.passages()
        if killed_at <= passage.at < started_at and _failed_at(passage, machine)
    ]
    burst = _first_burst(tries)
    morning.left_aside_s.append(burst[-1] if burst else 0)
    morning.tries.append(len(tries))


def _answers(pair: Pair, machine: Machine, since: float) -> list[Passage]:
    return [
        passage
        for passage in pair.proxy.passages()
        if passage.at >= since
        and passage.ports[-1:] == (machine.port,)
        and passage.statuses[-1] < "500"
    ]


def _failed_at(passage: Passage, machine: Machine) -> bool:
    return any(
        port == machine.port and status >= "500"
        for port, status in zip(passage.ports, passage.statuses, strict=True)
    )


def _first_burst(tries: Sequence[float]) -> list[float]:
    burst: list[float] = []
    for at in sorted(tries):
        if burst and at - burst[-1] > QUIET_S:
            break
        burst.append(at)
    return burst


def _print(killed: Morning, calm: Morning) -> None:
    stations, people = slice(0, STATIONS), slice(STATIONS, STATIONS + REGISTERING)
    lines = [
        Line(name, [killed.count(key)], [calm.count(key)])
        for name, key in (
            ("scans acknowledged", "scans"),
            ("registrations acknowledged", "people"),
            ("bookings acknowledged", "appointments"),
        )
    ]
    lines += [
        Line(name, [count], [calm.faults[name]], exactly(0))
        for name, count in killed.faults.items()
    ]
    lines += [
        Line("answers 5xx, asked again", [killed.status_count(500)], [calm.status_count(500)]),
        Line("lost answers, asked again", [killed.lost_answers], [calm.lost_answers]),
    ]
    for name, callers in (("a station", stations), ("who registers", people)):
        waits = killed.longest_waits(callers), calm.longest_waits(callers)
        lines.append(Line(f"longest wait of {name}, s", *waits, digits=2))
        p99 = [killed.p99_s(callers)], [calm.p99_s(callers)]
        lines.append(Line("  p99 of all waits, s", *p99, digits=2))
    lines += [
        Line("nginx leaves the machine aside after, s", killed.left_aside_s, digits=2),
        Line("requests that tried it until it was back", killed.tries),
        Line("answers again after its start, s", killed.back_s, digits=1),
    ]
    print_table(
        f"Two machines, {VISITORS:,} badges, PostgreSQL: each killed (-9) once and started "
        f"{KILLED_S:g} s later",
        lines,
        "floor: the same morning without a kill; lowest–highest: among clients, or kills.",
        f"{STATIONS} stations and {REGISTERING} who register, each without a pause, one who books; "
        "what got no answer is asked again with the same identifier.",
    )
