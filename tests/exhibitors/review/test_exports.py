"""The list as a spreadsheet: no text is a formula, and what goes out comes back."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from salon.exhibitors.documents.exhibitor_list import exhibitors_table
from salon.exhibitors.engine.list_columns import COLUMNS
from salon.exhibitors.imports.former_exhibitors import read_former, row_of, rows_of
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind, WantedOption
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.review import ReviewFilter
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.documents.spreadsheets.cells import text_of
from salon.platform.documents.spreadsheets.reader import text_of_file
from salon.platform.settings.clock import now
from salon.platform.words.texts import holds_link
from tests.exhibitors.make import make_exhibitor, make_hall, make_prices, make_stand
from tests.factories import sign_in

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example","ici")',
    "+33 4 67 00 00 00",
    "-2+3",
    "@SUM(1)",
    "'=1+1",
    "''@x",
    'Éclairage; du "Biterrois"',
    "https://evil.example",
    "{=1+1}",
]


def whole(edition: Edition) -> list[Any]:
    return list(queries.filtered_exhibitors(edition.id, ReviewFilter(), now()))


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))["Exposants"]


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(app: Flask, edition: Edition) -> None:
    for name in [*HOSTILE, "\t=1+1"]:
        make_exhibitor(edition, name=name, presentation=name, city=name)

    sheet = sheet_of(exhibitors_table(whole(edition)).workbook())

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert not [cell for cell in cells if cell.hyperlink]
    column = [column.head for column in COLUMNS].index("Nom")
    assert {row[column].value for row in sheet.iter_rows(min_row=2)} == {*HOSTILE, "\t=1+1"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_goes_out_as_csv_comes_back_the_same(app: Flask, edition: Edition, name: str) -> None:
    make_exhibitor(edition, name=name, presentation=name, area=18, power_kw=6, wants_corner=True)
    text = exhibitors_table(whole(edition)).csv().decode()

    [line] = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert not line["Nom"].startswith(("=", "+", "-", "@"))
    [row] = rows_of(read_former(text_of_file(text.encode())))
    assert bool(row.wrong) == holds_link(name)  # it was accepted before names could hold none
    values = row.values
    assert (values["name"], values["presentation"]) == (name, name)
    assert (values["area"], values["power_kw"], values["wants_corner"]) == ("18", "6", "oui")
    assert (values["siret"], values["sector"]) == ("44306184100047", "energy")
    assert (values["last_name"], values["phone"]) == ("Cabanel", "04 67 00 00 00")
    [direct] = [row_of(2, row) for row in whole(edition)]
    assert direct.values == values


def test_each_column_says_what_an_organiser_needs(app: Flask, edition: Edition) -> None:
    prices = make_prices(edition)
    exhibitor = make_exhibitor(
        edition, name="Lumières", stand=make_stand(make_hall(edition, name="2"), number="66")
    )
    with transaction() as session:
        billing = {"first_name": "Jean", "last_name": "Roux", "email": "jean@roux.example"}
        session.add(
            Contact(exhibitor_id=exhibitor.id, kind=ContactKind.BILLING, email_key="x", **billing)
        )
        session.add(
            WantedOption(exhibitor_id=exhibitor.id, price_item_id=prices[-1].id, quantity=4)
        )

    [rows] = whole(edition)

    cells = {column.head: column.value(rows) for column in COLUMNS}
    assert cells["État"] == "Acceptée"
    assert cells["Contact de facturation"] == "Jean Roux"
    assert cells["Options"] == "4 × Déjeuner"
    assert (cells["Hall"], cells["Stand"], cells["Surface du stand (m²)"]) == ("2", "66", 9)
    assert (text_of(9.0), text_of(13.5), text_of("a")) == ("9", "13,5", "a")
    assert cells["Surface voulue (m²)"] == 9


def test_the_files_are_given_to_organisers_and_the_giving_is_noted(
    app: Flask, edition: Edition
) -> None:
    make_exhibitor(edition, name="Lumières")
    make_exhibitor(edition, name="En attente", status=ApplicationStatus.WAITING)
    organiser = sign_in(app, Role.ORGANISER)

    book = organiser.get("/organisation/exposants.xlsx?state=waiting")
    lines = organiser.get("/organisation/exposants.csv?q=lumi")

    names = [row[1].value for row in sheet_of(book.data).iter_rows(min_row=2)]
    assert names == ["En attente"]
    assert [row.name for row in rows_of(read_former(text_of_file(lines.data)))] == ["Lumières"]
    assert "attachment" in book.headers["Content-Disposition"]
    noted = list(app.extensions["sqlalchemy"].session.scalars(entries("exhibitors.exported")))
    assert [item.details["format"] for item in noted] == ["csv", "xlsx"]
