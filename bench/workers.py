"""`flask worker`: what it costs idle, and what it does when mail servers and kills are unkind."""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Self

import psutil
from sqlalchemy import ColumnElement, func, select, update

from bench.fairs import Fair, durable_postgres, postgres_fair, sqlite_fair
from bench.report import Line, at_most, below, exactly, print_table, step
from bench.web import ROOT
from salon import create_app
from salon.badges.jobs import ask_print_run
from salon.badges.models import Printing, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.queries import get_public_edition
from salon.platform.database.db import db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.outbox import Message, post
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import read_settings
from salon.platform.work.heartbeat import last_beat
from tests.postgres import Server
from tests.postman import Postman, open_postman

PATIENCE_S = 300
VISITORS = 60_000
FEW = 300
IDLE_S = 60.0
CALM_S, CALM_SHARE = 10.0, 0.02
IDLE_SHARE = 0.5
KILLS = 20
MAILS = 400
REFUSED_S = 30.0
TARPITTED = 6
OTHERS = 60
RUN_SIZE = 5_000
DOMAIN = "@commune.example"
"""Of the mail that is counted; the jobs post some of their own."""


def run() -> None:
    step(f"idle with {VISITORS:,} badges")
    with sqlite_fair(VISITORS) as fair:
        lines = [_idle_line("SQLite", fair)]
    with durable_postgres() as server, postgres_fair(server, VISITORS) as fair:
        lines.append(_idle_line("PostgreSQL", fair))
    print_table("The worker with nothing to do", lines)
    step("PostgreSQL restarted")
    with durable_postgres() as server, postgres_fair(server, FEW) as fair:
        lines = [_database_restarted(server, fair)]
    for measure in (_refused_for_a_while, _tarpit, _killed_often):
        step(measure.__name__.strip("_").replace("_", " "))
        with sqlite_fair(FEW) as fair:
            lines += measure(fair)
    step("print run killed")
    with sqlite_fair(RUN_SIZE) as fair:
        lines += _print_run_killed(fair)
    print_table("The worker among faults", lines)


def _database_restarted(server: Server, fair: Fair) -> Line:
    _forget_mail(fair)
    with _sending(fair) as (worker, postman):
        post_mail(fair, f"before{DOMAIN}")
        worker.wait_for(lambda: f"before{DOMAIN}" in postman.recipients)
        server.stop("immediate")
        worker.wait_for(lambda: "does not answer" in worker.said())
        server.begin()
        post_mail(fair, f"after{DOMAIN}")
        seconds = worker.wait_for(lambda: f"after{DOMAIN}" in postman.recipients)
    return Line("mail posted after a restart of PostgreSQL, s", [seconds], (), below(5, "s"), 1)


def _idle_line(name: str, fair: Fair) -> Line:
    _forget_mail(fair)
    with _sending(fair) as (worker, _):  # What the jobs post leaves: nothing is tried again.
        worker.wait_until_calm()
        before = worker.processor_s()
        time.sleep(IDLE_S)
        share = 100 * (worker.processor_s() - before) / IDLE_S
    title = f"idle, {VISITORS:,} badges, {name}, % of a core"
    return Line(title, [share], (), at_most(IDLE_SHARE, "%"), 2)


def _refused_for_a_while(fair: Fair) -> list[Line]:
    """The server answers 451 to everything, then accepts."""
    _forget_mail(fair)
    with _sending(fair, "451 try later") as (worker, postman):
        post_mail(fair, *(f"{number}{DOMAIN}" for number in range(OTHERS)))
        worker.wait_for(lambda: not _count_waiting(fair, Message.attempts == 0))
        time.sleep(REFUSED_S)
        postman.answer = "250 OK"
        seconds = worker.wait_for(lambda: len(set(_counted(postman))) == OTHERS)
        doubles = len(_counted(postman)) - OTHERS
    return [
        Line(f"451 for {REFUSED_S:g} s, then: {OTHERS} mails arrived after, s", [seconds]),
        Line("of these, twice", [doubles], (), exactly(0)),
    ]


def _tarpit(fair: Fair) -> list[Line]:
    """Some recipients are never answered; urgent mail and a print run come meanwhile."""
    _forget_mail(fair)
    with _sending(fair) as (worker, postman):
        postman.silent_for = "@tarpit.example"
        post_mail(fair, *(f"{number}@tarpit.example" for number in range(TARPITTED)))
        post_mail(fair, *(f"{number}{DOMAIN}" for number in range(OTHERS)))
        run_id = ask_run(fair)
        printed = worker.wait_for(lambda: _run_status(fair, run_id) == "done")
        arrived = printed + worker.wait_for(lambda: len(_counted(postman)) == OTHERS)
    return [
        Line(f"{TARPITTED} recipients in a tarpit: the {OTHERS} others arrived in, s", [arrived]),
        Line("meanwhile a print run was made in, s", [printed], (), below(20, "s"), 1),
    ]


def _killed_often(fair: Fair) -> list[Line]:
    """kill -9 of the worker at random moments while it sends."""
    chance = random.Random(34)
    with open_postman() as postman:
        environ = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        _forget_mail(fair)
        post_mail(fair, *(f"{number}{DOMAIN}" for number in range(MAILS)))
        with Worker(fair, **environ) as worker:
            for _ in range(KILLS):
                sent = len(postman.received)
                worker.wait_for(
                    lambda sent=sent: len(postman.received) > sent or not _count_waiting(fair)
                )
                time.sleep(chance.uniform(0, 0.2))
                worker.kill()
                _end_leases(fair)
                worker.start()
            worker.wait_for(lambda: not _count_waiting(fair))
    counts = Counter(_counted(postman))
    doubled = sum(count - 1 for count in counts.values())
    return [
        Line(
            f"kill -9 {KILLS} times while {MAILS} mails leave: lost",
            [MAILS - len(counts)],
            (),
            exactly(0),
        ),
        Line("the same, twice", [doubled], (), at_most(5)),
    ]


def _print_run_killed(fair: Fair) -> list[Line]:
    """kill -9 of the worker in the middle of a print run; the next one makes it, once."""
    run_id = ask_run(fair)
    with Worker(fair) as worker:
        worker.wait_for(lambda: 0 < _run_done(fair, run_id) < RUN_SIZE)
        worker.kill()
        done = _run_done(fair, run_id)
        worker.start()
        seconds = worker.wait_for(lambda: _run_status(fair, run_id) == "done")
    with fair.engine().connect() as connection:
        of_run = Printing.print_run_id == run_id
        printings = connection.scalar(select(func.count()).where(of_run)) or 0
        badges = connection.scalar(select(func.count(Printing.badge_id.distinct())).where(of_run))
        total = connection.scalar(select(PrintRun.total).where(PrintRun.id == run_id)) or 0
    parts = len(list((fair.data / "print_runs").glob("*.part")))
    return [
        Line(f"print run killed at {done:,} of {total:,} badges: made again in, s", [seconds]),
        Line(
            "badges recorded as printed too few or twice",
            [abs(total - printings) + printings - (badges or 0)],
            (),
            exactly(0),
        ),
        Line("unfinished files left", [parts], (), exactly(0)),
    ]


class Worker:
    """A worker that runs until the end of its context; `more` goes into its environment."""

    def __init__(self, fair: Fair, **more: str) -> None:
        self.command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        self.environ = fair.environment(**more)
        self.data = fair.data
        self.closing = ExitStack()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log
        )

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def wait_for(self, condition: Callable[[], bool]) -> float:
        """Wait until it is true; return the seconds it took."""
        begin = time.monotonic()
        while not condition():
            if self.process.poll() is not None or time.monotonic() - begin > PATIENCE_S:
                raise RuntimeError(f"the worker did not: {self.said()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - begin

    def wait_until_calm(self) -> None:
        """Wait until the work that a fair's opening brings is done."""
        share = 1.0
        while share > CALM_SHARE:
            before = self.processor_s()
            time.sleep(CALM_S)
            share = (self.processor_s() - before) / CALM_S

    def processor_s(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        self.log = self.closing.enter_context(tempfile.TemporaryFile())
        self.start()
        self.wait_for(lambda: last_beat(self.data) is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.closing.close()


def post_mail(fair: Fair, *recipients: str) -> None:
    """Post one message to each, as a page would: a row in the outbox."""
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        with transaction() as session:
            for recipient in recipients:
                post(session, "sign_in_code", recipient, code="1234 5678", minutes=10)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _sending(fair: Fair, answer: str = "250 OK") -> Iterator[tuple[Worker, Postman]]:
    """Yield a worker, and the mail server it sends to."""
    with open_postman() as postman:
        postman.answer = answer
        environ = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        with Worker(fair, **environ) as worker:
            yield worker, postman


def _counted(postman: Postman) -> list[str]:
    return [name for name in postman.recipients if name.endswith(DOMAIN)]


def _forget_mail(fair: Fair) -> None:
    """Keep the messages posted by the loading of the fair from being sent."""
    with fair.engine().begin() as connection:
        connection.execute(update(Message).values(status="sent"))


def _end_leases(fair: Fair) -> None:
    """End the leases of a killed worker, so that its work can be taken at once."""
    with fair.engine().begin() as connection:
        connection.execute(update(Message).values(leased_until=None))


def _count_waiting(fair: Fair, *conditions: ColumnElement[bool]) -> int:
    with fair.engine().connect() as connection:
        waiting = select(func.count(Message.id)).where(Message.status == "waiting", *conditions)
        return connection.scalar(waiting) or 0


def ask_run(fair: Fair) -> int:
    """Ask for the badges of everybody, as the page does; return the number of the print run."""
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        run_id = ask_print_run(
            get_public_edition(), AttendeeFilter(), Layout.A4, "1" * 32, real_now(), SYSTEM
        )
        db.session.remove()
        db.engine.dispose()
    return run_id


def _run_status(fair: Fair, run_id: int) -> str:
    with fair.engine().connect() as connection:
        return str(connection.scalar(select(PrintRun.status).where(PrintRun.id == run_id)))


def _run_done(fair: Fair, run_id: int) -> int:
    with fair.engine().connect() as connection:
        return connection.scalar(select(PrintRun.done).where(PrintRun.id == run_id)) or 0
