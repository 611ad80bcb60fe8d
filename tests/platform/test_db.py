import pytest
from flask import Flask
from sqlalchemy import text

from salon.platform.clock import real_now
from salon.platform.db import db, session, transaction
from salon.platform.limits import RateCounter


def counter(key: str) -> RateCounter:
    return RateCounter(key=key, window_at=real_now(), count=1)


def test_sqlite_is_opened_durable_and_strict(app: Flask) -> None:
    values = {
        name: session().scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_transaction_commits_at_its_end(app: Flask) -> None:
    with transaction() as writing:
        writing.add(counter("kept"))
    session().rollback()
    assert session().query(RateCounter).count() == 1


def test_an_exception_undoes_all_of_it(app: Flask) -> None:
    with pytest.raises(LookupError), transaction() as writing:
        writing.add(counter("lost"))
        writing.flush()
        raise LookupError
    assert session().query(RateCounter).count() == 0


def test_a_transaction_does_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass


def test_a_change_made_outside_is_refused(app: Flask) -> None:
    session().add(counter("outside"))
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    db.session.rollback()
