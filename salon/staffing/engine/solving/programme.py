"""Solve a small integer programme to a proven optimum, deterministically.

Its linear relaxation almost always has a whole optimum here, found at once. Otherwise the optimum
nearest to the rounded one is taken, again and again while fewer agents are split (the feasibility
pump: Fischetti, Glover & Lodi, 2005); then the whole ones are fixed and the rest is searched; and
last, all of it. The bound does not rest on floating point: it is recomputed in whole numbers from
the dual prices of the relaxation.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Any

from ortools.linear_solver.python import model_builder
from ortools.sat.python import cp_model

Stop = Callable[[], bool]

POLLING = 0.05
"""Seconds between two looks at the stop button."""

WHOLE = 1e-6

SCALE = 720_720
"""Dual prices are rounded to this fraction of one: every denominator up to 16 divides it."""

OUTWEIGHS = 1_000
"""The weight of a true cost against a column's distance from given values."""

NEAR_EFFORT = 10.0
LAST_EFFORT = 60.0
"""Search effort, in the solver's deterministic time (near a second)."""

NO_LIMIT = 10**9


@dataclass
class Row:
    """`low` ≤ sum of coefficient × column ≤ `high`."""

    low: int
    high: int
    columns: list[int]
    coefficients: list[int]


@dataclass
class Programme:
    """An integer programme: minimise `costs` over columns from 0 to `upper`.

    `groups`: for each column, the group with which it is fixed or searched.
    """

    upper: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, upper: int, cost: int, group: int) -> int:
        self.upper.append(upper)
        self.costs.append(cost)
        self.groups.append(group)
        return len(self.upper) - 1

    def row(
        self, columns: Sequence[int], low: int, high: int, coefficients: Sequence[int] = ()
    ) -> None:
        self.rows.append(Row(low, high, list(columns), list(coefficients or [1] * len(columns))))

    def cost(self, values: Sequence[int]) -> int:
        return sum(cost * value for cost, value in zip(self.costs, values, strict=True))

    def holds(self, values: Sequence[int]) -> bool:
        return all(
            row.low
            <= sum(
                coefficient * values[column]
                for column, coefficient in zip(row.columns, row.coefficients, strict=True)
            )
            <= row.high
            for row in self.rows
        )

    def bound(self, dual_prices: Sequence[float]) -> int:
        """Return the exact lower bound on the cost that these dual prices of the rows prove."""
        reduced = [cost * SCALE for cost in self.costs]
        total = 0
        for row, dual_price in zip(self.rows, dual_prices, strict=True):
            weight = round(dual_price * SCALE)
            side = row.low if weight > 0 else row.high
            if not weight or abs(side) >= NO_LIMIT:
                continue
            total += weight * side
            for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                reduced[column] -= weight * coefficient
        total += sum(min(0, cost) * upper for cost, upper in zip(reduced, self.upper, strict=True))
        return -(-total // SCALE)


@dataclass(frozen=True)
class Answer:
    """The best values found, or None; `bound`: the lower bound on the cost of any values."""

    values: list[int] | None
    bound: int


def solve(programme: Programme, stop: Stop) -> Answer:
    """Return an optimum, proven when its cost is the bound; when stopped, the best so far."""
    if stop():
        return Answer(None, programme.bound([0] * len(programme.rows)))
    relaxed, bound = _relax(programme, stop)
    best, fewest = relaxed, NO_LIMIT
    while relaxed is not None:
        values = _whole(relaxed)
        if programme.holds(values) and programme.cost(values) <= bound:
            return Answer(values, bound)
        split = len(_split(programme, relaxed))
        if split >= fewest:
            break
        best, fewest = relaxed, split
        relaxed, _ = _relax(programme, stop, near=relaxed)
    return _finish(programme, bound, best, stop)


def _finish(
    programme: Programme, bound: int, relaxed: Sequence[float] | None, stop: Stop
) -> Answer:
    """Search when no relaxation was whole: near the best of them, then everywhere."""
    hints, best = None, None
    if relaxed is not None:
        hints = _whole(relaxed)
        split = _split(programme, relaxed)
        fixed = {
            column: hints[column]
            for column, group in enumerate(programme.groups)
            if group not in split
        }
        best = _search(programme, bound, fixed, hints, NEAR_EFFORT, stop).values
        if best is not None and programme.cost(best) <= bound:
            return Answer(best, bound)
    last = _search(programme, bound, {}, best or hints or [], LAST_EFFORT, stop)
    solutions = [values for values in (last.values, best) if values is not None]
    return Answer(min(solutions, key=programme.cost, default=None), last.bound)


def _whole(relaxed: Sequence[float]) -> list[int]:
    return [int(value + WHOLE) for value in relaxed]


def _split(programme: Programme, relaxed: Sequence[float]) -> set[int]:
    """Return the groups where a column is not whole."""
    return {
        group
        for group, value in zip(programme.groups, relaxed, strict=True)
        if abs(value - round(value)) > WHOLE
    }


def _relax(
    programme: Programme, stop: Stop, near: Sequence[float] | None = None
) -> tuple[list[float] | None, int]:
    """Return an optimum of the relaxation and its bound; among the optima, the one nearest
    `near`.
    """
    model = model_builder.Model()
    columns = [model.new_num_var(0, upper, "") for upper in programme.upper]
    rows = [
        model.add_linear_constraint(
            model_builder.LinearExpr.weighted_sum(
                [columns[column] for column in row.columns],
                [float(coefficient) for coefficient in row.coefficients],
            ),
            row.low if row.low > -NO_LIMIT else -float("inf"),
            row.high if row.high < NO_LIMIT else float("inf"),
        )
        for row in programme.rows
    ]
    costs = programme.costs
    if near is not None:
        costs = [
            OUTWEIGHS * cost + (0 if upper > 1 else -1 if value >= 0.5 else 1)
            for cost, upper, value in zip(costs, programme.upper, near, strict=True)
        ]
    model.minimize(model_builder.LinearExpr.weighted_sum(columns, [float(cost) for cost in costs]))
    solver = model_builder.Solver("GLOP")
    status = _watched(lambda: solver.solve(model), solver.stop_search, stop)
    if status != model_builder.SolveStatus.OPTIMAL:
        return None, programme.bound([0.0] * len(rows))
    bound = programme.bound([solver.dual_value(row) for row in rows])
    return [solver.value(column) for column in columns], bound


def _search(
    programme: Programme,
    bound: int,
    fixed: dict[int, int],
    hints: Sequence[int],
    effort: float,
    stop: Stop,
) -> Answer:
    """Return the best values while some columns are fixed; `bound` holds for that restriction."""
    if stop():
        return Answer(None, bound)
    model = cp_model.CpModel()
    columns = [
        model.new_int_var(fixed.get(column_number, 0), fixed.get(column_number, upper), "")
        for column_number, upper in enumerate(programme.upper)
    ]
    for row in programme.rows:
        model.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum(
                [columns[column_number] for column_number in row.columns], row.coefficients
            ),
            max(row.low, -NO_LIMIT),
            min(row.high, NO_LIMIT),
        )
    total = cp_model.LinearExpr.weighted_sum(columns, programme.costs)
    model.add(total >= bound)
    model.minimize(total)
    for column, hint in zip(columns, hints, strict=False):
        model.add_hint(column, hint)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    status = _watched(lambda: solver.solve(model), solver.stop_search, stop)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound)
    values = [solver.value(column) for column in columns]
    return Answer(values, max(bound, round(solver.best_objective_bound)))


def _watched(solve: Callable[[], Any], halt: Callable[[], None], stop: Stop) -> object:
    """Return the result of `solve`, run in another thread so that the caller's thread polls
    `stop`.
    """
    with ThreadPoolExecutor(1) as beside:
        future = beside.submit(solve)
        while True:
            try:
                return future.result(timeout=POLLING)
            except NotYet:
                if stop():
                    halt()
            except BaseException:
                halt()
                raise
