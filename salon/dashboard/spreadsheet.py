"""CSV for spreadsheets: UTF-8 with its mark, semicolons, no cell taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from salon.badges.matching import same_in_export

MARK = "\ufeff"


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
