"""Rows that were made once, put into the databases of later tests as they are."""

from typing import Any

from sqlalchemy import Connection

from salon.platform.database.db import db

Rows = list[tuple[str, list[tuple[Any, ...]]]]
"""An INSERT statement of SQLite for each table, and what it inserts; parents first."""


def rows_of(connection: Connection) -> Rows:
    """Return all rows of a database."""
    saved = []
    for table in db.metadata.sorted_tables:
        rows = connection.exec_driver_sql(f"SELECT * FROM {table.name}").all()
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            saved.append((f"INSERT INTO {table.name} VALUES ({marks})", [tuple(r) for r in rows]))
    return saved


def put_rows(connection: Connection, rows: Rows) -> None:
    """Insert saved rows into a database of the same tables that holds none of them."""
    for statement, values in rows:
        connection.exec_driver_sql(statement, values)
