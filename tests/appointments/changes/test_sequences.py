"""Any sequence of changes and undoings ends where the acts that still stand would end."""

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.fair.models import Edition
from tests.appointments.changes.acts import make_two_days
from tests.appointments.changes.machine import Machine
from tests.restoring import keep_database

pytestmark = pytest.mark.long

SEQUENCES = int(os.environ.get("CHANGE_SEQUENCES", "15"))
"""How many are drawn; 2,000 before a release."""


@pytest.mark.on_both
def test_any_sequence_ends_where_its_acts_end(
    app: Flask, edition: Edition, request: pytest.FixtureRequest
) -> None:
    Machine.organiser = make_two_days(edition)
    Machine.restore = staticmethod(keep_database(request))  # type: ignore[assignment]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
