"""Rows of the former release's fair, which fills every table, named as addresses name them."""

from typing import Any

from sqlalchemy import select, text

from salon.accounts.models import Station
from salon.addresses import ROWS
from salon.platform.database.db import current_session
from salon.platform.database.edition_walls import TRACES, edition_of, tables_of_an_edition

PUBLIC_ID = 2
COLUMNS = {**{name: columns[0] for name, columns in ROWS.items()}, "station_id": Station.id}


def value_of(column: Any) -> Any:
    """Return the value of a column in a row of the public edition; None: no row has one."""
    table = column.expression.table
    in_public = text(f"{edition_of(table, table.name)} = {PUBLIC_ID}")
    values = select(column.expression).where(in_public, column.expression.is_not(None))
    return current_session().scalar(values.limit(1))


def rows_of_public() -> dict[str, object]:
    """Return by argument of an address a value that leads to a row of the public edition."""
    values = {name: value_of(column) for name, column in COLUMNS.items()}
    return {name: value for name, value in values.items() if value is not None}


def rows_of_edition(edition_id: int) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of an edition, by table, but what only traces a reading."""
    current_session().rollback()
    rows = {}
    for table in tables_of_an_edition():
        if table.name not in TRACES:
            of_edition = text(f"{edition_of(table, table.name)} = {edition_id}")
            statement = select(table).where(of_edition).order_by(*table.primary_key)
            rows[table.name] = [tuple(row) for row in current_session().execute(statement)]
    return rows
