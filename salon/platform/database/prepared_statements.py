"""Statements written in Core, compiled once per dialect, run on the driver's own cursor.

For the few that run at each scan. Measured per scan on SQLite: 540 µs of processor time when
SQLAlchemy prepares and reads each statement anew, 300 µs this way, 120 µs for the bare driver.
Types convert as anywhere else; a list of values is one parameter, so that the text of a statement
never changes; the driver's errors become SQLAlchemy's.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Dialect,
    Executable,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from salon.platform.database.db import db, is_on_sqlite, lock_patience_s, short_patience_ms
from salon.platform.database.edition_walls import refusal_of
from salon.platform.database.sqlite_writes import take_write_lock

Convert = Callable[[Any], Any]
Row = TypeVar("Row", bound=NamedTuple)

BEGIN = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan"
"""PostgreSQL expects ten values of a list that it does not see, and would rather plan the search of
badges anew at each scan: 0.25 ms of its processor, 0.04 ms with a plan that it keeps."""


class Driver:
    """A pooled connection of the driver. Each statement stands alone outside `transaction()`."""

    __slots__ = ("connection", "cursor", "dialect")

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self.dialect = dialect

    @contextmanager
    def transaction(self, locks_later: bool = False) -> Iterator[None]:
        """Commit at the end, roll back on any exception.

        SQLite locks first; `locks_later`: when the caller says so (`lock_writes`), after reads that
        need no lock.
        """
        if self.dialect.name != "sqlite":
            patience = short_patience_ms()
            limit = "" if patience is None else f"; SET LOCAL lock_timeout = {patience}"
            self.cursor.execute(BEGIN + limit, prepare=False)
        elif not locks_later:
            self.lock_writes()
        try:
            yield
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise

    def lock_writes(self) -> None:
        """Begin with the write lock of SQLite; PostgreSQL locks row by row."""
        if self.dialect.name == "sqlite":
            begin = partial(self.cursor.execute, "BEGIN IMMEDIATE")
            take_write_lock(self.cursor.connection, begin, lock_patience_s())


@contextmanager
def driver() -> Iterator[Driver]:
    """Lend a connection of the pool; uncommitted changes are rolled back."""
    engine = db.engine
    errors: Any = engine.dialect.loaded_dbapi
    lent: Any = None
    try:
        lent = engine.raw_connection()
        with _alone(lent.driver_connection, engine.dialect):
            yield Driver(lent, engine.dialect)
    except errors.Error as error:
        if lent is not None and not _is_idle(lent.driver_connection, engine.dialect):
            lent.invalidate(error)
        raise _refusal_of(error, engine.dialect) from error
    finally:
        if lent is not None:
            lent.close()


@contextmanager
def driver_of(session: Session) -> Iterator[Driver]:
    """Return the driver's connection of a writing session: its statements are committed or rolled
    back with the session's."""
    connection = session.connection()
    errors: Any = connection.dialect.loaded_dbapi
    try:
        yield Driver(connection.connection, connection.dialect)
    except errors.Error as error:
        raise _refusal_of(error, connection.dialect) from error


def _refusal_of(error: Exception, dialect: Dialect) -> Exception:
    """Return what a statement of SQLAlchemy would have raised for an error of the driver."""
    errors: Any = dialect.loaded_dbapi
    wrapped = DBAPIError.instance("", None, error, errors.Error, dialect=dialect)
    wall = refusal_of(wrapped) if isinstance(wrapped, IntegrityError) else None
    return wall or wrapped


@contextmanager
def _alone(connection: Any, dialect: Dialect) -> Iterator[None]:
    """Run in autocommit, without implicit transactions; SQLite's connections are so already
    (`db.py`)."""
    if dialect.name == "sqlite":
        yield
        return
    connection.autocommit = True
    try:
        yield
    finally:
        # Of a server that is ending it would raise, and hide what it said.
        if _is_idle(connection, dialect):
            connection.autocommit = False


def _is_idle(connection: Any, dialect: Dialect) -> bool:
    """Return whether a connection may be used again: open, outside a transaction."""
    if dialect.name == "sqlite":
        return not bool(connection.in_transaction)
    driver: Any = dialect.loaded_dbapi
    return bool(connection.info.transaction_status == driver.pq.TransactionStatus.IDLE)


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that `column` is one of the values of the parameter `name`, a list."""
    if is_on_sqlite():
        values = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
        within: ColumnElement[bool] = column.in_(select(values.c.value))
    else:
        within = column == any_(bindparam(name, type_=ARRAY(column.type)))
    return within


class _Compiled:
    """One statement for one dialect: its text and the conversions of its values."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.positional = dialect.positional
        names = compiled.positiontup if self.positional else compiled.binds
        self.to_database: list[tuple[str, Convert | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names
        ]
        columns = statement.selected_columns if statement.is_select else ()
        self.columns = tuple(column.name for column in columns)
        converts = [
            (index, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for index, column in enumerate(columns)
        ]
        self.from_database = [(index, convert) for index, convert in converts if convert]

    def parameters(self, values: dict[str, object]) -> list[object] | dict[str, object]:
        if self.positional:
            return [
                convert(values[name]) if convert else values[name]
                for name, convert in self.to_database
            ]
        return {
            name: convert(values[name]) if convert else values[name]
            for name, convert in self.to_database
        }

    def values(self, read: Sequence[object]) -> list[object]:
        values = list(read)
        for index, convert in self.from_database:
            values[index] = convert(values[index])
        return values


class Prepared:
    """A statement that writes, built for each database when it first runs there."""

    def __init__(self, build: Callable[[], Executable]) -> None:
        self.build = build
        self._ready: dict[str, _Compiled] = {}

    def _compiled(self, dialect: Dialect) -> _Compiled:
        compiled = self._ready.get(dialect.name)
        if compiled is None:
            compiled = self._ready[dialect.name] = self._compile(dialect)
        return compiled

    def _compile(self, dialect: Dialect) -> _Compiled:
        return _Compiled(self.build(), dialect)

    def write(self, connection: Driver, rows: Sequence[dict[str, object]]) -> None:
        """Execute the statement once per row."""
        compiled = self._compiled(connection.dialect)
        if len(rows) == 1:
            connection.cursor.execute(compiled.text, compiled.parameters(rows[0]))
        else:
            connection.cursor.executemany(compiled.text, [compiled.parameters(row) for row in rows])


class PreparedSelect(Prepared, Generic[Row]):
    """A SELECT whose columns are, by name and in order, the fields of a named tuple."""

    def __init__(self, row: type[Row], build: Callable[[], Executable]) -> None:
        super().__init__(build)
        self.row = row

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = super()._compile(dialect)
        if compiled.columns != self.row._fields:
            raise TypeError(f"{compiled.columns} are not the fields of {self.row.__name__}")
        return compiled

    def read(self, connection: Driver, **values: object) -> list[Row]:
        """Return the rows. Raises TypeError when a column is not the field at its place."""
        compiled = self._compiled(connection.dialect)
        connection.cursor.execute(compiled.text, compiled.parameters(values))
        return [self.row._make(compiled.values(read)) for read in connection.cursor.fetchall()]


def rows_of(row: type[Row]) -> Callable[[Callable[[], Executable]], PreparedSelect[Row]]:
    """Prepare the decorated SELECT, whose columns are the fields of `row`."""
    return partial(PreparedSelect, row)
