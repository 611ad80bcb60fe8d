"""What the solver leaves free whatever lacks: the weekly rest."""

from datetime import timedelta
from itertools import pairwise

import pytest

from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.limits import Limits
from tests.staffing.solving.instances import make_post, make_problem, make_worker

LATE_WEEK = tuple((day, "9:00", 28) for day in range(4, 11))
"""From 9 to 23 h, each day from a Monday to the Sunday."""


def test_a_day_off_is_thirty_five_hours_with_the_evening_before() -> None:
    length = 7 * 28
    agents = [make_worker(availability=[(0, length)], length=length) for _ in LATE_WEEK]
    problem = make_problem([make_post(length=length)], agents, LATE_WEEK)
    off_in_the_week = Limits(problem).resting[1:-1]
    for resting in off_in_the_week:
        working = [start for at, start in enumerate(problem.starts) if at not in resting]
        rests = [start - end - HALF_HOUR for end, start in pairwise(working)]
        assert max(rests) == timedelta(hours=35)
    assert len(set(off_in_the_week)) == 5


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(range(27), id="until the first evening"),
        pytest.param(range(3 * 28, 4 * 28 - 1), id="from a night to the next evening"),
        pytest.param(range(6 * 28 + 1, 7 * 28), id="from the last morning"),
    ],
)
def test_an_agent_with_shifts_every_day_rests_as_long_as_they_allow(rest: range) -> None:
    length = 7 * 28
    shifts = {(0, at): 0 for at in range(length) if at not in rest}
    agent = make_worker(availability=[(0, length)], length=length)
    problem = make_problem([make_post(length=length)], [agent], LATE_WEEK, fixed=shifts)
    assert Limits(problem).resting == [frozenset(rest)]
