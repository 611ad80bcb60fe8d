"""Whether anything was committed to the database since the last look."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

MARKS = {
    "sqlite": "PRAGMA data_version",
    # Changes when a transaction that wrote begins or ends, in any database of the server.
    "postgresql": "SELECT CAST(pg_current_snapshot() AS text)",
}


class CommitWatch:
    """Looks at the database through a connection of its own, which SQLite's counter needs.

    A look costs about 20 µs on SQLite and 150 µs on PostgreSQL, whatever the tables hold.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def mark(self) -> str | None:
        """Return a text that differs after each commit by others; None while nobody answers."""
        driver: Any = self._engine.dialect.loaded_dbapi
        try:
            if self._connection is None:
                self._connection = self._open()
            cursor = self._connection.cursor()
            cursor.execute(MARKS[self._engine.dialect.name])
            return str(cursor.fetchone()[0])
        except (driver.Error, SQLAlchemyError):
            self._leave()
            return None

    def _open(self) -> object:
        """Return a connection outside the pool, on which each statement stands alone."""
        lent = self._engine.raw_connection()
        connection: Any = lent.driver_connection
        lent.detach()
        if self._engine.dialect.name == "postgresql":
            connection.rollback()
            connection.autocommit = True
        return connection

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
