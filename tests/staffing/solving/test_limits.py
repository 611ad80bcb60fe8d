"""What the solver leaves free whatever lacks: the weekly rest."""

from datetime import timedelta
from itertools import pairwise

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
