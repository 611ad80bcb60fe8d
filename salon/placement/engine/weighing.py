"""Weights of the wishes, and how a CP-SAT model is solved.

One worker, bounded by deterministic time: the same problem gives the same answer on any machine.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, LinearExpr

PLACED, HALL, CORNER, NEAR, APART, PAVILION, RIVALS, THEME = 1000, 60, 80, 25, 30, 12, 8, 2
SEED = 34


def group_penalties(
    model: "CpModel", groups: "Sequence[Sequence[LinearExpr | int]]", cost: int
) -> "list[LinearExpr]":
    """Return one penalty term for each group that has a member."""
    costs: list[LinearExpr] = []
    for variables in groups:
        if not variables:
            continue
        used = model.new_bool_var("")
        model.add(sum(variables) <= len(variables) * used)
        costs.append(-cost * used)
    return costs


def solve_model(model: "CpModel", seconds: float) -> "CpSolver | None":
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = seconds
    status = solver.solve(model)
    return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
