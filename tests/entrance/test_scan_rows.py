"""Rows of the scan driver are typed: each column of a statement is the field at its place."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.queries import read_station
from salon.entrance.models import Presence
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import PresenceRow
from salon.platform.database.prepared_statements import PreparedSelect, driver, rows_of

SELECTS = {
    name: statement
    for name, statement in vars(scan_statements).items()
    if isinstance(statement, PreparedSelect)
}


@pytest.mark.on_both
def test_each_column_of_a_scan_is_the_field_at_its_place(app: Flask) -> None:
    assert len(SELECTS) == 10
    with driver() as connection:
        for statement in (*SELECTS.values(), read_station):
            compiled = statement._compiled(connection.dialect)
            assert compiled.columns == statement.row._fields


@pytest.mark.on_both
def test_swapped_columns_are_refused(app: Flask) -> None:
    @rows_of(PresenceRow)
    def swapped() -> Any:
        return select(
            Presence.badge_id,
            Presence.first_entry_at,
            Presence.is_inside,
            Presence.first_door,
            Presence.last_at,
        )

    with driver() as connection, pytest.raises(TypeError, match="fields of PresenceRow"):
        swapped.read(connection)
