"""CSV that a spreadsheet reads as text: UTF-8 with mark, semicolons, no cell taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """A text that begins like a formula gets an apostrophe in front; nothing is lost."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of the file, one at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield MARK
    for cells in chain([heads], rows):
        writer.writerow([safe_cell(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
