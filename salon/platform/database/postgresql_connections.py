"""Connections to PostgreSQL that do not wait for ever: the server may be frozen, or cut off.

Its own limits, such as `statement_timeout`, say nothing then. So each wait of a request is limited
here as well, and where a connection could not be opened in time, one request after the other tries
again, and the others are refused at once.
"""

from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout
from psycopg.rows import TupleRow
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from salon.platform.database.db import answer_patience_s
from salon.platform.settings.installation import OPENING_S

Value = TypeVar("Value")
IDLE_S = 1.0
PING_S = 2.0
PAUSE_S = 1.0
"""Between two tries of a server that opens no connection."""


class PatientConnection(psycopg.Connection[TupleRow]):
    """A connection that is closed where the server leaves a request without an answer."""

    def wait(
        self, gen: Generator[Any, Any, Value], interval: float = 0.1, timeout: float | None = None
    ) -> Value:
        patience_s = timeout or answer_patience_s.get()
        began_at = monotonic()
        try:
            return super().wait(gen, interval, patience_s)
        except psycopg.OperationalError:
            if patience_s is None or monotonic() - began_at < patience_s:
                raise
            self.close()
            raise psycopg.OperationalError("the server does not answer") from None


class Opening:
    """Opens the connections of a process."""

    def __init__(self) -> None:
        self.has_failed = False
        self.closed_until = 0.0

    def connect(
        self, dialect: Dialect, record: ConnectionPoolEntry, words: Any, parameters: Any
    ) -> PatientConnection:
        """Open a connection. Raises psycopg.OperationalError."""
        if monotonic() < self.closed_until:
            raise psycopg.OperationalError("the server opened no connection in time")
        if self.has_failed:
            self.closed_until = monotonic() + OPENING_S
        try:
            connection = PatientConnection.connect(*words, **parameters)
        except ConnectionTimeout:
            self.has_failed, self.closed_until = True, monotonic() + PAUSE_S
            raise
        self.has_failed, self.closed_until = False, 0.0
        return connection


def note_use(connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()


def check_alive(connection: Any, record: ConnectionPoolEntry, lent: object) -> None:
    """Ping the server, unless it answered within IDLE_S.

    At each check-out, as `pool_pre_ping` does, it would be four of a scan's thirteen round trips.
    """
    if monotonic() - record.info.get("used_at", monotonic()) < IDLE_S:
        return
    usual_patience = answer_patience_s.set(PING_S)
    try:
        connection.execute("SELECT 1")
        connection.commit()  # a rollback would drop the statements that the server has prepared
    except psycopg.Error:
        raise DisconnectionError from None
    finally:
        answer_patience_s.reset(usual_patience)


def register_connections(engine: Engine) -> None:
    event.listen(engine, "do_connect", Opening().connect)
    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", check_alive)
