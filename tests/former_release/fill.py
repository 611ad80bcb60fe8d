"""Run in the folder of a release's code, by that code: completes and copies a fair of it.

`fill.py fill` puts rows into the tables that the demonstration leaves empty; `fill.py copy ADDRESS`
copies all rows of the fair into a migrated database on PostgreSQL.
"""

import random
import re
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Time,
    create_engine,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, StatementError

from app import app
from salon.platform.database.db import db

TRIES = 400
ROWS = 3
MOMENT = datetime(2021, 11, 16, 9, 30, tzinfo=UTC)
TEXTS = ("a" * 20, "A1", "fr", "b" * 64, "", "prenom@salon.example", "2021", "12345678901234")


def value_of(column: Column[Any], choice: random.Random) -> Any:
    """Return a value of a column's type, at random."""
    if column.nullable and choice.random() < 0.3:
        return None
    kind = column.type
    if isinstance(kind, Enum):
        return choice.choice(list(kind.enum_class or kind.enums))
    if isinstance(kind, Boolean):
        return choice.random() < 0.5
    if isinstance(kind, Date):
        return date(2021, 11, 16)
    if isinstance(kind, Time):
        return time(9, 30)
    if isinstance(kind, Integer | Numeric):
        return choice.randrange(1, 9)
    if isinstance(kind, LargeBinary):
        return choice.randbytes(32)
    if "DateTime" in type(kind).__name__:
        return MOMENT + timedelta(hours=choice.randrange(3))
    if isinstance(kind, JSON):
        return {}
    return choice.choice(allowed_texts(column) or TEXTS)


def allowed_texts(column: Column[Any]) -> list[str]:
    """Return the values that a CHECK constraint allows the column."""
    for check in column.table.constraints:
        if isinstance(check, CheckConstraint):
            words = re.search(rf"\b{column.name} IN \(([^)]*)\)", str(check.sqltext))
            if words:
                return re.findall(r"'([^']*)'", words[1])
    return []


def row_of(connection: Connection, table: Table, choice: random.Random) -> dict[str, Any]:
    """Return a row at random whose keys lead to rows that are there."""
    values = {
        column.name: value_of(column, choice)
        for column in table.columns
        if not (column.primary_key and column.autoincrement is True)
        and not (
            column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys
        )
        and column.computed is None
    }
    keys = [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]
    for key in sorted(keys, key=lambda key: len(key.elements)):
        columns = {element.parent.name: element.column for element in key.elements}
        parents = select(*columns.values()).order_by(func.random()).limit(1)
        optional = [name for name in columns if table.columns[name].nullable]
        if optional and choice.random() < 0.5:
            values |= dict.fromkeys(optional)
        elif row := connection.execute(parents).first():
            values |= dict(zip(columns, row, strict=True))
        else:
            values |= dict.fromkeys(optional)
    return values


def fill(connection: Connection) -> None:
    """Put rows into each empty table, as far as its constraints and triggers let chance do it."""
    choice = random.Random(1)
    for table in db.metadata.sorted_tables:
        if connection.scalar(select(func.count()).select_from(table)):
            continue
        done, refusals = 0, set()
        for _ in range(TRIES):
            try:
                with connection.begin_nested():
                    connection.execute(table.insert(), row_of(connection, table, choice))
                done += 1
            except (DBAPIError, StatementError) as refusal:
                refusals.add(str(refusal.orig)[:120])
            if done == ROWS:
                break
        if not done:
            print(f"{table.name}: empty, {sorted(refusals)}")


def copy(connection: Connection, address: str) -> None:
    with create_engine(address).begin() as target:
        target.execute(text("SET session_replication_role = replica"))
        for table in db.metadata.sorted_tables:
            target.execute(text(f'DELETE FROM "{table.name}"'))
            if rows := [dict(row) for row in connection.execute(select(table)).mappings()]:
                target.execute(table.insert(), rows)
            if (column := table.autoincrement_column) is not None:
                name = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
                most = f'(SELECT max("{column.name}") FROM "{table.name}")'
                target.execute(text(f"SELECT setval({name}, {most})"))


if __name__ == "__main__":
    with app.app_context(), db.engine.begin() as connection:
        if sys.argv[1] == "fill":
            fill(connection)
        else:
            copy(connection, sys.argv[2])
