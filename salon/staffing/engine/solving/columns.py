"""Restricted master problem of the column generation, over whole schedules of agents.

Method: Desaulniers, Desrosiers & Solomon (2005), Column Generation. A column is a schedule that the
agents of a profile may have. Only the linking constraints of the stands tie columns together:
minimum, wished number, maximum, and required themes. Their dual prices value each half hour; at any
dual prices the sum of the cheapest schedules is a lower bound on the cost of any rota (Lagrangian
bound), computed here in whole numbers: nothing rests on floating point.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from math import inf

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]

from salon.staffing.engine.solving.days import Numbers
from salon.staffing.engine.solving.presence import Need, Presence
from salon.staffing.engine.solving.pricing import (
    AgentSchedule,
    PricingProblem,
    PricingResult,
    places_of,
    profiles_of,
)
from salon.staffing.engine.solving.problem import FREE, Problem, Weights
from salon.staffing.engine.solving.scoring import row_cost

SCALE = 1000
"""Dual prices are rounded to this fraction of one."""


@dataclass(frozen=True)
class DualPrices:
    """Dual prices, times SCALE: of each stand and half hour, of each theme's place, of the total
    missing, and of the total of changes.
    """

    needs: Numbers
    places: Numbers
    missing: int
    changed: int

    def towards(self, target: "DualPrices", share: float) -> "DualPrices":
        """Return these prices moved by `share` of the way to `target`."""

        def mixed(first: Numbers, second: Numbers) -> Numbers:
            return np.rint(first + (second - first) * share).astype(np.int64)

        return DualPrices(
            mixed(self.needs, target.needs),
            mixed(self.places, target.places),
            round(self.missing + (target.missing - self.missing) * share),
            round(self.changed + (target.changed - self.changed) * share),
        )


@dataclass(frozen=True)
class Column:
    profile: int
    row: AgentSchedule


class RestrictedMaster:
    """The restricted master problem of some agents, while the others keep their schedules.

    `missing` is the most that may lack in all, `changed` the most cells that may differ from the
    previous rota, those of the others included. A linking constraint may be broken at the cost
    `forbidding`: the programme always has a solution. `able` counts the agents who can hold each
    stand at each half hour; `certain` is the cost of the needs that none of them can meet.
    """

    def __init__(
        self, problem: Problem, workers: Sequence[int], beside: Presence, missing: int, changed: int
    ) -> None:
        self.problem = problem
        self.missing = missing
        self.changed = changed
        self.profiles = profiles_of(problem, workers)
        self.profile_of = {
            worker: profile_number
            for profile_number, profile in enumerate(self.profiles)
            for worker in profile.workers
        }
        self.pricing = PricingProblem(problem, self.profiles, SCALE)
        self._length = problem.length
        self.able = [[0] * problem.length for _ in problem.posts]
        for profile in self.profiles:
            for post in profile.posts:
                for at in range(problem.length):
                    if problem.can_hold(profile.model, post, at):
                        self.able[post][at] += len(profile.workers)
        self.needs, self.certain = self._tied(beside.needs(missing))
        self._posts = np.array([need.post for need in self.needs], dtype=np.int64)
        self._times = np.array([need.at for need in self.needs], dtype=np.int64)
        self._number = {
            (need.post, need.at): need_number for need_number, need in enumerate(self.needs)
        }
        self.places = places_of(problem)
        self.is_open = np.array([not beside.answers(*place) for place in self.places], dtype=bool)
        self._placed: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place_number, (post, at, theme) in enumerate(self.places):
            if self.is_open[place_number]:
                self._placed.setdefault((post, at), []).append((theme, place_number))
        self.columns: list[Column] = []
        self.costs: list[int] = []
        self.index: dict[Column, int] = {}
        self._variables: list[pywraplp.Variable] = []
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._is_fixed = False
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()
        self.forbidding = 50 * (
            1 + max(getattr(problem.weights, weight.name) for weight in fields(Weights))
        )
        self._build()

    def _tied(self, needs: Sequence[Need]) -> tuple[list[Need], int]:
        """Return the needs that the agents can meet or that may count as missing, and the constant
        cost of the others.
        """
        tied, certain = [], 0
        for need in needs:
            if self.able[need.post][need.at] or any(
                shortfall.is_missing for shortfall in need.short
            ):
                tied.append(need)
            else:
                certain += sum(shortfall.most * shortfall.cost for shortfall in need.short)
        return tied, certain

    def _build(self) -> None:
        solver = self._solver
        self._of_profile = [
            solver.Constraint(len(profile.workers), len(profile.workers))
            for profile in self.profiles
        ]
        self._of_need = [solver.Constraint(need.full, need.full) for need in self.needs]
        self._of_place = [solver.Constraint(int(is_open), inf) for is_open in self.is_open]
        self._of_missing = solver.Constraint(-inf, self.missing) if self.missing else None
        self._of_changed = None
        if self.problem.previous is not None:
            self._of_changed = solver.Constraint(-inf, self.changed)
            self._slack(self._of_changed, inf, self.forbidding, -1)
        for tie, need in zip(self._of_need, self.needs, strict=True):
            is_room_ample = need.full + need.spare >= self.able[need.post][need.at]
            self._slack(tie, inf if is_room_ample else need.spare, 0, -1)
            if not is_room_ample:
                self._slack(tie, inf, self.forbidding, -1)
            self._slack(tie, inf, self.forbidding, 1)
            for shortfall in need.short:
                variable = self._slack(tie, shortfall.most, shortfall.cost, 1, shortfall.least)
                if shortfall.is_missing and self._of_missing is not None:
                    self._of_missing.SetCoefficient(variable, 1)
        for place_number, tie in enumerate(self._of_place):
            if self.is_open[place_number]:
                self._slack(tie, inf, self.forbidding, 1)
                if self._of_missing is not None:
                    self._of_missing.SetCoefficient(self._slack(tie, 1, 0, 1), 1)

    def _slack(
        self, tie: pywraplp.Constraint, most: float, cost: int, sign: int, least: int = 0
    ) -> pywraplp.Variable:
        variable = self._solver.NumVar(least, most, "")
        tie.SetCoefficient(variable, sign)
        self._objective.SetCoefficient(variable, cost)
        return variable

    def add(self, profile: int, row: AgentSchedule) -> bool:
        """Add a column unless it is there already; return whether it was added."""
        column = Column(profile, row)
        if column in self.index:
            return False
        self.index[column] = len(self.columns)
        cost = row_cost(self.problem, self.profiles[profile].model, row)
        variable = self._solver.NumVar(0, inf, "")
        self._objective.SetCoefficient(variable, cost)
        self._of_profile[profile].SetCoefficient(variable, 1)
        for need_number, place_number in self.ties(column):
            (
                self._of_need[need_number] if place_number < 0 else self._of_place[place_number]
            ).SetCoefficient(variable, 1)
        if self._of_changed is not None:
            self._of_changed.SetCoefficient(variable, self.changes(column))
        self.columns.append(column)
        self.costs.append(cost)
        self._variables.append(variable)
        return True

    def ties(self, column: Column) -> Iterator[tuple[int, int]]:
        """Yield the linking constraints of a column: (need, -1) for each half hour on a stand,
        (need, place) for each theme answered there.
        """
        themes = self.profiles[column.profile].themes
        for at, post in enumerate(column.row):
            if post != FREE:
                need_number = self._number[post, at]
                yield need_number, -1
                for theme, place_number in self._placed.get((post, at), ()):
                    if theme in themes:
                        yield need_number, place_number

    def changes(self, column: Column) -> int:
        if self.problem.previous is None:
            return 0
        before = self.problem.previous[self.profiles[column.profile].model]
        return sum(new != old for new, old in zip(column.row, before, strict=True))

    def fix_at_least(self, column: int, count: int) -> None:
        """Fix that at least that many agents have that schedule from now on."""
        self._variables[column].SetLb(count)
        self._is_fixed = True

    def solve(self) -> float | None:
        """Return the value of the programme over its columns; None when it has no optimum.

        Presolve would forget the last solution, from which the next one is a few steps away: of the
        primal simplex after new columns, of the dual one after some were fixed.
        """
        self._solver.SetSolverSpecificParametersAsString(
            f"use_preprocessing:false use_dual_simplex:{str(self._is_fixed).lower()}"
        )
        self._is_fixed = False
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        return float(self._objective.Value()) + self.certain

    def values(self) -> list[float]:
        return [float(variable.solution_value()) for variable in self._variables]

    def dual_prices(self) -> DualPrices:
        def scaled(ties: Sequence[pywraplp.Constraint]) -> Numbers:
            values = np.array([tie.dual_value() for tie in ties], dtype=float)
            rounded: Numbers = np.rint(values * SCALE).astype(np.int64)
            return rounded

        missing = scaled([self._of_missing])[0] if self._of_missing is not None else 0
        changed = scaled([self._of_changed])[0] if self._of_changed is not None else 0
        needs = np.zeros((len(self.problem.posts), self._length), dtype=np.int64)
        needs[self._posts, self._times] = scaled(self._of_need)
        return DualPrices(
            needs,
            np.maximum(0, scaled(self._of_place)) * self.is_open,
            max(0, -int(missing)),
            max(0, -int(changed)),
        )

    def solve_pricing(self, prices: DualPrices) -> tuple[int, PricingResult]:
        """Return the lower bound that these dual prices prove, times SCALE, and the cheapest
        schedules.
        """
        of_places = prices.places * self.is_open
        priced = self.pricing.best(-prices.needs, -of_places, prices.changed)
        bound = self.certain * SCALE + sum(
            int(value) * len(profile.workers)
            for value, profile in zip(priced.values, self.profiles, strict=True)
        )
        for need in self.needs:
            bound += _least(need, int(prices.needs[need.post, need.at]), prices.missing)
        lacking = np.minimum(0, prices.missing - of_places) * self.is_open if self.missing else 0
        bound += int((of_places + lacking).sum())
        bound -= prices.missing * self.missing + prices.changed * self.changed
        return bound, priced

    def reduced_cost(self, column: int, prices: DualPrices) -> int:
        """Return the reduced cost of a column at these dual prices, times SCALE."""
        value = self.costs[column] * SCALE + self.changes(self.columns[column]) * prices.changed
        for need_number, place_number in self.ties(self.columns[column]):
            need = self.needs[need_number]
            value -= int(
                prices.needs[need.post, need.at]
                if place_number < 0
                else prices.places[place_number]
            )
        return value


def _least(need: Need, price: int, missing: int) -> int:
    """Return the least cost of a need when each agent there is paid that price."""
    total = price * need.full + min(0, price) * need.spare
    for shortfall in need.short:
        unit_cost = shortfall.cost * SCALE - price + missing * shortfall.is_missing
        total += unit_cost * (shortfall.most if unit_cost < 0 else shortfall.least)
    return total
