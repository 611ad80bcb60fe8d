"""Workbooks that strangers send (XLSX, ODS): the lines of one sheet, as CSV."""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from untrusted_files import FileRefused

MAX_UNPACKED = 100_000_000
"""Bytes of all parts of the archive."""
MAX_ROWS = 25_000
MAX_COLUMNS = 200
MAX_TEXT = 1_900_000
"""Bytes: what the page that shows the list again may carry."""
LINE_BREAK = "\u2028"
"""In a cell, so that a line of the CSV is a row of the sheet."""
NO_WORKBOOK = (
    "Nous n’arrivons pas à ouvrir ce classeur. Enregistrez-le de nouveau en XLSX, en ODS ou en CSV."
)
PROTECTED = "Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe."
TOO_LARGE = (
    f"Ce classeur est trop grand\u00a0: au plus {MAX_ROWS} lignes et {MAX_COLUMNS} colonnes. "
    "Copiez la liste seule dans un nouveau classeur, ou coupez-la en deux."
)


def lines_of_workbook(content: bytes) -> str:
    """Return the first visible sheet that is not empty, with `;` between cells.

    A formula gives its last computed value; merged cells give theirs to each row. Raises
    FileRefused.
    """
    _check_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = _first_rows(workbook)
    except PasswordError:
        raise FileRefused(PROTECTED) from None
    except (CalamineError, OSError, ValueError):
        raise FileRefused(NO_WORKBOOK) from None
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([text_of(cell) for cell in row] for row in rows)
    if len(text.getvalue().encode()) > MAX_TEXT:
        raise FileRefused(TOO_LARGE)
    return text.getvalue()


Cell = int | float | str | bool | time | date | datetime | timedelta


def _check_archive(content: bytes) -> None:
    """Check that the archive says it unpacks to a bounded size; the process bounds the rest."""
    if not content.startswith(b"PK"):
        return  # a workbook of before 2007, or one that is protected
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefused(NO_WORKBOOK) from None
    if unpacked > MAX_UNPACKED:
        raise FileRefused(TOO_LARGE)


def _first_rows(workbook: CalamineWorkbook) -> list[list[Cell]]:
    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        content = workbook.get_sheet_by_name(sheet.name)
        if content.total_height > MAX_ROWS or content.total_width > MAX_COLUMNS:
            raise FileRefused(TOO_LARGE)
        rows = content.to_python(skip_empty_area=False)
        if any(cell != "" for row in rows for cell in row):
            _fill_merged_cells(content, rows)
            return rows
    return []


def _fill_merged_cells(sheet: CalamineSheet, rows: list[list[Cell]]) -> None:
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row):  # cells merged beside the list are empty, and not read
                row[left] = rows[top][left]


def text_of(cell: Cell) -> str:
    """Return a cell as one types it in French: « 01/10/2021 », « 09:30 », « 12,5 », « oui »."""
    match cell:
        case bool():
            return "oui" if cell else "non"
        case float():
            return f"{cell:.15g}".replace(".", ",")
        case datetime() if cell.time() != time():
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M}"
        case timedelta():
            return f"{cell // timedelta(hours=1)}:{cell // timedelta(minutes=1) % 60:02d}"
    return LINE_BREAK.join(str(cell).splitlines())
