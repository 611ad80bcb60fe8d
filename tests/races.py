"""Running the same moment in several threads, each with a database session of its own."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from psycopg.errors import DeadlockDetected
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from salon.platform.database.db import current_session, db, transaction

# How many times a race is run: once in the suite, 200 times in `make races`.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))


def call_apart(app: Flask, call: Callable[[], Any]) -> Any:
    """Return the outcome of a call in an application context and a session of its own."""
    with app.app_context():
        try:
            return call()
        finally:
            db.session.remove()


def race(app: Flask, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return the outcome of each call; all start together, each in its own application context.

    An exception of a call is raised again here: a race that hides its errors proves nothing.
    """
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        def call_with_the_others() -> Any:
            gate.wait()
            return call()

        return call_apart(app, call_with_the_others)

    db.session.rollback()
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def after_next_commit(app: Flask, call: Callable[[], Any]) -> None:
    """Let another session run `call` to its end right after this thread's next commit."""

    def meanwhile(_session: Session) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(call_apart, app, call).result()

    event.listen(current_session(), "after_commit", meanwhile, once=True)


def is_deadlock(error: OperationalError) -> bool:
    """Whether PostgreSQL ended one of two transactions that waited for each other: without a lock
    in common, one meets the keys of the other, which meets its exclusion constraint."""
    return isinstance(error.orig, DeadlockDetected)


def drop_guards(*names: str) -> None:
    """Take triggers and exclusion constraints (`database/invariants.py`) away, for a control."""
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            stored_text = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for trigger in session.scalars(text(stored_text)).all():
                if trigger.startswith(names):
                    session.execute(text(f"DROP TRIGGER {trigger}"))
            return
        stored_text = "SELECT conname, conrelid::regclass FROM pg_constraint WHERE contype = 'x'"
        for constraint, table in session.execute(text(stored_text)).all():
            if constraint.startswith(names):
                session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
        stored_text = "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
        for trigger, table in session.execute(text(stored_text)).all():
            if trigger.startswith(names):
                session.execute(text(f"DROP TRIGGER {trigger} ON {table}"))
