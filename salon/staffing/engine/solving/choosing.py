"""Choose one schedule for each agent among the columns: by diving, then by CP-SAT."""

from collections.abc import Callable, Mapping, Sequence

from ortools.sat.python import cp_model

from salon.staffing.engine.solving.columns import RestrictedMaster
from salon.staffing.engine.solving.presence import Need
from salon.staffing.engine.solving.pricing import AgentSchedule
from salon.staffing.engine.solving.relaxing import Ending, converge

Stop = Callable[[], bool]
AgentSchedules = dict[int, AgentSchedule]
"""The schedule of each agent."""

WHOLE = 1e-6
FIX_FROM = 0.6
"""Columns with that value are fixed, as long as not too many are at once."""
AT_ONCE = 10
"""At most one in that many of the agents left is fixed at each step."""
STEPS = 3
"""Solutions of the programme after each choice."""


def dive(master: RestrictedMaster, stop: Stop) -> AgentSchedules | None:
    """Return whole schedules found by diving: fix the likeliest columns, a few at a time, and price
    new ones for the agents left.

    The master problem must be solved already; its fixed columns stay fixed. None when the dive
    fails.
    """
    fixed: dict[int, int] = {}
    whole = [len(profile.workers) for profile in master.profiles]
    while sum(fixed.values()) < sum(whole):
        left = list(whole)
        for column, count in fixed.items():
            left[master.columns[column].profile] -= count
        chosen = _likeliest(master, fixed, left)
        for column, count in chosen.items():
            left[master.columns[column].profile] -= count
            fixed[column] = fixed.get(column, 0) + count
            master.fix_at_least(column, fixed[column])
        if stop() or not chosen:
            return None
        if sum(fixed.values()) < sum(whole):
            growing = [profile for profile, count in enumerate(left) if count]
            converge(master, None, Ending(STEPS), stop, growing)
            if master.solve() is None:
                return None
    return _rows(master, fixed)


def _likeliest(
    master: RestrictedMaster, fixed: Mapping[int, int], left: list[int]
) -> dict[int, int]:
    shares = []
    for column, value in enumerate(master.values()):
        share = value - fixed.get(column, 0)
        if share > WHOLE and left[master.columns[column].profile]:
            shares.append((-min(share, 1.0), column, int(share + WHOLE)))
    shares.sort()
    chosen: dict[int, int] = {}
    left = list(left)
    most = max(1, sum(left) // AT_ONCE)
    for share, column, count in shares:
        is_whole = -share > 1 - WHOLE
        if chosen and not is_whole and (-share < FIX_FROM or len(chosen) >= most):
            break
        profile = master.columns[column].profile
        fixable = min(left[profile], max(1, count))
        if fixable:
            chosen[column] = fixable
            left[profile] -= fixable
    return chosen


def _rows(master: RestrictedMaster, counts: Mapping[int, int]) -> AgentSchedules:
    waiting = [list(profile.workers) for profile in master.profiles]
    rows = {}
    for column, count in sorted(counts.items()):
        for _ in range(count):
            rows[waiting[master.columns[column].profile].pop(0)] = master.columns[column].row
    return rows


def choose(
    master: RestrictedMaster,
    columns: Sequence[int],
    hint: Mapping[int, int],
    effort: float,
    below: int,
) -> AgentSchedules | None:
    """Return the cheapest schedules among these columns, or the best that the effort finds.

    `hint`: how many agents have each column now; `effort` is CP-SAT's measure of work, the same on
    all machines; only what costs less than `below` is returned.
    """
    choice = _Choice(master, columns, hint)
    choice.model.add(choice.total + master.certain < below)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(choice.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return _rows(master, {column: solver.value(used) for column, used in choice.used.items()})


class _Choice:
    """The integer programme over columns: how many agents have each."""

    def __init__(
        self, master: RestrictedMaster, columns: Sequence[int], hint: Mapping[int, int]
    ) -> None:
        self.master = master
        self.model = cp_model.CpModel()
        self.used: dict[int, cp_model.IntVar] = {}
        self.terms: list[cp_model.LinearExprT] = []
        self.lacking: list[cp_model.IntVar] = []
        for column in columns:
            most = len(master.profiles[master.columns[column].profile].workers)
            self.used[column] = self.model.new_int_var(0, most, "")
            self.model.add_hint(self.used[column], hint.get(column, 0))
            self.terms.append(master.costs[column] * self.used[column])
        self._tie()
        if self.lacking:
            self.model.add(sum(self.lacking) <= master.missing)
        if master.problem.previous is not None:
            changes = [
                master.changes(master.columns[column]) * used for column, used in self.used.items()
            ]
            self.model.add(sum(changes) <= master.changed)
        self.total = sum(self.terms)
        self.model.minimize(self.total)

    def _tie(self) -> None:
        master = self.master
        of_profile: list[list[cp_model.IntVar]] = [[] for _ in master.profiles]
        of_need: list[list[cp_model.IntVar]] = [[] for _ in master.needs]
        of_place: list[list[cp_model.IntVar]] = [[] for _ in master.places]
        for column, used in self.used.items():
            of_profile[master.columns[column].profile].append(used)
            for need_number, place_number in master.ties(master.columns[column]):
                (of_need[need_number] if place_number < 0 else of_place[place_number]).append(used)
        for group, variables in zip(master.profiles, of_profile, strict=True):
            self.model.add(sum(variables) == len(group.workers))
        for need, variables in zip(master.needs, of_need, strict=True):
            self._meet(need, variables)
        for is_open, variables in zip(master.is_open, of_place, strict=True):
            if is_open:
                absent = [self.model.new_bool_var("")] if master.missing else []
                self.lacking += absent
                self.model.add(sum([*variables, *absent]) >= 1)

    def _meet(self, need: Need, variables: list[cp_model.IntVar]) -> None:
        shortfalls = [
            self.model.new_int_var(shortfall.least, shortfall.most, "") for shortfall in need.short
        ]
        for shortfall, lacks in zip(need.short, shortfalls, strict=True):
            self.terms.append(shortfall.cost * lacks)
            if shortfall.is_missing:
                self.lacking.append(lacks)
        if variables or shortfalls:
            self.model.add_linear_constraint(
                sum([*variables, *shortfalls]), need.full, need.full + need.spare
            )
