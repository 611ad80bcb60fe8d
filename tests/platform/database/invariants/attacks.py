"""Bare SQL against the schema, past every rule and service."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from salon.platform.database.db import current_session, db, violates
from salon.platform.database.invariants import CONTRADICTIONS

AT_THE_COMMIT = {guard.name for guard in CONTRADICTIONS}
DEFERRED_ON_SQLITE = "FOREIGN KEY constraint failed"


def execute(*statements: str, **values: Any) -> None:
    """Execute statements in one transaction, and commit."""
    current_session().rollback()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement), values)


def refused(guard: str, *statements: str, **values: Any) -> None:
    """Assert that the database refuses the statements, by the constraint or trigger `guard`."""
    with pytest.raises(IntegrityError) as raised:
        execute(*statements, **values)
    is_deferred = guard in AT_THE_COMMIT and DEFERRED_ON_SQLITE in str(raised.value.orig)
    assert is_deferred or violates(raised.value, guard), (guard, str(raised.value.orig))


def copy_of(table: str, row_id: int, **values: str) -> str:
    """Return an INSERT of a row like another, but for `values`, which are SQL expressions."""
    columns = [c.name for c in db.metadata.tables[table].columns if c.name != "id"]
    chosen = ", ".join(values.get(name, name) for name in columns)
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    return f"{into} SELECT {chosen} FROM {table} WHERE id = {row_id}"


def plus_minutes(column: str, minutes: int) -> str:
    if db.engine.dialect.name == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {column}, '{minutes:+d} minutes')"
    return f"{column} + interval '{minutes} minutes'"
