"""A small integer programme, solved to a proven optimum and always the same way.

Its linear relaxation almost always has a whole optimum here, found at once. Where it has not,
the optimum nearest to the rounded one is taken, again and again while fewer agents are split
(the feasibility pump); then those that are whole are kept and the rest is searched; and last, all
of it. The bound does not rest on floating point: it is recomputed in whole numbers from the
multipliers of the relaxation.
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
"""Multipliers are rounded to this part of one: every denominator up to 16 divides it."""

OUTWEIGHS = 1_000
"""How much a true cost outweighs a column away from given values."""

NEAR_EFFORT = 10.0
LAST_EFFORT = 60.0
"""How long to search, in the solver's units of work (near a second, but always the same)."""

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
    """Columns are whole numbers from 0 to `upper`; `costs` is to be made small.

    `groups`: for each column, what it is kept or searched with.
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
            <= sum(k * values[c] for c, k in zip(row.columns, row.coefficients, strict=True))
            <= row.high
            for row in self.rows
        )

    def bound(self, multipliers: Sequence[float]) -> int:
        """What no solution can cost less than, whatever the multipliers of the rows; exact."""
        reduced = [cost * SCALE for cost in self.costs]
        total = 0
        for row, multiplier in zip(self.rows, multipliers, strict=True):
            weight = round(multiplier * SCALE)
            side = row.low if weight > 0 else row.high
            if not weight or abs(side) >= NO_LIMIT:
                continue
            total += weight * side
            for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                reduced[column] -= weight * coefficient
        total += sum(min(0, one) * upper for one, upper in zip(reduced, self.upper, strict=True))
        return -(-total // SCALE)


@dataclass(frozen=True)
class Answer:
    """The best values found, or None; `bound`: what no values can cost less than."""

    values: list[int] | None
    bound: int


def solve(programme: Programme, stop: Stop) -> Answer:
    """An optimum, proven when its cost is the bound. Stopped, the best so far."""
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
    """The search, when no relaxation was whole: near the best of them, then everywhere."""
    hints, found = None, None
    if relaxed is not None:
        hints = _whole(relaxed)
        split = _split(programme, relaxed)
        kept = {c: hints[c] for c, group in enumerate(programme.groups) if group not in split}
        found = _search(programme, bound, kept, hints, NEAR_EFFORT, stop).values
        if found is not None and programme.cost(found) <= bound:
            return Answer(found, bound)
    last = _search(programme, bound, {}, found or hints or [], LAST_EFFORT, stop)
    both = [values for values in (last.values, found) if values is not None]
    return Answer(min(both, key=programme.cost, default=None), last.bound)


def _whole(relaxed: Sequence[float]) -> list[int]:
    return [int(value + WHOLE) for value in relaxed]


def _split(programme: Programme, relaxed: Sequence[float]) -> set[int]:
    """The groups where a column is not whole."""
    return {
        group
        for group, value in zip(programme.groups, relaxed, strict=True)
        if abs(value - round(value)) > WHOLE
    }


def _relax(
    programme: Programme, stop: Stop, near: Sequence[float] | None = None
) -> tuple[list[float] | None, int]:
    """An optimum of the relaxation and its bound; among the optima, one `near` given values."""
    model = model_builder.Model()
    columns = [model.new_num_var(0, upper, "") for upper in programme.upper]
    rows = [
        model.add_linear_constraint(
            model_builder.LinearExpr.weighted_sum(
                [columns[c] for c in row.columns], [float(k) for k in row.coefficients]
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
    kept: dict[int, int],
    hints: Sequence[int],
    effort: float,
    stop: Stop,
) -> Answer:
    """The best found while some columns are kept; `bound` holds for those that keep them."""
    if stop():
        return Answer(None, bound)
    model = cp_model.CpModel()
    columns = [
        model.new_int_var(kept.get(c, 0), kept.get(c, upper), "")
        for c, upper in enumerate(programme.upper)
    ]
    for row in programme.rows:
        model.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum([columns[c] for c in row.columns], row.coefficients),
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


def _watched(solve: Callable[[], Any], halt: Callable[[], None], stop: Stop) -> Any:
    """What `solve` gives; it runs beside, so that the caller's own thread asks `stop`."""
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
