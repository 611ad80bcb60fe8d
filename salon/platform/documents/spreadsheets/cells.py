"""Cells of a spreadsheet: values and their text; no text is taken for a formula."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from salon.platform.settings.clock import local

Cell = str | int | float | Decimal | date | time
"""A datetime is an instant: it is written as the clock of Paris shows it."""

YES_OR_NO = {
    **dict.fromkeys(("oui", "o", "x", "1", "vrai"), True),
    **dict.fromkeys(("non", "n", "0", "faux", ""), False),
}
"""Words of a cell, folded, and what they mean."""
FIRST = frozenset("'=+-@\t\r")


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


def same_in_export(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `from_export` reverses it."""
    if text[:1] not in FIRST:  # nearly every cell of a long list
        return text
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text


def from_export(cell: str) -> str:
    """Return the text of a cell written by `same_in_export`, or the cell as it is."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell
