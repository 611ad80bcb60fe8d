"""Any sequence of acts on sales: every sum is the one that a model of its own arithmetic has."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.fair.models import Edition
from tests.billing.sequences.machine import Machine
from tests.pages import PageClient
from tests.restoring import keep_database

FEW = 20
SEQUENCES = int(os.environ.get("SALE_SEQUENCES", FEW))
"""How many are drawn; 1,000 before a release."""


@pytest.mark.on_both
def test_any_sequence_of_acts_keeps_every_sum(
    organiser: PageClient, edition: Edition, request: pytest.FixtureRequest
) -> None:
    Machine.edition, Machine.client = edition, organiser
    Machine.sales, Machine.outcomes = [], Counter()
    Machine.restore = staticmethod(keep_database(request))  # type: ignore[assignment]
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
    assert done >= {"bill", "pay", "credit", "add_option", "ask_deposit", "change_payer"}
    if Machine.reads_each_page:
        assert done >= {"quote_again", "cancel_fair", "credit_fair", "reinstate_fair", "bill_part"}
