"""Every table of the product read back: as many rows as what it lists, the same in each format."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

import openpyxl
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import Appointment
from salon.badges.models import Attendee
from salon.billing.models import SalesDocument, SalesKind
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Stand
from salon.leads.models import Lead
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.documents.spreadsheets.cells import text_of
from salon.platform.settings.clock import PARIS
from salon.staffing.models import Agent
from tests.demonstration.crawl.visits import Crawl, Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODEL = "/organisation/village/agents/modele.csv"
"""A file to fill in: one example."""
JOURNAL = "/organisation/journal"
"""Each file of it is an entry of the next one."""
LISTED: dict[str, tuple[Any, ...]] = {
    "/organisation/rendez-vous": (Appointment,),
    "/organisation/participants": (Attendee,),
    "/organisation/exposants": (Exhibitor, Exhibitor.status != ApplicationStatus.DRAFT),
    "/organisation/exposants?state=draft": (
        *(Exhibitor, Exhibitor.status == ApplicationStatus.DRAFT),
    ),
    "/organisation/village/agents": (Agent,),
    "/organisation/plan": (Stand, Stand.x.is_not(None), Stand.edition_id == 2),
    "/organisation/facturation/journal": (
        SalesDocument,
        SalesDocument.kind.in_((SalesKind.INVOICE, SalesKind.CREDIT_NOTE)),
    ),
    "/mon-stand/1/contacts/follow_up": (Lead, Lead.exhibitor_id == 1),
}
"""What an organiser's table lists: a model and conditions."""


@dataclass(frozen=True)
class Workbook:
    """The title of a workbook, and the values under the heads of its first sheet."""

    title: str | None
    rows: list[tuple[Any, ...]]


@cache
def workbook_of(content: bytes) -> Workbook:
    """Read a workbook, once for all tests."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    return Workbook(book.properties.title, rows)


def rows_of(visit: Visit) -> list[list[str]]:
    """Return the rows under the heads of a table, as texts."""
    if visit.mimetype != XLSX:
        text = visit.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    return [
        ["" if cell is None else text_in_csv(cell) for cell in row]
        for row in workbook_of(visit.content).rows
    ]


def text_in_csv(cell: Any) -> str:
    """Return a cell of a workbook as the CSV of the same table says it."""
    if isinstance(cell, datetime):
        return text_of(cell.replace(tzinfo=PARIS)).removesuffix(" 00:00")
    return text_of(cell) if isinstance(cell, date | time | float) else str(cell)


def comparable(cell: str) -> str:
    """Return a cell whatever its format: « 12,50 » is 12.5, midnight is a day."""
    plain = cell.removeprefix("'").removesuffix(" 00:00")
    try:
        return f"{float(plain.replace(',', '.')):g}"
    except ValueError:
        return plain


def tables_of(crawl: Crawl) -> dict[str, Visit]:
    """Return the tables a person took, by address."""
    return {
        address: visit
        for address, visit in crawl.visits.items()
        if visit.mimetype in (XLSX, "text/csv")
    }


def list_of(address: str) -> str:
    """Return the address of what a table lists, without its format."""
    path, mark, query = address.partition("?")
    for name in ("csv", "xlsx"):
        path = path.removesuffix(f".{name}").replace(f"/{name}/", "/")
    return path + mark + query


def test_each_table_of_the_product_is_read_here(
    crawled_app: Flask, everywhere: dict[str, Crawl]
) -> None:
    adapter = crawled_app.url_map.bind("localhost")
    seen = {
        adapter.match(address.partition("?")[0], "GET")[0]
        for crawl in everywhere.values()
        for address in tables_of(crawl)
    }
    tables = {
        rule.endpoint
        for rule in crawled_app.url_map.iter_rules()
        if any(name in rule.rule for name in ("csv", "xlsx")) and "GET" in (rule.methods or ())
    }
    assert tables == seen


def test_a_table_has_as_many_rows_as_what_it_lists(
    crawled_app: Flask, everywhere: dict[str, Crawl]
) -> None:
    counts = {
        list_of(address): len(rows_of(visit))
        for role in ("organiser", "exhibitor")
        for address, visit in tables_of(everywhere[role]).items()
    }
    with crawled_app.app_context():
        listed = {
            address: current_session().scalar(
                select(func.count()).select_from(conditions[0]).where(*conditions[1:])
            )
            for address, conditions in LISTED.items()
        }
        entries = current_session().scalar(select(func.count()).select_from(JournalEntry)) or 0
    assert {address: counts[address] for address in LISTED} == listed
    assert 1000 < counts[JOURNAL] <= entries


def test_no_table_is_empty_and_its_formats_say_the_same(everywhere: dict[str, Crawl]) -> None:
    for crawl in everywhere.values():
        formats: dict[str, list[list[list[str]]]] = {}
        for address, visit in tables_of(crawl).items():
            rows = rows_of(visit)
            assert rows, address
            formats.setdefault(list_of(address), []).append(
                [[comparable(cell) for cell in row] for row in rows]
            )
        for address, texts in formats.items():
            if address.startswith(JOURNAL):
                first, *later = sorted(texts, key=len)
                assert all(set(map(tuple, first)) <= set(map(tuple, rows)) for rows in later)
                continue
            assert all(rows == texts[0] for rows in texts), address


def test_a_workbook_has_a_title_and_its_dates_are_dates(everywhere: dict[str, Crawl]) -> None:
    for crawl in everywhere.values():
        for address, visit in tables_of(crawl).items():
            if visit.mimetype != XLSX:
                continue
            book = workbook_of(visit.content)
            assert book.title, address
            values = {value for row in book.rows for value in row}
            assert [value for value in values if is_a_date_as_text(value)] == [], address


def is_a_date_as_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    for form in ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%H:%M"):
        try:
            datetime.strptime(value, form)  # noqa: DTZ007 (a text that should not be one)
        except ValueError:
            continue
        return True
    return False
