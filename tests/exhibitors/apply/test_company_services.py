"""Companies looked up, and what is kept of the answers."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import (
    CompanyRecord,
)
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry, note
from tests.badges.people import all_of
from tests.exhibitors.apply.company_server import LIGHTING, TOWN, CompanyServer
from tests.exhibitors.apply.drafts import NOW, PUBLIC, ask
from tests.journal import SampleAction
from tests.races import race

# Look-ups


def test_a_company_is_asked_for_once_a_day(edition: Edition, search: CompanyServer) -> None:
    result = ask(search)
    assert result is not None
    assert ask(search, now=NOW + timedelta(hours=23)) == result
    assert len(search.asked) == 1
    ask(search, now=NOW + timedelta(hours=24))
    assert len(search.asked) == 2


@pytest.mark.on_both
def test_what_was_known_stands_in_for_a_search_that_fails(
    edition: Edition, search: CompanyServer
) -> None:
    result = ask(search)
    search.will_say(500, b"")
    assert ask(search, now=NOW + timedelta(days=3)) == result
    assert ask(search, siret=TOWN) is None


def test_not_found_is_never_kept_as_found(edition: Edition, search: CompanyServer) -> None:
    search.will_say(200, b'{"results": []}')
    assert ask(search) is None
    assert current_session().get(CompanyRecord, LIGHTING) is None
    search.mode = "search"
    assert ask(search) is not None


def test_a_record_holds_no_more_than_the_company(edition: Edition, search: CompanyServer) -> None:
    ask(search)
    record = current_session().get_one(CompanyRecord, LIGHTING)
    assert sorted(record.answer) == [
        *("activity", "address", "city", "is_closed", "kind"),
        *("legal_name", "postal_code", "siret", "trade_name"),
    ]


@pytest.mark.race
def test_two_who_ask_at_once_keep_one_record(
    app: Flask, edition: Edition, search: CompanyServer
) -> None:
    first, second = race(app, [lambda: ask(search), lambda: ask(search)])
    assert first == second
    current_session().expire_all()
    assert [
        company_record.siret for company_record in current_session().scalars(select(CompanyRecord))
    ] == [LIGHTING]


@pytest.mark.on_both
def test_the_search_is_asked_outside_any_transaction(
    app: Flask, edition: Edition, search: CompanyServer
) -> None:
    """A search that hangs holds no lock: another writes meanwhile."""
    search.mode = "hang"

    results = race(
        app, [lambda: ask(search, timeout=0.4), lambda: note(PUBLIC, SampleAction.WROTE)]
    )
    assert results == [None, None]
    assert [entry.action for entry in all_of(JournalEntry)] == [SampleAction.WROTE]
