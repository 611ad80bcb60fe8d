"""The ground on SQLite and on PostgreSQL: limits, constraints, outbox, watch of commits."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from salon.fair.models import Edition
from salon.platform.database.commit_watch import CommitWatch
from salon.platform.database.db import (
    current_session,
    db,
    is_on_sqlite,
    transaction,
    upsert,
    violation_as,
)
from salon.platform.database.prepared_statements import driver
from salon.platform.database.submissions import (
    Submission,
)
from salon.platform.mail import outbox, sending
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.settings.clock import real_now
from salon.platform.web.access import public
from salon.platform.web.limits import RateCounter, count_try
from salon.platform.words.errors import TooManyTries
from salon.platform.work.scheduler import ScheduledTask, Supervisor
from salon.worker import tasks_of
from tests.pages import PageClient
from tests.processes import PATIENCE_S
from tests.races import race
from tests.statements import statements


def test_a_limit_refuses_beyond_its_number_and_says_when_to_come_back(app: Flask) -> None:
    for _ in range(3):
        count_try("one", 3, 3600)
    with pytest.raises(TooManyTries) as refusal:
        count_try("one", 3, 3600)
    assert 0 < refusal.value.retry_after <= 3600
    count_try("another", 3, 3600)
    counted = current_session().scalars(select(RateCounter.count).where(RateCounter.key == "one"))
    assert sum(counted) == 3


def test_an_upsert_keeps_or_replaces_the_row_that_is_there(app: Flask, database: str) -> None:
    assert is_on_sqlite() == database.startswith("sqlite:")
    statement = upsert(RateCounter).values(key="one", window_at=real_now(), count=1)
    insertion = statement.on_conflict_do_nothing().returning(RateCounter.count)
    replaced = statement.on_conflict_do_update(index_elements=["key"], set_={"count": 7})
    with transaction() as session:
        assert [session.scalar(insertion), session.scalar(insertion)] == [1, None]
        assert session.scalar(replaced.returning(RateCounter.count)) == 7


@pytest.mark.race
def test_twenty_tries_at_once_are_all_counted(app: Flask) -> None:
    def attempt() -> bool:
        try:
            count_try("shared", 5, 3600)
        except TooManyTries:
            return False
        return True

    assert sum(race(app, [attempt] * 20)) == 5


def test_a_number_that_no_column_holds_is_a_page_and_not_an_incident(
    app: Flask, edition: Edition, client: PageClient, database: str
) -> None:
    @app.get("/trop-grand")
    @public
    def too_large() -> dict[str, int | None]:
        return {"found": current_session().scalar(select(Message.id).where(Message.id == 2**31))}

    answer = client.get("/trop-grand")
    if database.startswith("sqlite"):
        assert answer.json == {"found": None}
    else:
        assert answer.status_code == 400
        assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("constraint", "column", "raised"),
    [
        ("pk_submissions", "submissions.key", LookupError),
        ("pk_editions", "editions.id", IntegrityError),
    ],
)
def test_a_violated_constraint_is_raised_as_the_rule_that_it_guards(
    app: Flask, constraint: str, column: str, raised: type[Exception]
) -> None:
    row = {"key": "twice", "digest": "", "created_at": real_now()}
    with transaction() as session:
        session.execute(insert(Submission), row)
    with (
        pytest.raises(raised),
        violation_as(LookupError, constraint, column),
        transaction() as session,
    ):
        session.execute(insert(Submission), row)


def post_mail(**values: str) -> None:
    with transaction() as session:
        outbox.post(
            session, "sign_in_code", "mairie@commune.example", code="1", minutes=10, **values
        )


def only_message() -> Message:
    current_session().rollback()
    return current_session().scalars(select(Message)).one()


def test_a_message_undone_with_its_cause_is_never_sent(app: Flask) -> None:
    with pytest.raises(LookupError), transaction() as session:
        outbox.post(session, "sign_in_code", "mairie@commune.example")
        raise LookupError
    assert sending.send_due(lambda message: Delivery(True)) == 0


def test_a_sent_message_is_not_sent_again(app: Flask) -> None:
    post_mail()
    assert sending.send_due(lambda message: Delivery(True)) == 1
    assert sending.send_due(lambda message: Delivery(True)) == 0
    assert only_message().status == MessageStatus.SENT


def test_a_failed_message_waits_then_is_refused_after_24_hours(app: Flask) -> None:
    post_mail()
    sending.send_due(lambda message: Delivery(False, "451 plus tard"))
    message = only_message()
    assert message.status == MessageStatus.WAITING
    assert message.next_attempt_at > real_now()
    assert message.last_error == "451 plus tard"
    with transaction() as session:
        row = session.scalars(select(Message)).one()
        row.created_at -= timedelta(hours=24)
        row.next_attempt_at = real_now()
    sending.send_due(lambda message: Delivery(False, "451 plus tard"))
    # It waited a day in a long queue: its second attempt is not its last.
    assert only_message().status == MessageStatus.WAITING
    with transaction() as session:
        row = session.scalars(select(Message)).one()
        row.attempts, row.next_attempt_at = outbox.LEAST_ATTEMPTS - 1, real_now()
    sending.send_due(lambda message: Delivery(False, "451 plus tard"))
    assert only_message().status == MessageStatus.REFUSED


def test_a_permanent_refusal_stops_at_once_and_can_be_sent_again(app: Flask) -> None:
    post_mail()
    sending.send_due(lambda message: Delivery(False, "550 inconnu", permanent=True))
    message = only_message()
    assert message.status == MessageStatus.REFUSED
    identifier = message.message_id
    with transaction(message):
        outbox.queue_again(message)
    sending.send_due(lambda message: Delivery(True))
    assert only_message().status == MessageStatus.SENT
    assert only_message().message_id == identifier


def test_an_interrupted_sending_is_taken_again_after_its_lease(app: Flask) -> None:
    post_mail()
    assert len(outbox.lease_due(10)) == 1  # a worker takes it and dies
    assert outbox.lease_due(10) == []
    with transaction() as session:
        session.scalars(select(Message)).one().leased_until = real_now()
    assert len(outbox.lease_due(10)) == 1


@pytest.mark.race
def test_two_workers_never_send_the_same_message(app: Flask) -> None:
    for _ in range(30):
        post_mail()
    sent: list[int] = []

    def work() -> int:
        return sending.send_due(lambda message: (sent.append(message.id), Delivery(True))[1])

    assert sum(race(app, [work, work])) == 30
    assert len(set(sent)) == len(sent) == 30


def test_urgent_messages_go_before_the_crowd(app: Flask) -> None:
    post_mail(urgent=False)  # type: ignore[arg-type]
    post_mail()
    order: list[int] = []
    sending.send_due(lambda message: (order.append(message.id), Delivery(True))[1])
    assert order == [2, 1]


def test_one_that_was_tried_lets_the_others_pass(app: Flask) -> None:
    for _ in range(3):
        post_mail()
    with transaction() as session:
        first = session.scalars(select(Message).order_by(Message.id)).first()
        assert first is not None
        first.attempts = 1
    order: list[int] = []
    sending.send_due(lambda message: (order.append(message.id), Delivery(True))[1])
    assert order == [2, 3, 1]


def test_what_was_accepted_while_the_database_was_away_is_not_sent_again(app: Flask) -> None:
    post_mail()
    senders, sent = sending.Senders(), []

    def deliver(message: Message) -> Delivery:
        sent.append(message.message_id)
        with transaction() as session:
            session.execute(text("ALTER TABLE messages RENAME TO messages_away"))
        return Delivery(True)

    with pytest.raises(DBAPIError):
        sending.send_due(deliver, senders)
    with transaction() as session:
        session.execute(text("ALTER TABLE messages_away RENAME TO messages"))
        session.execute(update(Message).values(leased_until=real_now()))  # its lease is over
    assert sending.send_due(deliver, senders) == 0
    assert only_message().status == MessageStatus.SENT
    assert len(sent) == 1


def send_from_threads(app: Flask, deliver: Callable[[Message], Delivery], count: int) -> int:
    senders = sending.Senders()
    return sum(race(app, [lambda: sending.send_due(deliver, senders)] * count))


def test_the_senders_of_a_process_have_one_message_in_hand(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill then finds at most one between the mail server's answer and its record."""
    monkeypatch.setattr(sending, "RELIEF_S", 60.0)
    for _ in range(20):
        post_mail()
    in_hand, most = [], 0

    def deliver(message: Message) -> Delivery:
        nonlocal most
        in_hand.append(message.id)
        most = max(most, len(in_hand))
        time.sleep(0)  # lets another thread in, if it may
        in_hand.remove(message.id)
        return Delivery(True)

    assert send_from_threads(app, deliver, 3) == 20
    assert most == 1


def test_a_message_that_is_held_up_lets_the_others_pass(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RELIEF_S", 0.0)
    for _ in range(5):
        post_mail()
    others = threading.Semaphore(0)

    def deliver(message: Message) -> Delivery:
        if message.id == 1:
            return Delivery(all(others.acquire(timeout=PATIENCE_S) for _ in range(4)))
        others.release()
        return Delivery(True)

    assert send_from_threads(app, deliver, 2) == 5
    current_session().rollback()
    assert set(current_session().scalars(select(Message.status))) == {MessageStatus.SENT}


def test_a_commit_by_others_changes_the_mark_and_a_reading_does_not(app: Flask) -> None:
    with CommitWatch(db.engine) as watch:
        mark = watch.mark()
        assert mark is not None
        only_read = current_session().scalars(select(Message)).all()
        current_session().rollback()
        assert only_read == []
        assert watch.mark() == mark
        post_mail()
        written = watch.mark()
        assert written != mark
        with pytest.raises(LookupError), transaction() as session:
            session.execute(select(Message))
            raise LookupError
        assert watch.mark() == written


MOST_STATEMENTS = 200
WORK_TABLES = "messages, print_runs, paper_packs, plan_proposals, rota_runs"


def test_an_idle_minute_of_the_worker_asks_little_of_the_database(
    app: Flask, edition: Edition
) -> None:
    tasks = [task for task in tasks_of(threading.Event()) if task.name != "purger"]
    supervisor = Supervisor(app, tasks)

    def pass_minute(begin: int) -> None:
        for half_second in range(120):
            supervisor.turn("same", begin + half_second / 2)
            wait(supervisor.in_hand)

    pass_minute(0)
    with statements() as sent_statements:
        pass_minute(60)
    assert len(sent_statements) <= MOST_STATEMENTS


def test_a_write_wakes_a_task_long_before_its_time(app: Flask) -> None:
    runs = threading.Semaphore(0)
    task = ScheduledTask("work", runs.release, lane="quick", every_s=3600)
    stop = threading.Event()

    def supervise() -> None:
        with app.app_context():
            Supervisor(app, [task]).run(stop)

    thread = threading.Thread(target=supervise)
    thread.start()
    try:
        assert runs.acquire(timeout=PATIENCE_S), "the run at the start"
        post_mail()
        assert runs.acquire(timeout=PATIENCE_S), "the run after the write"
    finally:
        stop.set()
        thread.join()


def test_a_look_for_work_waits_for_no_lock(app: Flask, edition: Edition) -> None:
    """Each task of the worker reads first: with nothing to do, a writer does not stop it."""
    tasks = [task for task in tasks_of(threading.Event()) if task.name != "purger"]
    for task in tasks:
        task.run()  # what an edition that opens within a day asks for
    tasks[0].run()
    current_session().rollback()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE {WORK_TABLES} IN EXCLUSIVE MODE"))
        for task in tasks:
            task.run()
            current_session().rollback()


def test_what_a_server_that_ends_says_is_kept(app: Flask) -> None:
    """A connection lost within a transaction leaves the pool; the error stays the first one."""
    errors = db.engine.dialect.loaded_dbapi
    with pytest.raises(OperationalError), driver() as on:
        on.cursor.execute("BEGIN")
        raise errors.OperationalError("terminating connection")
    with driver() as on, on.transaction():
        on.cursor.execute("SELECT 1")


def test_tests_wait_for_a_lock_as_long_as_a_busy_machine_may_need(app: Flask) -> None:
    """With the five seconds of a service, a slow machine would be a failure."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    limit = text("PRAGMA busy_timeout" if is_sqlite else "SHOW lock_timeout")
    expected = PATIENCE_S * 1000 if is_sqlite else f"{PATIENCE_S // 60}min"
    assert current_session().scalar(limit) == expected
