"""Any sequence of what visitors, agents, coordinators and the worker do keeps what must hold."""

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import BookingAttempt, Choice
from salon.fair.models import Edition
from tests.appointments.engine.machine import Machine, make_small_fair
from tests.appointments.engine.made import WORDS
from tests.appointments.engine.watching import moment
from tests.appointments.make import PUBLIC, make_fair, make_visitor
from tests.factories import act_in, new_key
from tests.restoring import keep_database

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))


@pytest.mark.on_both
def test_any_sequence_keeps_what_must_hold(
    app: Flask, edition: Edition, request: pytest.FixtureRequest
) -> None:
    Machine.fair = make_small_fair(edition)
    Machine.restore = staticmethod(keep_database(request))  # type: ignore[assignment]
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
            act_in(edition, PUBLIC, fair.before),
            Choice(fair.theme_id(), fair.at(9)),
            make_visitor(edition).id,
            WORDS,
            BookingAttempt(new_key()),
        )
    assert (moment().appointments == before.appointments) == (count == 0)
