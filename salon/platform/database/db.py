"""The database, with one entry point for writing.

SQLite: WAL, synchronous=FULL, foreign keys on; a writing transaction takes the write lock first.
PostgreSQL: READ COMMITTED; the rows that a decision rests on are locked first, in a fixed order.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Dialect, Engine, Enum, MetaData, event, inspect
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from salon.platform.database.sqlite_writes import SYNCHRONOUS, sync_less, take_write_lock
from salon.platform.settings.logs import log

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Row = TypeVar("Row")
BUSY_TIMEOUT_MS = 5_000
READS = "reads"
"""Key of a session: its transaction, and what was read in it, by name."""
READ_PATIENCE_S = 0.3
"""Longest wait for the lock of a page that also writes (a visit noted, a try counted)."""
LEAST_PATIENCE_S = 0.1
"""Other writers hold the lock for some milliseconds."""

lock_deadline: ContextVar[float | None] = ContextVar("lock_deadline", default=None)
"""time.monotonic() until which the request being answered may wait for the lock."""
answer_patience_s: ContextVar[float | None] = ContextVar("answer_patience_s", default=None)
"""Seconds that the request being answered waits for each answer of PostgreSQL."""

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


def value_in(column: str, values: Iterable[str], *other_values: str) -> CheckConstraint:
    """Return the constraint that `column` holds one of `values` or `other_values`.

    An enumeration is given as its class. A column mapped to one has the constraint by itself.
    """
    listed = ", ".join(f"'{value}'" for value in (*values, *other_values))
    return CheckConstraint(f"{column} IN ({listed})", name=f"known_{column}")


def at_least(least: int, *columns: str) -> tuple[CheckConstraint, ...]:
    """Return the constraints that each of `columns` is `least` or more."""
    return tuple(
        CheckConstraint(f"{column} >= {least}", name=f"{column}_at_least_{least}")
        for column in columns
    )


def above_zero(*columns: str) -> tuple[CheckConstraint, ...]:
    """Return the constraints that each of `columns` is more than 0."""
    return tuple(
        CheckConstraint(f"{column} > 0", name=f"{column}_above_zero") for column in columns
    )


def whole_minutes(minutes: int, column: str) -> tuple[CheckConstraint, CheckConstraint]:
    """Return the constraint that an instant is on a grid of `minutes`, in the SQL of each
    database."""
    name, seconds = f"{column}_on_the_grid", minutes * 60
    on_sqlite = (
        f"strftime('%s', {column}) % {seconds} = 0 AND strftime('%f', {column}) LIKE '%.000'"
    )
    on_postgresql = f"mod(extract(epoch FROM {column}), {seconds}) = 0"
    return (
        CheckConstraint(on_sqlite, name=name).ddl_if(dialect="sqlite"),
        CheckConstraint(on_postgresql, name=name).ddl_if(dialect="postgresql"),
    )


class _Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=_Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """Parent of every table."""
else:
    Model = db.Model

Model.registry.update_type_annotation_map(
    {
        StrEnum: Enum(
            StrEnum, native_enum=False, create_constraint=True, values_callable=_values, length=30
        )
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a time without zone; always returns UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object] | None:
        """Write SQLite's text by the one call in C; SQLAlchemy's own formats each part."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def text_of(value: datetime | None) -> str | None:
            instant = self.process_bind_param(value, dialect)
            if instant is None:
                return None
            return instant.replace(tzinfo=None).isoformat(" ", "microseconds")

        return text_of

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def register_database(app: Flask) -> None:
    """Give the application its database; a session ends with the request or the task."""
    db.init_app(app)
    with app.app_context():
        if not is_on_sqlite():  # where alone the driver is loaded
            from salon.platform.database.postgresql_connections import register_connections

            register_connections(db.engine)

    # Before Flask-SQLAlchemy's own, which lets the error of a server that has gone through: an
    # answer that is made would be lost.
    @app.teardown_appcontext
    def close_session(_: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError as error:
            log.warning("the database left before the end of a session", exc_info=error)
            db.session.registry.clear()


def is_on_sqlite() -> bool:
    """Return whether the database is SQLite; the other one is PostgreSQL."""
    return bool(db.engine.dialect.name == "sqlite")


def upsert(table: Any) -> "PostgresqlInsert | SqliteInsert":
    """Return an INSERT for the caller to complete with ON CONFLICT."""
    if is_on_sqlite():
        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert  # only where it serves

    return insert(table)


def current_session() -> Session:
    """Return the session of this request or command."""
    return db.session()


def is_writing(session: Session) -> bool:
    """Return whether a service writes, alone or as a part of a unit of work."""
    return bool(session.info.get("writing") or session.info.get("is_joined"))


def read_in_transaction(session: Session, name: str) -> dict[Any, Any]:
    """Return what was read under `name` in the present transaction: empty in the next one."""
    present = session.get_transaction() or session.begin()
    transaction_of_reads, reads = session.info.get(READS, (None, {}))
    if transaction_of_reads is not present:
        reads = {}
        session.info[READS] = present, reads
    named_reads: dict[object, object] = reads.setdefault(name, {})
    return named_reads


@contextmanager
def transaction(*locked: object, is_durable: bool = True) -> Iterator[Session]:
    """Write, and commit at the end; any exception rolls everything back. Does not nest.

    `locked`: rows that the decision rests on; they are read again, and on PostgreSQL locked
    (pessimistic lock), in the order of their table and key, so that two transactions never
    deadlock. Tables with `is_gate` come first: their lock protects the rows behind them.
    `is_durable` False: the commit does not wait for the disk, and a power cut may undo it.
    """
    current = current_session()
    if current.info.get("writing"):
        raise RuntimeError("transaction() does not nest")
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("something was changed outside transaction()")
    is_joined = current.info.get("is_joined", False)
    if not is_joined:
        current.rollback()
    current.info["writing"] = True
    try:
        if not current.in_transaction():
            current.connection(execution_options={"writes": True, "is_durable": is_durable})
        for row in sorted(locked, key=_place):
            current.refresh(row, with_for_update={"of": type(row)})
        yield current
        if is_joined:
            current.flush()
        else:
            current.commit()
            _act_after_commit(current)
    except BaseException:
        if not is_joined:
            _acts_after_commit(current).clear()
        current.rollback()
        raise
    finally:
        current.info["writing"] = False


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run services as one transaction: all they write is committed at the end, or nothing.

    Inside another one it is a part of it.
    """
    if current_session().info.get("is_joined"):
        yield
        return
    with _joined() as session:
        yield
        session.commit()
        _act_after_commit(session)


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Call `act` once what the session writes is committed; never if it is rolled back."""
    _acts_after_commit(session).append(act)


def _acts_after_commit(session: Session) -> list[Callable[[], None]]:
    acts: list[Callable[[], None]] = session.info.setdefault("after_commit", [])
    return acts


def _act_after_commit(session: Session) -> None:
    acts = _acts_after_commit(session)
    while acts:
        acts.pop(0)()


@contextmanager
def rehearsal() -> Iterator[None]:
    """Run services as a rehearsal: everything they write is rolled back at the end."""
    with _joined():
        yield


@contextmanager
def _joined() -> Iterator[Session]:
    """Join the transactions of services into one, rolled back unless the caller commits it."""
    current = current_session()
    current.rollback()
    current.info["is_joined"] = True
    try:
        current.connection(execution_options={"writes": True})
        yield current
    finally:
        current.info["is_joined"] = False
        _acts_after_commit(current).clear()
        current.rollback()


def _place(row: Any) -> tuple[bool, str, Any]:
    # The identity, not the key itself: it would be read again from the database.
    return not getattr(row, "is_gate", False), row.__tablename__, inspect(row).identity


def get_or_create(table: type[Row], key: int, **values: object) -> Row:
    """Return the row with this key, inserted with `values` on first use; they hold its key too."""
    row = current_session().get(table, key)
    if row is None:
        with transaction() as session:
            session.execute(upsert(table).values(**values).on_conflict_do_nothing())
        row = current_session().get_one(table, key)
    return row


def violates(error: IntegrityError, constraint: str, *columns: str) -> bool:
    """Return whether `error` is a violation of `constraint`.

    PostgreSQL names the constraint; SQLite names the index, or the columns as `table.column`.
    """
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if name is not None:
        return bool(name == constraint)
    text = str(error.orig)
    return constraint in text or (bool(columns) and all(column in text for column in columns))


@contextmanager
def violation_as(refusal: type[Exception], constraint: str, *columns: str) -> Iterator[None]:
    """Raise `refusal` for a violation of `constraint`, as `violates` recognises it."""
    try:
        yield
    except IntegrityError as error:
        if violates(error, constraint, *columns):
            raise refusal from None
        raise


@event.listens_for(Engine, "connect")
def _open(connection: object, record: object) -> None:
    """Open a connection. With recursive triggers, REPLACE is refused like the DELETE that it is."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted or replaced is overwritten: an erased address leaves the file.
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def wait_longer(engine: Engine, milliseconds: int) -> None:
    """Let this process wait so long for SQLite's write lock, since nobody waits for its answer."""

    @event.listens_for(engine, "connect")
    def set_patience(connection: object, record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA busy_timeout={milliseconds}")


def lock_patience_s() -> float:
    """Return how long a write may still wait for the lock: waits of one request do not add up."""
    longest, deadline = BUSY_TIMEOUT_MS / 1000, lock_deadline.get()
    if deadline is None:
        return longest
    return min(longest, max(LEAST_PATIENCE_S, deadline - monotonic()))


def short_patience_ms() -> int | None:
    """Return the patience when it is less than the default of every connection, else None."""
    patience = round(lock_patience_s() * 1000)
    return patience if patience < BUSY_TIMEOUT_MS - 100 else None


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    writes, is_durable = options.get("writes"), options.get("is_durable", True)
    patience = short_patience_ms() if writes else None
    if connection.dialect.name != "sqlite":
        if patience is not None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")
        if not is_durable:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    elif writes:
        driver = connection.connection.driver_connection
        if not is_durable:
            connection.info[SYNCHRONOUS] = sync_less(driver)
        take_write_lock(
            driver,
            partial(connection.exec_driver_sql, "BEGIN IMMEDIATE"),
            None if patience is None else patience / 1000,
        )
    else:
        connection.exec_driver_sql("BEGIN")
