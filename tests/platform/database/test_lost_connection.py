"""PostgreSQL ends while an answer is being made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from salon.platform.database.db import current_session, db
from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.postgres import Slate

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(slate: Slate, tmp_path: Path) -> Iterator[Settings]:
    yield settings_for(tmp_path, slate.url)
    slate.clean()


@pytest.mark.parametrize("reads_again", [False, True])
def test_an_answer_outlives_the_connection_that_it_was_read_by(
    app: Flask, reads_again: bool
) -> None:
    """The end of the session cannot be said to a server that has gone: the answer stands."""
    with app.app_context():
        process = current_session().scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as connection, connection.begin():
            ended = text("SELECT pg_terminate_backend(:process, 5000)")
            assert connection.scalar(ended, {"process": process})
        if reads_again:
            with pytest.raises(OperationalError):
                current_session().scalar(text("SELECT 1"))
    with app.app_context():
        assert current_session().scalar(text("SELECT 1")) == 1
