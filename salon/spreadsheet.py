"""Files for spreadsheets: CSV (UTF-8 with its mark, semicolons), XLSX; no cell is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

MARK = "\ufeff"
FIRST = frozenset("'=+-@\t\r")


class CutLine(ValueError):
    """The line that begins at `number` cannot be read: quotes left open, a cell too long."""

    def __init__(self, number: int) -> None:
        self.message = f"La ligne {number} ne se lit pas : vérifiez ses guillemets et sa longueur."
        super().__init__(self.message)


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of the file, one at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield MARK
    for cells in chain([heads], rows):
        writer.writerow([same_in_export(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def workbook(
    title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Iterable[str | int | float]]
) -> bytes:
    """An XLSX of one sheet; `columns`: (head, width in signs). A text is never a formula (S-20)."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(title)
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for place, (head, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, head, strong)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        line = 0
        for line, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, int | float):
                    sheet.write_number(line, place, cell)
                else:
                    sheet.write_string(line, place, cell)
        sheet.autofilter(0, 0, line, len(columns) - 1)
    return target.getvalue()


def same_in_export(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `from_export` gives the text back (S-20)."""
    if text[:1] not in FIRST:  # nearly every cell of a long list
        return text
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text


def from_export(cell: str) -> str:
    """The text of a cell written by `same_in_export`, or the cell as it is."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def numbered_cells(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of a typed or exported list; its first line tells the separator.

    A cell in quotes may hold line breaks. Raises CutLine.
    """
    lines = re.sub(r"\r\n?", "\n", text.lstrip(MARK)).strip("\n").split("\n")
    separator = max(";\t,", key=lines[0].count)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    found = []
    start = 1
    try:
        for cells in reader:
            found.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        raise CutLine(start) from None
    return found


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 (with its mark) or Windows-1252; None when it is none."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None
