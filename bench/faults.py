"""Faults under load: kill -9, PostgreSQL that goes away, syncs counted.

Scans and registrations go on all the while; the tests then read the database and compare it with
what was acknowledged.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.bookers import Booker, booking
from bench.fairs import Fair
from bench.people import Crowd, Ledger, act_in_turn
from bench.web import Web
from tests.postgres import Server

LONGEST_LIFE_S = 1.5
KILLED_WORKERS = 0.3
"""How often one worker alone is killed before the whole tree."""


def kill_often(
    fair: Fair, kills: int, longest_life_s: float = LONGEST_LIFE_S
) -> tuple[Ledger, list[float]]:
    """kill -9 of the whole tree at random moments of its life; seconds of each restart."""
    chance = random.Random(34)
    restarts = []
    with Web("app:app", fair.environment()) as web:
        web.start()
        with Crowd(web.port, fair) as crowd:
            for _ in range(kills):
                if chance.random() < KILLED_WORKERS:
                    time.sleep(chance.uniform(0.1, longest_life_s))
                    web.kill_worker()
                time.sleep(chance.uniform(0.1, longest_life_s))
                web.kill()
                restarts.append(web.start())
        return crowd.ledger, restarts


def kill_database(fair: Fair, server: Server, times: int) -> tuple[Ledger, list[float], Booker]:
    """kill -9 of PostgreSQL under scans, registrations and bookings; seconds until it answers."""
    outages = []
    with Web("app:app", fair.environment()) as web, booking(fair) as booker:
        web.start()
        with Crowd(web.port, fair) as crowd:
            for _ in range(times):
                time.sleep(1.0)
                server.kill()
                begin = time.monotonic()
                server.begin()
                while web.status_of("/") != 200:
                    time.sleep(0.01)
                outages.append(time.monotonic() - begin)
            time.sleep(0.5)
        print(web.incidents())
        return crowd.ledger, outages, booker


def syncs_of(fair: Fair, target: str, count: int) -> dict[str, float] | None:
    """Syncs per acknowledged scan and registration, one after the other; None without strace."""
    with _traced(fair, target) as traced:
        if traced is None:
            return None
        web, syncs = traced
        syncs_of_act = {}
        for name, acts in (("scan", {"scans": count}), ("registration", {"registrations": count})):
            before = syncs()
            act_in_turn(web.port, fair, **acts)
            syncs_of_act[name] = (syncs() - before) / count
        return syncs_of_act


@contextmanager
def _traced(fair: Fair, target: str) -> Iterator[tuple[Web, Callable[[], int]] | None]:
    """Yield a server under strace, and how many syncs it has made; None where strace cannot run."""
    if not can_trace():
        yield None
        return
    record = fair.data / "syncs"
    before = ("strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(record))
    with Web(target, fair.environment(), workers=1, before=before) as web:
        web.start()
        yield web, lambda: record.read_text().count("sync(")


def can_trace() -> bool:
    """Return whether strace is here and allowed to follow a process."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0
