"""Proposing a stand to each exhibitor: pure, knows neither the database nor the web.

`solve(problem)` cuts the free floor into rows, chooses halls and rows with CP-SAT, then lays the
stands out and exchanges equal ones until no neighbour is better. The same problem gives the same
plan. Two new stands of a row touch, and everything else is an aisle apart along one axis.
"""

from salon.exhibitors.engine.placing.fitting import best_first, corners_of, lacks
from salon.exhibitors.engine.placing.problem import (
    Drawn,
    Place,
    Plan,
    Problem,
    Room,
    Unplaced,
    Wishes,
    suits,
)
from salon.exhibitors.engine.placing.solving import solve

__all__ = [
    "Drawn",
    "Place",
    "Plan",
    "Problem",
    "Room",
    "Unplaced",
    "Wishes",
    "best_first",
    "corners_of",
    "lacks",
    "solve",
    "suits",
]
