"""Tables as CSV and XLSX: cells are typed, no text is a formula."""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask

from salon.platform.documents.spreadsheets.writer import Column, Table

HEADS = ("Code", "Jour", "Heure", "Instant", "Montant", "Surface")
ROW = ("00467", date(2021, 10, 1), time(9, 30), datetime(2021, 10, 1, 7, 30, tzinfo=UTC))
FORMULAS = ["=1+1", "+33 4", "-2", "@SUM(1)", "https://evil.example", "{=1}"]


def table(*rows: object) -> Table:
    columns = [Column(head, number="#,##0" if head == "Surface" else "") for head in HEADS]
    return Table("Essai", columns, rows, frozen_columns=1)  # type: ignore[arg-type]


def test_a_workbook_has_typed_cells_a_title_and_heads_in_sight() -> None:
    content = table((*ROW, Decimal("1234.50"), 12), ("00468", "")).workbook()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Essai"]
    code, day, hour, instant, amount, area = sheet[2]
    assert book.properties.title == "Essai"
    assert sheet.freeze_panes == "B2"
    assert (code.value, code.data_type) == ("00467", "s")
    assert (day.value.date(), day.number_format) == (date(2021, 10, 1), "dd/mm/yyyy")
    assert (hour.value, instant.value) == (ROW[2], datetime.combine(ROW[1], ROW[2]))
    assert (amount.value, amount.number_format) == (1234.5, "#,##0.00")
    assert (area.value, area.number_format) == (12, "#,##0")
    assert sheet["B3"].value is None, "an empty text would fail in a sum of cells"


def test_a_csv_says_the_same_in_french() -> None:
    lines = table((*ROW, Decimal("1234.50"), 12.5)).csv().decode("utf-8-sig").splitlines()
    assert lines == [
        "Code;Jour;Heure;Instant;Montant;Surface",
        "00467;01/10/2021;09:30;01/10/2021 09:30;1234,50;12,5",
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_nor_a_link(text: str) -> None:
    [cell] = openpyxl.load_workbook(io.BytesIO(table([text]).workbook()))["Essai"][2][:1]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert table([text]).csv().decode().splitlines()[1][0] not in "=+-@"


def test_a_table_is_sent_as_a_file_of_its_kind(app: Flask) -> None:
    with app.test_request_context("/"):
        text = table(["é", 1], ["=1", 2]).download("mots")
        sheet = table(["é", 1]).download("mots", "xlsx")
        content = text.get_data().decode("utf-8-sig").splitlines()
    assert content[1:] == ["é;1", "'=1;2"]
    assert text.mimetype == "text/csv"
    assert text.headers["Content-Disposition"] == 'attachment; filename="mots.csv"'
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="mots.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(sheet.get_data())).active["A2"].value == "é"


def test_a_table_of_items_reads_their_cells_by_column() -> None:
    columns = [Column("Mot"), Column("Longueur", len)]
    assert Table.of("Essai", columns, ["a", "bcd"]).csv().decode("utf-8-sig") == (
        "Mot;Longueur\r\na;1\r\nbcd;3\r\n"
    )
