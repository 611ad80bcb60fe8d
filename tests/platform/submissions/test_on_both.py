"""A form sent several times has one effect, on SQLite and on PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.fair.models import Edition
from salon.platform.database.db import (
    current_session,
    transaction,
)
from salon.platform.database.submissions import (
    Submission,
    SubmissionDiffers,
    claim_submission,
    earlier_row,
    settle_submission,
)
from tests.factories import new_key
from tests.races import race


def submit(key: str, content: dict[str, str], result: str) -> str:
    with transaction() as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return earlier
        settle_submission(session, key, result)
    return result


def test_a_form_sent_twice_leads_to_the_same_page(app: Flask) -> None:
    key = new_key()
    assert submit(key, {"a": "1"}, "/first") == "/first"
    assert submit(key, {"a": "1"}, "/second") == "/first"


def test_the_same_key_with_another_content_is_refused(app: Flask) -> None:
    key = new_key()
    submit(key, {"a": "1"}, "/first")
    with pytest.raises(SubmissionDiffers):
        submit(key, {"a": "2"}, "/second")


def test_a_second_sending_gets_the_row_of_the_first(app: Flask, edition: Edition) -> None:
    key, content = new_key(), {"a": "1"}
    with transaction() as session:
        assert earlier_row(session, Edition, key, content) is None
        settle_submission(session, key, str(edition.id))
    with transaction() as session:
        assert earlier_row(session, Edition, key, content) is edition


def test_what_no_form_sent_is_always_new(app: Flask) -> None:
    assert [submit("", {"a": "1"}, result) for result in ("/1", "/2")] == ["/1", "/2"]


@pytest.mark.race
def test_twenty_sendings_at_once_have_one_effect(app: Flask) -> None:
    key = new_key()
    calls = [lambda number=number: submit(key, {"a": "1"}, f"/{number}") for number in range(20)]
    assert len(set(race(app, calls))) == 1
    assert len(current_session().scalars(select(Submission)).all()) == 1
