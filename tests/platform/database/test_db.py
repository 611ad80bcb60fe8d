import pytest
from flask import Flask
from sqlalchemy import text

from salon import create_app
from salon.platform.database import db as db_module
from salon.platform.database.db import (
    after_commit,
    current_session,
    db,
    rehearsal,
    transaction,
    unit_of_work,
)
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.web.limits import RateCounter
from tests.conftest import SERVED_BUSY_TIMEOUT_MS


def counter(key: str) -> RateCounter:
    return RateCounter(key=key, window_at=real_now(), count=1)


def test_sqlite_is_opened_durable_and_strict(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_module, "BUSY_TIMEOUT_MS", SERVED_BUSY_TIMEOUT_MS)
    with create_app(settings).app_context(), db.engine.connect() as connection:
        values = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        connection.close()
        db.engine.dispose()
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_one_commit_alone_does_not_wait_for_the_disk(settings: Settings) -> None:
    levels = []
    with create_app(settings).app_context():
        for is_durable in (True, False, True):
            with transaction(is_durable=is_durable) as session:
                levels.append(session.scalar(text("PRAGMA synchronous")))
        with transaction(is_durable=False):
            pass
        db.session.remove()
        with db.engine.connect() as connection:
            levels.append(connection.scalar(text("PRAGMA synchronous")))
        db.engine.dispose()
    assert levels == [2, 1, 2, 2]


def test_a_transaction_commits_at_its_end(app: Flask) -> None:
    with transaction() as session:
        session.add(counter("kept"))
    current_session().rollback()
    assert current_session().query(RateCounter).count() == 1


def test_an_exception_undoes_all_of_it(app: Flask) -> None:
    with pytest.raises(LookupError), transaction() as session:
        session.add(counter("lost"))
        session.flush()
        raise LookupError
    assert current_session().query(RateCounter).count() == 0


def test_a_transaction_does_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass


def test_a_change_made_outside_is_refused(app: Flask) -> None:
    current_session().add(counter("outside"))
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    db.session.rollback()


def test_what_follows_a_commit_waits_for_it_and_is_forgotten_without(app: Flask) -> None:
    done: list[str] = []

    def write(word: str) -> None:
        with transaction() as session:
            after_commit(session, lambda: done.append(word))
            assert word not in done

    write("alone")
    assert done == ["alone"]
    with pytest.raises(ZeroDivisionError), transaction() as session:
        after_commit(session, lambda: done.append("failed"))
        raise ZeroDivisionError
    with unit_of_work():
        write("first")
        write("second")
        assert done == ["alone"]
    assert done == ["alone", "first", "second"]
    with rehearsal():
        write("rehearsed")
        with unit_of_work():
            write("a part of the rehearsal")
    with pytest.raises(ZeroDivisionError), unit_of_work():
        with unit_of_work():
            write("a part of what is undone")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), unit_of_work():
        write("undone")
        raise ZeroDivisionError
    write("last")
    assert done == ["alone", "first", "second", "last"]
