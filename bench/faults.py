"""Faults under load: kill -9, PostgreSQL that goes away, syncs counted, a full disk.

Scans and registrations go on all the while; afterwards the database is read and compared with
what was acknowledged. Every figure here must be 0, except times and counts of what was done.
"""

import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.bookers import Booker, booking, booking_faults
from bench.checks import faults_in
from bench.fairs import Fair, durable_postgres, postgres_fair, sqlite_fair
from bench.people import Act, Crowd, Ledger, Station, Visitors, act_in_turn
from bench.report import percentile, step
from bench.web import Web
from tests.postgres import Server

VISITORS = 300
KILLS = 50
KILLS_ON_POSTGRES = 20
RESTARTS = 6
DATABASE_KILLS = 10
LONGEST_LIFE_S = 1.5
KILLED_WORKERS = 0.3
"""How often one worker alone is killed before the whole tree."""

SYNCED_ACTS = 100
DISK_MB = 24
NO_STRACE = (
    "strace is not here: on Debian, apt-get install strace (the pragma is FULL all the same)"
)
NO_MOUNT = "a small disk needs root and the right to mount (sudo make bench ARGS=faults)"


def run() -> None:
    step("kill -9 on SQLite")
    with sqlite_fair(VISITORS) as fair:
        _print(f"kill -9 of the server {KILLS} times, SQLite", *kill_often(fair, KILLS), fair)
    with durable_postgres() as server:
        step("kill -9 on PostgreSQL")
        with postgres_fair(server, VISITORS) as fair:
            title = f"kill -9 of the server {KILLS_ON_POSTGRES} times, PostgreSQL"
            _print(title, *kill_often(fair, KILLS_ON_POSTGRES), fair)
        step("PostgreSQL restarted")
        with postgres_fair(server, VISITORS) as fair:
            title = f"PostgreSQL itself restarted -m immediate {RESTARTS} times"
            _print(title, *restart_database(fair, server, RESTARTS), fair)
        step("PostgreSQL killed")
        with postgres_fair(server, VISITORS) as fair:
            _print_killed_database(fair, server)
    step("syncs")
    _print_syncs()
    step("full disk")
    _print_full_disk()
    step("read-only disk")
    _print_read_only_disk()


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


def restart_database(fair: Fair, server: Server, times: int) -> tuple[Ledger, list[float]]:
    """PostgreSQL stopped at once and started again; seconds during which requests failed."""
    outages = []
    with Web("app:app", fair.environment()) as web:
        web.start()
        with Crowd(web.port, fair) as crowd:
            for _ in range(times):
                time.sleep(0.5)
                begin = time.monotonic()
                server.restart("immediate")
                time.sleep(1.0)
                trouble = [at for at in crowd.ledger.trouble if at >= begin]
                outages.append(max(trouble) - min(trouble) if trouble else 0.0)
        return crowd.ledger, outages


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


def _print_killed_database(fair: Fair, server: Server) -> None:
    ledger, outages, booker = kill_database(fair, server, DATABASE_KILLS)
    title = f"kill -9 of PostgreSQL itself {DATABASE_KILLS} times"
    _print(title, ledger, outages, fair)
    print(f"  bookings acknowledged: {len(booker.uids):,}; asked again: {booker.unanswered:,}")
    _print_faults(booking_faults(fair, booker.uids))


def _print(title: str, ledger: Ledger, seconds: Sequence[float], fair: Fair) -> None:
    statuses = Counter(status for status, _ in ledger.refused)
    print(f"\n{title}")
    print(f"  acknowledged: {len(ledger.scans):,} scans, {len(ledger.people):,} registrations")
    print(
        f"  asked again: {ledger.unanswered:,} lost answers, {statuses.pop(503, 0):,} answers 503"
    )
    _print_faults(
        faults_in(fair, ledger) | {f"answers {status}": n for status, n in statuses.items()}
    )
    half, most = percentile(seconds, 0.5), percentile(seconds, 0.95)
    kind = "outage seen by clients" if "itself" in title else "restart to first 200"
    print(f"  {kind}, s: median {half:.2f}, p95 {most:.2f}", flush=True)


def _print_faults(faults: dict[str, int], sound: bool = True) -> None:
    for name, count in faults.items():
        print(f"  {name}: {count}")
    print("  PASS" if sound and not any(faults.values()) else "  BELOW")


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


def _print_syncs() -> None:
    print(f"\nfsync and fdatasync per acknowledged write, SQLite, {SYNCED_ACTS} of each (strace)")
    for target, words in (
        ("app:app", "synchronous=FULL"),
        ("bench.relaxed:app", "NORMAL, control"),
    ):
        with sqlite_fair(VISITORS) as fair:
            counts = syncs_of(fair, target, SYNCED_ACTS)
        if counts is None:
            print(f"  {NO_STRACE}")
            return
        verdict = ""
        if target == "app:app":
            verdict = "  ≥ 1  " + ("PASS" if min(counts.values()) >= 1 else "BELOW")
        figures = ", ".join(f"{count:.2f} a {name}" for name, count in counts.items())
        print(f"  {words}: {figures}{verdict}", flush=True)


def _print_full_disk() -> None:
    print(f"\nFull disk: database on {DISK_MB} MB")
    with small_disk() as folder:
        if folder is None:
            print(f"  {NO_MOUNT}", flush=True)
            return
        with sqlite_fair(VISITORS, folder) as fair:
            disk = fill_disk(fair)
            faults = faults_in(fair, disk.ledger)
    answers = ", ".join(f"{name} {status}" for name, status in disk.while_full.items())
    print(f"  while full: {answers}; the person reads: {disk.words}")
    print(f"  after space is freed, first write accepted in {disk.recovery_s:.2f} s", flush=True)
    _print_faults(faults, disk.is_sound)


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """Yield a file system of DISK_MB megabytes in memory; None where it may not be mounted."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


class SickDisk:
    """The events while the disk refused writes, and after."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.while_full: dict[str, int] = {}
        self.words = ""
        self.recovery_s = 0.0

    @property
    def is_sound(self) -> bool:
        """Return whether writes are refused with 507 or 503 and a reason, and reads go on."""
        return "stockage" in self.words.lower() and all(
            status == 200 if name.startswith("GET") else status in (503, 507)
            for name, status in self.while_full.items()
        )


def fill_disk(fair: Fair) -> SickDisk:
    """Fill the disk under the database, ask for everything, then make room again."""
    disk = SickDisk()
    with (
        Web("app:app", fair.environment()) as web,
        Station(web.port, fair, fair.codes()) as station,
        Visitors(web.port, "full") as visitors,
    ):
        web.start()
        scans, people = station.acts(), visitors.acts()
        for acts in (scans, people):
            next(acts).attempt(disk.ledger)
        waiting = {"scan": next(scans), "registration": next(people)}
        filler = fair.data / "filler"
        with filler.open("wb", buffering=0) as stream, suppress(OSError):
            while stream.write(bytes(4096)):
                pass
        for name, act in waiting.items():
            _ask_once(name, act, disk)
        for path in ("/", "/inscription", "/healthz"):
            disk.while_full[f"GET {path}"] = web.status_of(path) or 0
        filler.unlink()
        begin = time.monotonic()
        for act in waiting.values():
            while not act.attempt(disk.ledger):
                time.sleep(0.05)
        disk.recovery_s = time.monotonic() - begin
    return disk


def _print_read_only_disk() -> None:
    print("\nRead-only disk: the server is killed, the disk becomes read-only, it starts again")
    with small_disk() as folder:
        if folder is None:
            print(f"  {NO_MOUNT}", flush=True)
            return
        with sqlite_fair(VISITORS, folder) as fair:
            disk = lock_disk(fair, folder)
            faults = faults_in(fair, disk.ledger)
    answers = ", ".join(f"{name} {status}" for name, status in disk.while_full.items())
    print(f"  while read-only: {answers}; the person reads: {disk.words}")
    print(f"  after it is writable, first write accepted in {disk.recovery_s:.2f} s", flush=True)
    _print_faults(faults, disk.is_sound)


def lock_disk(fair: Fair, folder: Path) -> SickDisk:
    """Make the disk read-only under a server that starts again, then writable."""
    disk = SickDisk()
    with (
        Web("app:app", fair.environment()) as web,
        Station(web.port, fair, fair.codes()) as station,
        Visitors(web.port, "locked") as visitors,
    ):
        web.start()
        scans, people = station.acts(), visitors.acts()
        for acts in (scans, people):
            next(acts).attempt(disk.ledger)
        waiting = {"scan": next(scans), "registration": next(people)}
        web.kill()
        _remount(folder, "ro")
        try:
            web.start()
            for name, act in waiting.items():
                _ask_until_answered(name, act, disk)
            for path in ("/", "/inscription", "/healthz"):
                disk.while_full[f"GET {path}"] = web.status_of(path) or 0
        finally:
            web.kill()
            _remount(folder, "rw")
        web.start()
        begin = time.monotonic()
        for act in waiting.values():
            while not act.attempt(disk.ledger):
                time.sleep(0.05)
        disk.recovery_s = time.monotonic() - begin
    return disk


def _ask_until_answered(name: str, act: Act, disk: SickDisk) -> None:
    """A kept connection of the killed server breaks once."""
    unanswered = disk.ledger.unanswered
    _ask_once(name, act, disk)
    if disk.ledger.unanswered > unanswered:
        _ask_once(name, act, disk)


def _remount(folder: Path, how: str) -> None:
    """Remount once the killed processes have let their files go."""
    command = ["mount", "-o", f"remount,{how}", str(folder)]
    deadline = time.monotonic() + 10
    while (done := subprocess.run(command, capture_output=True, text=True)).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(done.stderr)
        time.sleep(0.1)


def _ask_once(name: str, act: Act, disk: SickDisk) -> None:
    """Try an act once; note its status, and the message of the first refusal."""
    unanswered = disk.ledger.unanswered
    if act.attempt(disk.ledger):
        disk.while_full[name] = 200
        return
    if disk.ledger.unanswered > unanswered:
        return
    status, text = disk.ledger.refused[-1]
    disk.while_full[name] = status
    disk.words = disk.words or json.loads(text)["message"]
