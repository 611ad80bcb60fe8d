"""Chooses one row for each agent among columns that are there: by dives, then by CP-SAT."""

from collections.abc import Callable, Mapping, Sequence

from ortools.sat.python import cp_model

from salon.staffing.engine.solving.columns import Master
from salon.staffing.engine.solving.presence import Need
from salon.staffing.engine.solving.pricing import Row
from salon.staffing.engine.solving.relaxing import converge

Stop = Callable[[], bool]
Rows = dict[int, Row]
"""The row of each agent."""

WHOLE = 1e-6
SURE = 0.6
"""What is chosen to that degree is kept, as long as not too many are at once."""
AT_ONCE = 10
"""One in that many of the agents left are kept at once."""
STEPS = 3
"""Solutions of the programme after each choice."""


def dive(master: Master, stop: Stop) -> Rows | None:
    """Keeps the rows that the programme likes best, a few at a time, and lets it find others for
    the agents left. The programme is solved already; the rows it was made to keep stay so."""
    kept: dict[int, int] = {}
    whole = [len(one.workers) for one in master.profiles]
    while sum(kept.values()) < sum(whole):
        left = list(whole)
        for column, count in kept.items():
            left[master.columns[column].profile] -= count
        chosen = _likeliest(master, kept, left)
        for column, count in chosen.items():
            left[master.columns[column].profile] -= count
            kept[column] = kept.get(column, 0) + count
            master.keep(column, kept[column])
        if stop() or not chosen:
            return None
        if sum(kept.values()) < sum(whole):
            growing = [g for g, count in enumerate(left) if count]
            converge(master, None, STEPS, stop, profiles=growing)
            if master.solve() is None:
                return None
    return _rows(master, kept)


def _likeliest(master: Master, kept: Mapping[int, int], left: list[int]) -> dict[int, int]:
    shares = []
    for column, value in enumerate(master.values()):
        share = value - kept.get(column, 0)
        if share > WHOLE and left[master.columns[column].profile]:
            shares.append((-min(share, 1.0), column, int(share + WHOLE)))
    shares.sort()
    chosen: dict[int, int] = {}
    left = list(left)
    most = max(1, sum(left) // AT_ONCE)
    for share, column, count in shares:
        is_whole = -share > 1 - WHOLE
        if chosen and not is_whole and (-share < SURE or len(chosen) >= most):
            break
        profile = master.columns[column].profile
        taken = min(left[profile], max(1, count))
        if taken:
            chosen[column] = taken
            left[profile] -= taken
    return chosen


def _rows(master: Master, kept: Mapping[int, int]) -> Rows:
    waiting = [list(one.workers) for one in master.profiles]
    rows = {}
    for column, count in sorted(kept.items()):
        for _ in range(count):
            rows[waiting[master.columns[column].profile].pop(0)] = master.columns[column].row
    return rows


def choose(
    master: Master, columns: Sequence[int], hint: Mapping[int, int], effort: float, below: int
) -> Rows | None:
    """The cheapest rows among these columns, or those that the effort finds.

    `hint`: how many agents have each column now; `effort` is CP-SAT's measure of work, the same
    on all machines; only what costs less than `below` is returned.
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
    return _rows(master, {c: solver.value(used) for c, used in choice.used.items()})


class _Choice:
    """The whole numbers of a programme over columns: how many agents have each."""

    def __init__(self, master: Master, columns: Sequence[int], hint: Mapping[int, int]) -> None:
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
            for n, k in master.ties(master.columns[column]):
                (of_need[n] if k < 0 else of_place[k]).append(used)
        for one, here in zip(master.profiles, of_profile, strict=True):
            self.model.add(sum(here) == len(one.workers))
        for need, here in zip(master.needs, of_need, strict=True):
            self._meet(need, here)
        for is_open, here in zip(master.is_open, of_place, strict=True):
            if is_open:
                absent = [self.model.new_bool_var("")] if master.missing else []
                self.lacking += absent
                self.model.add(sum([*here, *absent]) >= 1)

    def _meet(self, need: Need, here: list[cp_model.IntVar]) -> None:
        short = [self.model.new_int_var(one.least, one.most, "") for one in need.short]
        for one, lacks in zip(need.short, short, strict=True):
            self.terms.append(one.cost * lacks)
            if one.is_missing:
                self.lacking.append(lacks)
        if here or short:
            self.model.add_linear_constraint(
                sum([*here, *short]), need.full, need.full + need.spare
            )
