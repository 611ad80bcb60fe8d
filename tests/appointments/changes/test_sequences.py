"""Any sequence of changes and undoings ends where the acts that still stand would end."""

import os
import shutil
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.fair.models import Edition
from salon.platform.database.db import current_session, db
from tests.appointments.changes.acts import make_two_days
from tests.appointments.changes.machine import Machine

pytestmark = pytest.mark.long

SEQUENCES = int(os.environ.get("CHANGE_SEQUENCES", "15"))
"""How many are drawn; 2,000 before a release."""


def test_any_sequence_ends_where_its_acts_end(app: Flask, edition: Edition, tmp_path: Path) -> None:
    Machine.organiser = make_two_days(edition)
    file, first_copy = tmp_path / "salon.sqlite", tmp_path / "first.sqlite"
    current_session().rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    shutil.copy(file, first_copy)

    def restore() -> None:
        current_session().rollback()
        current_session().expire_all()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copy(first_copy, file)

    Machine.restore = staticmethod(restore)  # type: ignore[assignment]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
