"""Workbooks made for the tests: XLSX by openpyxl, ODS as LibreOffice packs it."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(*sheets: Sequence[Sequence[Any]], merged: str = "") -> bytes:
    """Return a workbook of these sheets; `merged`: a range of the last."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(*rows: Sequence[str]) -> bytes:
    """Return a workbook of one sheet of texts, then of the million empty rows that follow."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )
    content = (
        f'<office:document-content xmlns:office="{NAMES}:office:1.0" '
        f'xmlns:table="{NAMES}:table:1.0" xmlns:text="{NAMES}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{lines}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{NAMES}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{SPREADSHEET}"/></manifest:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", SPREADSHEET, zipfile.ZIP_STORED)
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return target.getvalue()


def swelling_workbook() -> bytes:
    """Return a small file whose sheet would unpack to 200 MB."""
    target = io.BytesIO(xlsx([["Nom"]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.xml", b" " * 200_000_000)
    return target.getvalue()


def far_cells() -> bytes:
    """Return a workbook of two cells, at two corners of a sheet of 17 thousand million."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "Nom", "x"
    return saved(book)
