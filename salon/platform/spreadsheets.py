"""Files for spreadsheets: CSV (UTF-8 with its mark, semicolons), XLSX; no cell is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain

from salon.platform.clock import local

Cell = str | int | float | Decimal | date | time
"""A datetime is an instant: it is written as the clock of Paris shows it."""
FORMATS: dict[type, str] = {
    **{datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm"},
    Decimal: "#,##0.00",
}

MARK = "\ufeff"
FIRST = frozenset("'=+-@\t\r")


class CutLine(ValueError):
    """The line that begins at `number` cannot be read: quotes left open, a cell too long."""

    def __init__(self, number: int) -> None:
        self.message = f"La ligne {number} ne se lit pas : vérifiez ses guillemets et sa longueur."
        super().__init__(self.message)


@dataclass(frozen=True)
class Column:
    """A column of a workbook: its width is in characters, `number` is Excel's format of its
    numbers."""

    head: str
    width: int = 16
    number: str = ""


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Return the lines of the file, one at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield MARK
    for cells in chain([heads], rows):
        writer.writerow(map(csv_cell, cells))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_cell(cell: Cell) -> str:
    return same_in_export(cell) if isinstance(cell, str) else text_of(cell)


def text_of(cell: Cell) -> str:
    """Return a cell as a French CSV writes it: « 01/10/2021 », « 09:30 », decimal comma."""
    if isinstance(cell, datetime):
        return f"{local(cell):%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return f"{cell:g}".replace(".", ",") if isinstance(cell, float) else str(cell)


def clock_time(at: datetime) -> time:
    """Return the hour and the minute in Paris, for a cell."""
    return local(at).time().replace(second=0, microsecond=0)


def workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Iterable[Cell]], kept_columns: int = 0
) -> bytes:
    """Return an XLSX of one sheet. Dates, hours and numbers are typed; a text is never a formula.

    `kept_columns` stay in sight when one scrolls. Rows leave the memory as they are written.
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet(title)
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        written = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        numbers = [
            book.add_format({"num_format": column.number}) if column.number else None
            for column in columns
        ]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, strong)
        sheet.freeze_panes(1, kept_columns)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        line = 0
        for line, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif isinstance(cell, datetime):
                    moment = local(cell).replace(tzinfo=None)
                    sheet.write_datetime(line, place, moment, written[datetime])
                elif isinstance(cell, date | time):
                    sheet.write_datetime(line, place, cell, written[type(cell)])
                else:
                    form = numbers[place] or written.get(type(cell))
                    sheet.write_number(line, place, float(cell), form)
        sheet.autofilter(0, 0, line, len(columns) - 1)
    return target.getvalue()


def same_in_export(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `from_export` reverses it."""
    if text[:1] not in FIRST:  # nearly every cell of a long list
        return text
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text


def from_export(cell: str) -> str:
    """Return the text of a cell written by `same_in_export`, or the cell as it is."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def numbered_cells(text: str) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of a typed or exported list; its first line gives the separator.

    A cell in quotes may hold line breaks. Raises CutLine.
    """
    lines = re.sub(r"\r\n?", "\n", text.lstrip(MARK)).strip("\n").split("\n")
    separator = max(";\t,", key=lines[0].count)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    rows = []
    start = 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        raise CutLine(start) from None
    return rows


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8, UTF-16 (with its mark) or Windows-1252; None for
    another."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None
