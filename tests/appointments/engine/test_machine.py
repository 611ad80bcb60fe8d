"""Any sequence of what visitors, agents, coordinators and the worker do keeps what must hold."""

import os
import shutil
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import Choice
from salon.fair.models import Edition
from salon.platform.database.db import current_session, db
from tests.appointments.engine.machine import Machine, make_small_fair
from tests.appointments.engine.made import WORDS
from tests.appointments.engine.watching import moment
from tests.appointments.make import PUBLIC, make_fair, make_visitor
from tests.factories import new_key

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))


def test_any_sequence_keeps_what_must_hold(app: Flask, edition: Edition, tmp_path: Path) -> None:
    Machine.fair = make_small_fair(edition)
    file, first_copy = tmp_path / "salon.sqlite", tmp_path / "first.sqlite"
    current_session().rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    shutil.copy(file, first_copy)

    def restore() -> None:
        current_session().rollback()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copy(first_copy, file)

    Machine.restore = staticmethod(restore)  # type: ignore[assignment]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("count", [0, 1])
def test_a_moment_sees_what_is_written(app: Flask, edition: Edition, count: int) -> None:
    fair = make_fair(edition)
    before = moment()
    for _ in range(count):
        book_slot(
            edition,
            Choice(fair.theme_id(), fair.at(9)),
            make_visitor(edition).id,
            WORDS,
            new_key(),
            PUBLIC,
            fair.before,
        )
    assert (moment().appointments == before.appointments) == (count == 0)
