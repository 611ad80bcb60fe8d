"""kill -9, a database that goes away, and syncs: what was acknowledged stays."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from pypdf import PdfReader
from sqlalchemy import delete, func, insert, select, update

from bench import faults
from bench.bookers import booking, booking_faults
from bench.checks import faults_in
from bench.fairs import Fair, copied, fill_postgres, open_doors
from bench.people import Caller, Crowd, Ledger, act_in_turn
from bench.web import Web, serve
from bench.workers import Worker, post_mail
from salon import create_app
from salon.badges.actions import BadgeAction
from salon.badges.jobs import ask_print_run
from salon.badges.models import Attendee, Printing, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.entrance.models import Presence, Scan
from salon.fair.models import EditionDay
from salon.fair.queries import get_public_edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session, db
from salon.platform.database.guards import ERASURE
from salon.platform.database.identity import SYSTEM
from salon.platform.database.invariants import Unsettled
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import read_settings
from salon.platform.web.access import settings
from salon.platform.work.jobs import LEASE, JobStatus
from salon.stored_files import ORPHAN_AFTER, remove_orphans
from tests.commands import application
from tests.conftest import copy_data
from tests.days import move_days
from tests.kills import count, files_in, write_lock
from tests.postgres import Server
from tests.postman import open_postman
from tests.processes import PATIENCE_S, listens, wait_for

WAITS, RUNS = PrintRun.status == JobStatus.WAITING, PrintRun.status == JobStatus.RUNNING
VISITORS = 100
A4_BADGES = 10
PROMISED_SYNCS = 1


@pytest.fixture(scope="module")
def prepared(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the seeded fair with more visitors, its registrations open."""
    folder = copy_data(seeded, tmp_path_factory.mktemp("prepared") / "data")
    open_doors(folder, VISITORS)
    return folder


@pytest.fixture
def fair(prepared: Path, tmp_path: Path) -> Fair:
    return copied(prepared, tmp_path)


@pytest.fixture(scope="module")
def durable_server(prepared: Path) -> Iterator[Server]:
    """Yield a PostgreSQL that syncs, with the prepared fair in it."""
    with Server.start(durable=True) as server:
        fill_postgres(server, "prepared", prepared)
        yield server


@pytest.fixture
def postgres_fair(durable_server: Server, prepared: Path, tmp_path: Path) -> Iterator[Fair]:
    durable_server.create_database("fair", "prepared")
    yield copied(prepared, tmp_path, durable_server.url("fair"))
    durable_server.drop_database("fair")


def refusals(ledger: Ledger) -> list[tuple[int, str]]:
    """Return the refusals for another reason than a database that is away for a moment."""
    return [refusal for refusal in ledger.refused if refusal[0] != 503]


def test_what_was_acknowledged_survives_kill_9(fair: Fair) -> None:
    ledger, restarts = faults.kill_often(fair, kills=3, longest_life_s=0.7)

    assert len(restarts) == 3
    assert ledger.scans
    assert ledger.people
    assert refusals(ledger) == []
    assert not any(faults_in(fair, ledger).values())


def test_what_was_acknowledged_survives_kill_9_of_the_supervisor(fair: Fair) -> None:
    """Of `salon serve`: its web processes and its worker end with it, and leave the port."""
    with serve(fair.environment()) as web:
        web.start()
        with Crowd(web.port, fair) as crowd:
            for _ in range(2):
                acts = crowd.ledger.acknowledged + 10
                wait_for(lambda acts=acts: crowd.ledger.acknowledged >= acts, "more acts")
                _, *children = web.tree()
                assert len(children) > 3
                web.kill_supervisor()
                assert psutil.wait_procs(children, timeout=PATIENCE_S)[1] == []
                assert not listens(web.port)
                web.start()
        ledger = crowd.ledger

    assert ledger.unanswered
    assert refusals(ledger) == []
    assert not any(faults_in(fair, ledger).values())


def ask_badges(fair: Fair) -> int:
    with application(fair.environment()):
        act = FairAct(SYSTEM, edition=get_public_edition())
        return ask_print_run(act, AttendeeFilter(), Layout.A4, uuid.uuid4().hex)


def other_files(fair: Fair) -> set[str]:
    """Return the names of what lies in a fair's folder beside its database."""
    return {path.name for path in fair.data.iterdir() if not path.name.startswith("salon.sqlite")}


def end_lease(fair: Fair, run_id: int) -> None:
    """Let another worker take a run of badges now, as it may in a minute."""
    with fair.engine().begin() as session:
        run = update(PrintRun).where(PrintRun.id == run_id)
        session.execute(run.values(leased_until=real_now() - LEASE))


def test_badges_whose_worker_is_killed_are_printed_once_and_whole(fair: Fair) -> None:
    """Between their file and its row, and while they are drawn."""
    with Worker(fair) as worker:
        while True:
            run_id, files = ask_badges(fair), files_in(fair, "print_runs")
            run = PrintRun.id == run_id
            worker.wait_for(lambda run=run: not count(fair, PrintRun, run, WAITS))
            with write_lock(fair):
                if count(fair, PrintRun, run, RUNS):  # else it was done before the lock
                    worker.wait_for(lambda files=files: files_in(fair, "print_runs") > files)
                    worker.kill()
                    break
        [orphan] = files_in(fair, "print_runs") - files
        assert count(fair, Printing, Printing.print_run_id == run_id) == 0
        others = other_files(fair)
        end_lease(fair, run_id)
        worker.start()
        worker.wait_for(lambda: count(fair, PrintRun, run, PrintRun.attempts == 2) == 1)
        worker.kill()
        assert other_files(fair) == others
        end_lease(fair, run_id)
        worker.start()
        worker.wait_for(lambda: count(fair, PrintRun, run, PrintRun.status == JobStatus.DONE) == 1)
    with application(fair.environment()):
        done = current_session().get_one(PrintRun, run_id)
        printed = list(
            current_session().scalars(select(Printing.badge_id).filter_by(print_run_id=run_id))
        )
        assert len(printed) == len(set(printed)) == done.total > VISITORS
        pages = PdfReader(fair.data / "print_runs" / done.file_name).pages
        assert len(pages) == -(-done.total // A4_BADGES)
        assert remove_orphans(settings().file_store, real_now() + ORPHAN_AFTER * 2) >= 1
    assert orphan not in files_in(fair, "print_runs")
    assert done.file_name in files_in(fair, "print_runs")
    is_done = (
        JournalEntry.action == BadgeAction.PRINT_RUN_DONE,
        JournalEntry.subject == done.subject,
    )
    assert count(fair, JournalEntry, *is_done) == 1


@pytest.mark.postgres
def test_what_was_acknowledged_survives_kill_9_of_postgresql(
    durable_server: Server, postgres_fair: Fair
) -> None:
    """Scans, registrations and bookings: present, once each, and nothing written by halves."""
    ledger, _, booker = faults.kill_database(postgres_fair, durable_server, times=2)
    result = faults_in(postgres_fair, ledger) | booking_faults(postgres_fair, booker.uids)

    assert ledger.scans
    assert ledger.people
    assert booker.uids
    assert refusals(ledger) == []
    assert not any(result.values()), result


@pytest.mark.postgres
def test_what_was_acknowledged_survives_kill_9_of_the_postmaster_alone(
    durable_server: Server, postgres_fair: Fair
) -> None:
    """Whose orphans end by themselves: pages say to come back, and are served by the same
    processes once it is started again."""
    with Web("app:app", postgres_fair.environment()) as web, booking(postgres_fair) as booker:
        web.start()
        with Crowd(web.port, postgres_fair) as crowd, Caller(web.port) as visitor:
            processes = web.workers()
            for _ in range(2):
                acts = crowd.ledger.acknowledged + 10
                wait_for(lambda acts=acts: crowd.ledger.acknowledged >= acts, "more acts")
                durable_server.kill_postmaster()
                status, page, _ = visitor.ask("GET", "/inscription")
                assert (status, "Le site revient dans un instant" in page) == (503, True)
                durable_server.begin()
                wait_for(lambda: visitor.ask("GET", "/inscription")[0] == 200, "a page again")
            assert web.workers() == processes
        ledger = crowd.ledger
    result = faults_in(postgres_fair, ledger) | booking_faults(postgres_fair, booker.uids)

    assert ledger.refused
    assert booker.uids
    assert refusals(ledger) == []
    assert not any(result.values()), result


@pytest.mark.postgres
def test_the_worker_outlives_a_restart_of_postgresql_and_the_mail_leaves(
    durable_server: Server, postgres_fair: Fair
) -> None:
    with postgres_fair.engine().begin() as session:
        # Neither the mail of the demonstration nor the papers of a fair's eve are to be made first.
        session.execute(delete(Message))
        for edition_id in session.scalars(select(EditionDay.edition_id).distinct()).all():
            move_days(session, edition_id, timedelta(days=5))
    with open_postman() as postman:
        settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(postman.port)}
        with Worker(postgres_fair, **settings) as worker:
            post_mail(postgres_fair, "before@commune.example")
            worker.wait_for(lambda: "before@commune.example" in postman.recipients)
            durable_server.stop("immediate")
            worker.wait_for(lambda: "does not answer" in worker.said())
            durable_server.begin()
            post_mail(postgres_fair, "after@commune.example")
            worker.wait_for(lambda: "after@commune.example" in postman.recipients)
            assert worker.process.poll() is None, "it was never started again"
        assert postman.recipients.count("before@commune.example") == 1


def test_each_acknowledged_write_is_synced_to_the_disk(fair: Fair) -> None:
    syncs = faults.syncs_of(fair, "app:app", count=10)

    if syncs is not None:
        assert min(syncs.values()) >= PROMISED_SYNCS
    else:  # strace may not run here: at least the promise is asked of SQLite
        assert pragma(fair, "synchronous") == 2


def test_without_full_sync_the_count_shows_it(fair: Fair) -> None:
    syncs = faults.syncs_of(fair, "bench.relaxed:app", count=10)

    if syncs is not None:
        assert min(syncs.values()) < PROMISED_SYNCS
    else:
        assert pragma(fair, "journal_mode") == "wal"


def test_the_checks_see_each_fault(fair: Fair) -> None:
    """The control: rows are taken away by hand, and every one of them is missed."""
    ledger = walk_through(fair)
    assert not any(faults_in(fair, ledger).values())

    with fair.engine().begin() as session:
        session.execute(insert(Unsettled).values(name=ERASURE))
        session.execute(delete(Presence))
        session.execute(delete(Scan).where(Scan.id == select(func.max(Scan.id)).scalar_subquery()))
        session.execute(delete(Unsettled))
        session.execute(delete(Message).where(Message.recipient.in_(ledger.people)))
        session.execute(
            update(Attendee)
            .where(Attendee.email.in_(sorted(ledger.people)[:1]))
            .values(email_key="somebody@else.example")
        )

    stored_faults = faults_in(fair, ledger)
    assert stored_faults["acknowledged scans lost"] == 1
    assert stored_faults["acknowledged registrations lost"] == 1
    assert stored_faults["badges without mail or journal entry"] == len(ledger.people)
    assert stored_faults["presences that differ from the scans"] == len(ledger.scans) - 1


def walk_through(fair: Fair) -> Ledger:
    """Return three scans and two registrations, without any fault."""
    with Web("app:app", fair.environment()) as web:
        web.start()
        return act_in_turn(web.port, fair, scans=3, registrations=2)


def pragma(fair: Fair, name: str) -> object:
    """Return a setting of the application's own connection to SQLite."""
    app = create_app(read_settings(fair.environment()))
    with app.app_context(), db.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
