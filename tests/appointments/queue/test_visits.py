"""Agents busy with visits, from which the next edition starts. On SQLite and PostgreSQL."""

from datetime import time, timedelta

import pytest

from salon.appointments.queries.visits import measured_stands
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.platform.database.db import transaction
from tests.appointments.make import book, make_fair
from tests.appointments.queue.made_visits import receive
from tests.factories import make_edition
from tests.staffing.make import make_village


@pytest.mark.on_both
def test_visits_that_overlap_need_as_many_agents(edition: Edition) -> None:
    fair = make_fair(edition)
    stand = bodies_of(edition)[0].stand
    receive(
        stand,
        *[(fair.at(10), fair.at(10, 30))] * 3,
        (fair.at(10, 45), fair.at(11, 15)),
        (fair.at(14), fair.at(18)),
    )
    appointment = book(fair, at=fair.at(9))
    with transaction(appointment):
        appointment.arrived_at, appointment.closed_at = fair.at(9), fair.at(9, 20)
    [measured] = measured_stands(edition)
    assert (measured.body.stand_id, measured.visits) == (stand.id, 6)
    assert measured.busy == {
        (0, time(9)): 1,
        (0, time(10)): 3,
        (0, time(10, 30)): 1,
        (0, time(11)): 1,
        (0, time(14)): 1,
        (0, time(14, 30)): 1,
    }


@pytest.mark.on_both
def test_hours_are_those_of_the_clock_of_the_other_edition(edition: Edition) -> None:
    fair = make_fair(edition)
    receive(bodies_of(edition)[0].stand, *[(fair.at(10), fair.at(10, 20))] * 5)
    day = edition.days[0].day_on + timedelta(days=180)
    following = make_edition(day=day, is_current=False)
    [measured] = measured_stands(edition)
    assert measured.in_edition(following) == {make_village(following).at(10): 4}


def test_a_few_visits_say_nothing(edition: Edition) -> None:
    fair = make_fair(edition)
    receive(bodies_of(edition)[0].stand, *[(fair.at(10), fair.at(10, 20))] * 4)
    assert measured_stands(edition) == []
