"""Any sequence of acts on sales: every sum is the one that a model of its own arithmetic has."""

import os
import shutil
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.fair.models import Edition
from salon.platform.database.db import current_session, db
from tests.billing.sequences.machine import Machine
from tests.pages import PageClient

FEW = 20
SEQUENCES = int(os.environ.get("SALE_SEQUENCES", FEW))
"""How many are drawn; 1,000 before a release."""


def test_any_sequence_of_acts_keeps_every_sum(
    organiser: PageClient, edition: Edition, tmp_path: Path
) -> None:
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

    Machine.edition, Machine.client = edition, organiser
    Machine.sales, Machine.outcomes = [], Counter()
    Machine.restore = staticmethod(restore)  # type: ignore[assignment]
    Machine.reads_each_page = SEQUENCES > 5 * FEW
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    done = {name for name, is_allowed in Machine.outcomes if is_allowed}
    assert done >= {"bill", "pay", "credit", "credit_part", "add_option", "ask_deposit", "pay_back"}
