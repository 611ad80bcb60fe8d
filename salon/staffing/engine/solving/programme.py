"""A small integer programme, solved by CP-SAT to a proven optimum, the same each time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass

from ortools.sat.python import cp_model

Stop = Callable[[], bool]

POLLING = 0.05
"""Seconds between two looks at the stop button."""

EFFORT = 60.0
"""Search effort, in the solver's deterministic time (near a second)."""

NO_LIMIT = 10**9


@dataclass(frozen=True)
class Answer:
    """The best values found, or None, at `cost`; `bound`: the lower bound on the cost of any
    values; `work`: the effort it took.
    """

    values: list[int] | None
    bound: int
    cost: int = 0
    work: float = 0.0


class Programme:
    """An integer programme: minimise the costs of columns from 0 to their `upper`."""

    def __init__(self) -> None:
        self.model = cp_model.CpModel()
        self.columns: list[cp_model.IntVar] = []
        self.costs: list[int] = []
        self.least = 0
        """What the columns cost at least, whatever the rows."""

    def column(self, upper: int, cost: int) -> int:
        self.columns.append(self.model.new_int_var(0, upper, ""))
        self.costs.append(cost)
        self.least += min(0, cost) * upper
        return len(self.columns) - 1

    def row(
        self, columns: Sequence[int], low: int, high: int, coefficients: Sequence[int] = ()
    ) -> None:
        """Add `low` ≤ sum of coefficient × column ≤ `high`."""
        weights = coefficients or [1] * len(columns)
        chosen = [self.columns[column] for column in columns]
        total = cp_model.LinearExpr.weighted_sum(chosen, weights)
        self.model.add_linear_constraint(total, low, high)

    def solve(
        self,
        stop: Stop,
        effort: float = EFFORT,
        start: Sequence[int] = (),
        most: int | None = None,
        is_brief: bool = False,
    ) -> Answer:
        """Return an optimum, proven when its cost is the bound; when stopped, the best so far.

        `start`: values of the first columns to begin from, known to cost `most`;
        `is_brief`: without the presolve that only a long search pays back.
        """
        if stop():
            return Answer(None, self.least)
        total = cp_model.LinearExpr.weighted_sum(self.columns, self.costs)
        self.model.minimize(total)
        if most is not None:
            self.model.add(total <= most)
        for column, value in zip(self.columns, start, strict=False):
            self.model.add_hint(column, value)
        solver = cp_model.CpSolver()
        solver.parameters.random_seed = 1
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = effort
        solver.parameters.linearization_level = 2
        if is_brief:
            solver.parameters.cp_model_probing_level = 0
            solver.parameters.symmetry_level = 0
        status = _watched(solver, self.model, stop)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, self.least, work=solver.response_proto.deterministic_time)
        values = [solver.value(column) for column in self.columns]
        bound = max(self.least, round(solver.best_objective_bound))
        cost, work = round(solver.objective_value), solver.response_proto.deterministic_time
        return Answer(values, bound, cost, work)


def _watched(
    solver: cp_model.CpSolver, model: cp_model.CpModel, stop: Stop
) -> cp_model.CpSolverStatus:
    """Solve in another thread, while the caller's thread looks at `stop`."""
    with ThreadPoolExecutor(1) as beside:
        future = beside.submit(solver.solve, model)
        while True:
            try:
                return future.result(timeout=POLLING)
            except NotYet:
                if stop():
                    solver.stop_search()
            except BaseException:
                solver.stop_search()
                raise
