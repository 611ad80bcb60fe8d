"""Tables of a database, read and written row by row, on SQLite and on PostgreSQL.

The columns are those of the database, not of the models: an archive of another revision is read as
well.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    Connection,
    Select,
    Text,
    cast,
    column,
    delete,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from salon.platform.database.invariants import Unsettled
from salon.platform.files.backup.kinds import KINDS, UnreadableRow, kind_of, line_of, values_of
from salon.platform.files.backup.seal import BackupRefused

CHUNK = 1_000
VERSIONS = "alembic_version"


@dataclass(frozen=True)
class TableShape:
    """A table: its columns, each with its type, and its primary key."""

    name: str
    columns: dict[str, TypeEngine[Any]]
    key: tuple[str, ...]

    @property
    def kinds(self) -> dict[str, str]:
        return {name: kind_of(column_type) for name, column_type in self.columns.items()}

    def in_order(self, names: Iterable[str]) -> "TableShape":
        """Return the table with its columns in this order."""
        return replace(self, columns={name: self.columns[name] for name in names})


def table_names(connection: Connection) -> list[str]:
    """Return the tables of the database, each after those that it refers to."""
    sorted_tables = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in sorted_tables if name not in (None, VERSIONS)]


def shapes_of(connection: Connection) -> list[TableShape]:
    """Return the tables with their columns, each after those that it refers to."""
    inspector = inspect(connection)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    return [
        TableShape(
            name,
            {column["name"]: column["type"] for column in columns[None, name]},
            tuple(keys[None, name]["constrained_columns"]),
        )
        for name in table_names(connection)
    ]


def row_counts(connection: Connection) -> dict[str, int]:
    return {
        name: connection.scalars(select(func.count()).select_from(table(name))).one()
        for name in table_names(connection)
    }


def write_rows(
    connection: Connection, shape: TableShape, write: Callable[[bytes], object]
) -> tuple[int, str]:
    """Write each row as a line, in the order of the key; return their count and SHA-256."""
    rows, digest = 0, hashlib.sha256()
    kinds = [KINDS[name] for name in shape.kinds.values()]
    statement = select(*_expressions(shape)).select_from(table(shape.name))
    result = connection.execute(
        statement.order_by(*_order(connection, shape)), execution_options={"yield_per": CHUNK}
    )
    for part in result.partitions():
        block = "".join([line_of(row, kinds) for row in part]).encode()
        digest.update(block)
        write(block)
        rows += len(part)
    return rows, digest.hexdigest()


def _expressions(shape: TableShape) -> Iterator[Any]:
    for name, column_type in shape.columns.items():
        if kind_of(column_type) == "json":
            yield cast(column(name), Text)
        else:
            yield column(name, column_type)


def _order(connection: Connection, shape: TableShape) -> Iterator[Any]:
    """Return the key, its texts in the order of their bytes, as on SQLite."""
    for name in shape.key:
        expression = column(name, shape.columns[name])
        is_text = connection.dialect.name == "postgresql" and shape.kinds[name] == "text"
        yield expression.collate("C") if is_text else expression


def load_rows(connection: Connection, shape: TableShape, lines: Iterable[bytes]) -> None:
    """Insert the row of each line. Raises BackupRefused.

    Triggers and constraints judge the rows as they judge those of the application.
    """
    load = _load_on_sqlite if connection.dialect.name == "sqlite" else _load_on_postgresql
    try:
        load(connection, shape, lines)
    except UnreadableRow:
        raise BackupRefused(
            f"Une ligne de {shape.name} ne se lit pas. Rien n’a été écrit."
        ) from None
    except (DBAPIError, psycopg.Error) as error:
        raise BackupRefused(
            f"La base refuse une ligne de {shape.name} ({reason_of(error)}). Rien n’a été écrit."
        ) from None


def reason_of(error: Exception) -> str:
    """Return the first line of what the database said."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def _load_on_sqlite(connection: Connection, shape: TableShape, lines: Iterable[bytes]) -> None:
    kinds = [KINDS[name] for name in shape.kinds.values()]
    names = ", ".join(f'"{name}"' for name in shape.columns)
    places = ", ".join("?" * len(shape.columns))
    statement = f'INSERT INTO "{shape.name}" ({names}) VALUES ({places})'
    stores = [kind.on_sqlite for kind in kinds]
    remaining = iter(lines)
    while part := [_stored(values_of(line, kinds), stores) for line in islice(remaining, CHUNK)]:
        connection.exec_driver_sql(statement, part)


def _load_on_postgresql(connection: Connection, shape: TableShape, lines: Iterable[bytes]) -> None:
    """Copy the rows by one statement, whose foreign keys are checked at its end."""
    kinds = [KINDS[name] for name in shape.kinds.values()]
    stores = [kind.on_postgresql for kind in kinds]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(shape.name), sql.SQL(", ").join(map(sql.Identifier, shape.columns))
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            copy.write_row(_stored(values_of(line, kinds), stores))


def _stored(values: list[object], stores: list[Callable[[Any], Any]]) -> tuple[object, ...]:
    try:
        return tuple(
            [
                None if value is None else store(value)
                for value, store in zip(values, stores, strict=True)
            ]
        )
    except ValueError:
        raise UnreadableRow from None


def empty(connection: Connection, shapes: list[TableShape]) -> None:
    """Delete every row, the last tables first."""
    for shape in reversed(shapes):
        connection.execute(delete(table(shape.name)))


def move_sequences(connection: Connection, shapes: list[TableShape]) -> None:
    """Let PostgreSQL number the next rows after the highest key; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for shape in shapes:
        if len(shape.key) == 1 and shape.kinds[shape.key[0]] == "integer":
            key = shape.key[0]
            sequence = func.pg_get_serial_sequence(shape.name, key)
            highest: Select[Any] = select(func.max(column(key))).select_from(table(shape.name))
            connection.execute(select(func.setval(sequence, highest.scalar_subquery())))


def check_integrity(connection: Connection) -> None:
    """Check now what the database checks at the commit. Raises BackupRefused."""
    if connection.dialect.name == "sqlite":
        fault = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if fault is not None:
            raise BackupRefused(
                f"La sauvegarde se contredit ({_contradiction(connection, *fault[:3])}). "
                "Rien n’a été écrit."
            )
        words = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if words != "ok":
            raise BackupRefused(f"La base restaurée est abîmée : {words}. Rien n’a été écrit.")
        return
    try:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except DBAPIError as error:
        raise BackupRefused(
            f"La sauvegarde se contredit ({reason_of(error)}). Rien n’a été écrit."
        ) from None
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def _contradiction(connection: Connection, name: str, row: int, referred: str) -> str:
    """Return what SQLite's check of foreign keys found: a rule of `invariants`, or a lost row."""
    if name == Unsettled.__tablename__:
        return connection.scalars(select(Unsettled.name).where(Unsettled.id == row)).one()
    return f"une ligne de {name} désigne une ligne de {referred} qui n’y est pas"
