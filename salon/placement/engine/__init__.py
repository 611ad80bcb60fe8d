"""Propose a stand for each exhibitor: shelf packing by constraint programming, then exchanges.

Pure: no database, no web. `solve(problem)` cuts the free floor into rows (shelves), assigns halls,
then rows, with two CP-SAT models, lays the stands out and improves the plan by pairwise exchange.
Deterministic. Two new stands of a row touch; everything else is an aisle apart along one axis.

Lodi, Martello & Monaci (2002), Two-dimensional packing problems: A survey, EJOR 141(2).
"""

from salon.placement.engine.fitting import corners_of, rank_stands, shortfalls_of
from salon.placement.engine.problem import (
    DrawnStand,
    Plan,
    Problem,
    ProposedStand,
    Room,
    Unplaced,
    Wishes,
    suits,
)
from salon.placement.engine.solving import solve
