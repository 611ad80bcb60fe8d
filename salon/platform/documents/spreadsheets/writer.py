"""Write a table as CSV (UTF-8 with its mark, semicolons) or XLSX; no cell is a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import Any

from flask import Response, stream_with_context

from salon.platform.documents.spreadsheets.cells import Cell, csv_cell
from salon.platform.documents.spreadsheets.reader import MARK
from salon.platform.settings.clock import local

FORMATS: dict[type, str] = {
    **{datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm"},
    Decimal: "#,##0.00",
}
HEAD_FORMAT = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Column:
    """A column of a table: its width is in characters, `number` is Excel's format of its numbers.

    `value` gives its cell of an item, in a table of items.
    """

    head: str
    value: Callable[[Any], Cell] = str
    width: int = 16
    number: str = ""


@dataclass(frozen=True)
class Table:
    """A table to write; `frozen_columns` stay in sight when one scrolls the workbook.

    Rows leave the memory as they are written.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Iterable[Cell]]
    frozen_columns: int = 0

    @classmethod
    def of(
        cls, title: str, columns: Sequence[Column], items: Iterable[object], frozen_columns: int = 0
    ) -> "Table":
        """Return a table of one row for each item."""
        rows = ([column.value(item) for column in columns] for item in items)
        return cls(title, columns, rows, frozen_columns)

    def download(self, name: str, kind: str = "csv") -> Response:
        """Return the table as a file to save, « csv » or « xlsx »; a CSV is sent as it is read."""
        content = self.workbook() if kind == "xlsx" else stream_with_context(self.csv_lines())
        response = Response(content, mimetype=MEDIA_TYPES[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        return response

    def csv(self) -> bytes:
        return "".join(self.csv_lines()).encode()

    def csv_lines(self) -> Iterator[str]:
        """Return the lines of the file, one at a time."""
        return csv_lines([column.head for column in self.columns], self.rows)

    def workbook(self) -> bytes:
        """Return an XLSX of one sheet. Dates, hours and numbers are typed, a text is a text.

        An empty text is an empty cell, which a formula counts as zero.
        """
        import xlsxwriter

        target = io.BytesIO()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(target, options) as book:
            book.set_properties({"title": self.title})
            sheet = book.add_worksheet(self.title)
            strong = book.add_format(HEAD_FORMAT)
            cell_formats = {
                kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()
            }
            numbers = [
                book.add_format({"num_format": column.number}) if column.number else None
                for column in self.columns
            ]
            for place, column in enumerate(self.columns):
                sheet.set_column(place, place, column.width)
                sheet.write_string(0, place, column.head, strong)
            sheet.freeze_panes(1, self.frozen_columns)
            sheet.set_landscape()
            sheet.repeat_rows(0)
            line = 0
            for line, cells in enumerate(self.rows, start=1):
                for place, cell in enumerate(cells):
                    if cell == "":
                        continue
                    if isinstance(cell, str):
                        sheet.write_string(line, place, cell)
                    elif isinstance(cell, datetime):
                        moment = local(cell).replace(tzinfo=None)
                        sheet.write_datetime(line, place, moment, cell_formats[datetime])
                    elif isinstance(cell, date | time):
                        sheet.write_datetime(line, place, cell, cell_formats[type(cell)])
                    else:
                        form = numbers[place] or cell_formats.get(type(cell))
                        sheet.write_number(line, place, float(cell), form)
            sheet.autofilter(0, 0, line, len(self.columns) - 1)
        return target.getvalue()


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Return the lines of a CSV file, one at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield MARK
    for cells in chain([heads], rows):
        writer.writerow(map(csv_cell, cells))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
