"""Lower the cost of the soft rules once cover is settled, with no more missing and no more changes.

Column generation gives a lower bound and dual prices (Desaulniers, Desrosiers & Solomon, 2005). A
dive through it gives a first rota, mended where it lacks more than the cover. Then teams of a few
agents are taken out of the rota and get the best schedules together, beside the others (large
neighbourhood search), until the bound is met or the work allowed is done; first by columns, then,
while the rota is far from the bound, by half hours (`polish.py`), at once where the relaxation did
not converge: columns are then too slow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from salon.staffing.engine.solving.choosing import AgentSchedules, choose, dive
from salon.staffing.engine.solving.columns import SCALE, Column, RestrictedMaster
from salon.staffing.engine.solving.cover import changed_of
from salon.staffing.engine.solving.descent import descend
from salon.staffing.engine.solving.polish import TeamSearch
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.relaxing import Ending, Relaxation, converge, subgradient_bound
from salon.staffing.engine.solving.scoring import cost_of, missing_of, over_maximum, row_cost

Stop = Callable[[], bool]
Report = Callable[[str, int, int | None], None]
"""Called with the stage, the cost and the bound each time either improves, and after each team of
the polish.
"""


@dataclass(frozen=True)
class SearchEffort:
    """How much to search: `rounds`, each for one team; fewer after `barren` rounds in a row without
    improvement. `polish`: the most work afterwards, in CP-SAT's measure, to come near the bound.
    """

    rounds: int
    barren: int
    polish: float = 0.0


@dataclass(frozen=True)
class ImprovedRota:
    rota: Rota
    cost: int
    bound: int | None


FIRST_STEPS = 60
MOST_STEPS = 150
TEAMS = (10, 14, 18)
"""Agents taken out of the rota together, in turn; of larger teams, CP-SAT seldom finds better."""
TEAM_STEPS = 40
CLOSE = 0.5
TEAM_EFFORT = 0.4
NEAR_BOUND = 0.02
"""The polish ends within this share of the cost from the bound."""
NEAR = 12
"""Columns of the whole programme that an agent brings into a team, besides their own schedule."""


def improve_soft_rules(
    problem: Problem, rota: Rota, changed: int, work: SearchEffort, report: Report, stop: Stop
) -> ImprovedRota:
    """Return the best rota found from `rota`, with no more missing, and no more than `changed`
    cells changed.
    """
    search = _Search(problem, rota, changed, report, stop)
    search.run(work)
    return ImprovedRota(search.rota, search.cost, search.bound)


class _Search:
    def __init__(
        self, problem: Problem, rota: Rota, changed: int, report: Report, stop: Stop
    ) -> None:
        self.problem = problem
        self.rota = rota
        self.cost = cost_of(problem, rota)
        self.missing = missing_of(problem, rota)
        self.changed = changed
        self.bound: int | None = None
        self.stage = "soft"
        self.report = report
        self.stop = stop
        self.random = Random(1)

    def is_over(self) -> bool:
        return self.stop() or (self.bound is not None and self.cost <= self.bound)

    def run(self, work: SearchEffort) -> None:
        workers = range(len(self.problem.workers))
        if not (workers and self.problem.posts and self.problem.starts):
            self.bound = self.cost
            return
        self.take(dict(enumerate(descend(self.problem, self.rota, self.stop))))
        if self.is_over():
            return
        master = RestrictedMaster(
            self.problem, workers, Presence(self.problem), self.missing, self.changed
        )
        for worker in workers:
            master.add(master.profile_of[worker], self.rota[worker])
        relaxation = self.relax(master)
        if self.is_over() or relaxation is None:
            return
        if relaxation.is_converged:
            self.take_dive(dive(master, self.stop))
        if relaxation.is_converged or not work.polish:
            self.improve(_Pool(master, relaxation), work)
        self.polish(work.polish)

    def take_dive(self, rows: AgentSchedules | None) -> None:
        """Take what a dive found, once it lacks no more than allowed."""
        if rows is None:
            return
        rota = tuple(rows[worker] for worker in range(len(self.rota)))
        mended = TeamSearch(self.problem, self.missing).mended(rota, self.changed, self.stop)
        if mended is not None:
            self.take(dict(enumerate(mended)))

    def relax(self, master: RestrictedMaster) -> Relaxation | None:
        relaxation: Relaxation | None = subgradient_bound(master, FIRST_STEPS, self.stop)
        self.prove(master, relaxation)
        relaxation = converge(master, relaxation, Ending(MOST_STEPS), self.stop)
        self.prove(master, relaxation)
        return relaxation

    def prove(self, master: RestrictedMaster, relaxation: Relaxation | None) -> None:
        """Raise the proven bound. A rota costs a whole number: the bound is rounded up."""
        if relaxation is not None and master.pricing.is_exact:
            bound = -(-relaxation.lower_bound // SCALE)
            if self.bound is None or bound > self.bound:
                self.bound = bound
                self.report(self.stage, self.cost, self.bound)

    def take(self, rows: AgentSchedules) -> bool:
        """Give agents these schedules if that improves the rota; return whether it did."""
        rota = tuple(rows.get(worker, row) for worker, row in enumerate(self.rota))
        cost = cost_of(self.problem, rota)
        if cost >= self.cost or missing_of(self.problem, rota) > self.missing:
            return False
        if changed_of(self.problem, rota) > self.changed or over_maximum(self.problem, rota):
            return False
        self.rota, self.cost = rota, cost
        self.report(self.stage, cost, self.bound)
        return True

    def improve(self, pool: "_Pool", work: SearchEffort) -> None:
        barren = 0
        for count in range(work.rounds):
            if self.is_over() or barren >= work.barren:
                return
            team = pool.team(self.rota, self.random, TEAMS[count % len(TEAMS)])
            rows = self.play(pool, team)
            barren = 0 if rows is not None and self.take(rows) else barren + 1

    def polish(self, most: float) -> None:
        teams = TeamSearch(self.problem, self.missing)
        self.stage = "polish"
        while teams.work < most and not (teams.is_over or self.is_over() or self.is_near()):
            teams.improve(self.rota, self.changed, self.take, self.stop)
            self.report(self.stage, self.cost, self.bound)
        if teams.is_over:
            self.bound = self.cost

    def is_near(self) -> bool:
        return self.bound is not None and self.cost - self.bound <= NEAR_BOUND * self.cost

    def play(self, pool: "_Pool", team: Sequence[int]) -> AgentSchedules | None:
        """Return better schedules for a team beside the others, or None."""
        fixed_rows = [
            (worker, row) for worker, row in enumerate(self.rota) if worker not in set(team)
        ]
        beside = Presence(self.problem).with_rows(fixed_rows)
        changed = self.changed - changed_of(
            self.problem, self.rota, [worker for worker, _ in fixed_rows]
        )
        master = RestrictedMaster(self.problem, team, beside, self.missing, changed)
        now: dict[Column, int] = {}
        for worker in team:
            own = Column(master.profile_of[worker], self.rota[worker])
            now[own] = now.get(own, 0) + 1
            for row in (self.rota[worker], *pool.near(worker)):
                master.add(own.profile, row)
        cost = self.cost - sum(row_cost(self.problem, worker, row) for worker, row in fixed_rows)
        relaxation = converge(
            master,
            Relaxation(master.solve_pricing(pool.prices)[0], pool.prices),
            Ending(TEAM_STEPS, limit=cost - 1, close=CLOSE),
            self.stop,
        )
        if relaxation is None or relaxation.lower_bound > (cost - 1) * SCALE or self.stop():
            return None
        gap = cost * SCALE - relaxation.lower_bound
        priced = master.solve_pricing(relaxation.prices)[1]
        least = priced.values
        for profile_number in range(len(master.profiles)):
            for value, row in priced.rows_by_load(profile_number):
                if value - int(least[profile_number]) < gap:
                    master.add(profile_number, row)
        columns = [
            column_number
            for column_number, column in enumerate(master.columns)
            if master.reduced_cost(column_number, relaxation.prices) - int(least[column.profile])
            < gap
            or column in now
        ]
        hint = {master.index[column]: count for column, count in now.items()}
        return choose(master, columns, hint, TEAM_EFFORT, cost)


class _Pool:
    """The solved master problem: its dual prices, and for each profile the schedules of least
    reduced cost.
    """

    def __init__(self, master: RestrictedMaster, relaxation: Relaxation) -> None:
        self.master = master
        self.prices = relaxation.prices
        self.least = master.solve_pricing(relaxation.prices)[1].values.copy()
        self._near: list[list[tuple[int, int]]] = [[] for _ in master.profiles]
        for column_number, column in enumerate(master.columns):
            self._near[column.profile].append(
                (master.reduced_cost(column_number, relaxation.prices), column_number)
            )
        for columns in self._near:
            columns.sort()

    def near(self, worker: int) -> list[tuple[int, ...]]:
        nearest = self._near[self.master.profile_of[worker]][:NEAR]
        return [self.master.columns[column_number].row for _, column_number in nearest]

    def excess(self, worker: int, row: tuple[int, ...]) -> int:
        """Return the reduced cost of a schedule above that of the cheapest."""
        profile_number = self.master.profile_of[worker]
        self.master.add(profile_number, row)
        column_number = self.master.index[Column(profile_number, row)]
        return self.master.reduced_cost(column_number, self.prices) - int(
            self.least[profile_number]
        )

    def team(self, rota: Rota, random: Random, size: int) -> list[int]:
        """Return agents who share stands, around an agent whose schedule is far from the
        cheapest.
        """
        profiles, of = self.master.profiles, self.master.profile_of
        weights = [1 + max(0, self.excess(worker, row)) for worker, row in enumerate(rota)]
        team = random.choices(range(len(rota)), weights)
        posts = set(profiles[of[team[0]]].posts)
        while len(team) < min(size, len(rota)):
            others = [worker for worker in range(len(rota)) if worker not in team]
            near = [
                worker for worker in others if posts & set(profiles[of[worker]].posts)
            ] or others
            next_agent = random.choices(near, [weights[worker] for worker in near])[0]
            team.append(next_agent)
            posts |= set(profiles[of[next_agent]].posts)
        return sorted(team)
