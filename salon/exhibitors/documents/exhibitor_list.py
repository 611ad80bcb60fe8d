"""The list of exhibitors as a spreadsheet.

A text is written as a text: no cell is taken for a formula.
"""

from collections.abc import Iterable, Iterator

from salon.exhibitors.engine.list_columns import COLUMNS, cells_of
from salon.exhibitors.models import Exhibitor
from salon.platform import spreadsheets
from salon.platform.spreadsheets import Cell


def rows_of(exhibitors: Iterable[Exhibitor]) -> Iterator[list[Cell]]:
    return (cells_of(exhibitor) for exhibitor in exhibitors)


def review_workbook(exhibitors: Iterable[Exhibitor]) -> bytes:
    """Return the list as an XLSX."""
    columns = [spreadsheets.Column(column.head, column.width) for column in COLUMNS]
    return spreadsheets.workbook("Exposants", columns, rows_of(exhibitors), kept_columns=2)
