"""The list of exhibitors as a table to download."""

from collections.abc import Iterable

from salon.exhibitors.engine.list_columns import COLUMNS
from salon.exhibitors.models import Exhibitor
from salon.platform.documents.spreadsheets.writer import Table


def exhibitors_table(exhibitors: Iterable[Exhibitor]) -> Table:
    return Table.of("Exposants", COLUMNS, exhibitors, frozen_columns=2)
