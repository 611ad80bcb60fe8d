"""The database of a test as it was at one moment, put back as often as it draws a sequence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from salon.platform.database.db import current_session, db
from tests.postgres import Slate


def keep_database(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Keep what the database of this test holds now, and return what puts it back."""
    current_session().rollback()
    put_back = _keep_slate(request) if db.engine.dialect.name == "postgresql" else _keep_file()

    def restore() -> None:
        current_session().rollback()
        current_session().expire_all()
        db.engine.dispose()
        put_back()

    return restore


def _keep_slate(request: pytest.FixtureRequest) -> Callable[[], None]:
    slate: Slate = request.getfixturevalue("slate")
    db.engine.dispose()
    slate.keep()
    request.addfinalizer(slate.forget)
    return slate.put_back


def _keep_file() -> Callable[[], None]:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    file = Path(db.engine.url.database or "")
    copy = file.with_suffix(".kept")
    shutil.copy(file, copy)

    def put_back() -> None:
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copy(copy, file)

    return put_back
