"""Pages, order and whole lists, on SQLite and on PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.pages.lists import listing
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, PageRequest
from tests.journal import SampleAction
from tests.statements import statements
from tests.tables import each

NEWEST_FIRST = select(JournalEntry).order_by(JournalEntry.id.desc())
ENTRIES = Listing(
    {
        "at": Column("Quand", JournalEntry.id),
        "subject": Column("Objet", JournalEntry.subject, JournalEntry.action),
    },
    sort="-at",
    ties=(JournalEntry.id,),
    key=JournalEntry.id,
    length=3,
)


@pytest.fixture
def entries(app: Flask) -> None:
    with transaction() as session:
        for subject in "dbacbeg":
            write_entry(session, SYSTEM, SampleAction.WROTE, subject)
    current_session().rollback()


def subjects(request: PageRequest) -> str:
    return "".join(entry.subject for entry in ENTRIES.page(NEWEST_FIRST, request).items)


@each(
    ("request_", "expected"),
    [
        (PageRequest(), "geb"),
        (PageRequest(2), "cab"),
        (PageRequest(3), "d"),
        (PageRequest(4), "d"),
        (PageRequest(100_000), "d"),
        (PageRequest(1, "subject"), "abb"),
        (PageRequest(2, "-subject"), "cbb"),
        (PageRequest(1, "at"), "dba"),
        (PageRequest(1, "nothing"), "geb"),
        (PageRequest(1, "-"), "geb"),
        (PageRequest(1, "--at"), "geb"),
    ],
)
def test_a_page_holds_its_rows_in_the_requested_order(
    entries: None, request_: PageRequest, expected: str
) -> None:
    assert subjects(request_) == expected


def test_a_page_takes_two_statements(entries: None) -> None:
    with statements() as sent_statements:
        page = ENTRIES.page(NEWEST_FIRST, PageRequest(100, "subject"))
    assert (page.total, page.pages, page.page) == (7, 3, 3)
    assert len([statement for statement in sent_statements if statement.startswith("SELECT")]) == 2


def test_an_empty_list_has_one_empty_page(app: Flask) -> None:
    page = ENTRIES.page(NEWEST_FIRST, PageRequest(5))
    assert (page.page, page.total, page.items) == (1, 0, [])


def test_a_statement_of_several_columns_gives_tuples(entries: None) -> None:
    statement = select(JournalEntry.subject, JournalEntry.action).order_by(JournalEntry.id)
    page = ENTRIES.page(statement, FIRST_PAGE)
    assert page.items[0] == ("d", "test.wrote")
    assert page.total == 7


@each(("sort", "expected"), [("given", "abbcegd"), ("-given", "gecbbad")])
def test_the_empty_values_of_a_column_come_last_in_both_orders(
    entries: None, sort: str, expected: str
) -> None:
    column = Column("Donné", func.nullif(JournalEntry.subject, "d"))
    page = Listing({"given": column}).page(NEWEST_FIRST, PageRequest(1, sort))
    assert "".join(entry.subject for entry in page.items) == expected


@each("sort", ["", "subject", "-subject", "at"])
def test_an_export_reads_every_row_of_the_pages_in_their_order(
    entries: None, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(listing, "CHUNK", 2)
    of_pages = "".join(subjects(PageRequest(number, sort)) for number in (1, 2, 3))
    whole = ENTRIES.rows(NEWEST_FIRST, PageRequest(2, sort))
    assert "".join(entry.subject for entry in whole) == of_pages


def test_rows_in_memory_are_cut_and_sorted_alike() -> None:
    words = Listing({"length": Column("Longueur", len)}, length=2)
    rows = ["bb", "a", "cc", "ddd", "e"]

    def pages(sort: str) -> list[list[str]]:
        return [words.page_of_rows(rows, PageRequest(number, sort)).items for number in (1, 2, 3)]

    assert pages("") == [["bb", "a"], ["cc", "ddd"], ["e"]]
    assert pages("length") == [["a", "e"], ["bb", "cc"], ["ddd"]]
    assert pages("-length") == [["ddd", "bb"], ["cc", "a"], ["e"]]
    assert words.page_of_rows(rows, PageRequest(9)).items == ["e"]


def test_a_click_on_a_heading_sorts_by_it_then_turns_the_order() -> None:
    def clicked(sort: str) -> tuple[str, str]:
        page = ENTRIES.page_of_rows([], PageRequest(1, sort))
        return page.direction("at"), page.next_sort("at")

    assert clicked("") == ("descending", "at")
    assert clicked("at") == ("ascending", "-at")
    assert clicked("subject") == ("", "at")
