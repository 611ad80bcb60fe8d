"""The rows and the columns of a database, before and after a migration."""

import lzma
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import MetaData, NullPool, create_engine, inspect, select
from sqlalchemy.engine.interfaces import ReflectedColumn

from tests.former_release import RELEASE
from tests.postgres import Server

Rows = dict[str, list[dict[str, Any]]]


STRAIGHTENED = """
UPDATE booking_requests SET edition_id = 2 WHERE id = 2;
UPDATE fair_files SET edition_id = 2 WHERE id = 2;
UPDATE leads SET edition_id = 2 WHERE id IN (1, 2);
UPDATE list_entries SET edition_id = 2;
UPDATE print_jobs SET edition_id = 2;
UPDATE print_runs SET edition_id = 2;
UPDATE queue_tickets SET edition_id = 2 WHERE id = 2;
INSERT INTO unsettled (name) VALUES ('erasure');
UPDATE scans SET edition_id = 2;
DELETE FROM unsettled;
UPDATE waiting_entries SET edition_id = 2;
UPDATE conflicts SET edition_id = 2 WHERE id = 3;
UPDATE appointment_holds SET edition_id = 2;
"""
"""Rows made up for tables that no page had filled, which lead to another edition than their own."""


def script_of(engine: str) -> str:
    return lzma.decompress((RELEASE / f"{engine}.sql.xz").read_bytes()).decode()


def load_sqlite(path: Path) -> str:
    """Make the former release's fair on SQLite; return its address."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(script_of("sqlite"))
        database.executescript(f"BEGIN; {STRAIGHTENED} COMMIT;")
    return f"sqlite:///{path}"


def load_postgresql(server: Server, database: str) -> str:
    """Make the former release's fair on PostgreSQL; return its address."""
    server.create_database(database)
    address = {"host": str(server.folder), "user": "salon", "dbname": database}
    with psycopg.connect(**address) as connection:
        connection.execute(script_of("postgresql"))  # type: ignore[call-overload]
        connection.execute(STRAIGHTENED)
    return server.url(database)


def rows_of(address: str) -> Rows:
    """Return the rows of a database by table."""
    engine, metadata = create_engine(address, poolclass=NullPool), MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def changed_rows(before: Rows, after: Rows) -> dict[str, int]:
    """Return by table how many rows are not there as they were, each column compared."""
    changed = {}
    for table, rows in before.items():
        columns = sorted(rows[0]) if rows else []
        former, present = (
            Counter(str([row.get(column, "no column") for column in columns]) for row in several)
            for several in (rows, after.get(table, []))
        )
        if missing := sum((former - present).values()):
            changed[table] = missing
    return changed


@dataclass(frozen=True)
class Schema:
    """The columns of each table by their names; the columns of each key and unique index."""

    columns: dict[str, dict[str, ReflectedColumn]]
    keys: dict[str, set[tuple[str, ...]]]


def schema_of(address: str) -> Schema:
    """Return the tables of a database, all in a few questions: table by table is a minute."""
    inspector = inspect(create_engine(address, poolclass=NullPool))
    columns: dict[str, dict[str, ReflectedColumn]] = {
        table: {column["name"]: column for column in several}
        for (_, table), several in inspector.get_multi_columns().items()
    }
    keys: dict[str, set[tuple[str, ...]]] = {table: set() for table in columns}
    for (_, table), primary_key in inspector.get_multi_pk_constraint().items():
        keys[table].add(tuple(primary_key["constrained_columns"]))
    for (_, table), constraints in inspector.get_multi_unique_constraints().items():
        keys[table] |= {tuple(constraint["column_names"]) for constraint in constraints}
    for (_, table), indexes in inspector.get_multi_indexes().items():
        unique = [index for index in indexes if index["unique"]]
        keys[table] |= {tuple(map(str, index["column_names"])) for index in unique}
    return Schema(columns, keys)


def hindrances(before: Schema, after: Schema) -> list[str]:
    """Return what stops the code written for the schema `before` from writing on `after`.

    A table or a column that is gone, has another type, or refuses a NULL or an absent value that it
    took; a new one that wants a value; a row that a new key refuses.
    """
    faults: list[str] = []
    for table, former in before.columns.items():
        if table not in after.columns:
            faults.append(f"{table}: gone")
            continue
        new = after.columns[table]
        for name, column in former.items():
            if name not in new:
                faults.append(f"{table}.{name}: gone")
            elif str(column["type"]) != str(new[name]["type"]):
                faults.append(f"{table}.{name}: {column['type']}, now {new[name]['type']}")
            elif column["nullable"] and not new[name]["nullable"]:
                faults.append(f"{table}.{name}: refuses NULL")
            elif column["default"] is not None and new[name]["default"] is None:
                faults.append(f"{table}.{name}: without its default")
        for name, column in new.items():
            is_filled = column["nullable"] or column["default"] is not None
            if name not in former and not is_filled and not column.get("computed"):
                faults.append(f"{table}.{name}: new, and wants a value")
        new_keys = after.keys[table] - before.keys[table]
        faults += [f"{table}: new key {', '.join(key)}" for key in sorted(new_keys)]
    return faults
