"""Makes the soft rules cost less, once cover is settled: what lacks, and what changes, stays.

The linear programme over rows gives a bound, and prices. A dive through it gives a first rota.
Then a few agents at a time are taken out of the rota and given the best rows together, beside
the others, until the bound is met or the work allowed is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from salon.staffing.engine.solving.choosing import Rows, choose, dive
from salon.staffing.engine.solving.columns import SCALE, Column, Master
from salon.staffing.engine.solving.cover import changed_of
from salon.staffing.engine.solving.descent import descend
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.relaxing import Relaxed, converge, first_prices
from salon.staffing.engine.solving.scoring import cost_of, missing_of, over_maximum, row_cost

Stop = Callable[[], bool]
Tell = Callable[[int, int | None], None]
"""Told the cost and the bound each time one of them gets better."""


@dataclass(frozen=True)
class Work:
    """How much to do: `rounds`, each for a few agents; fewer when `barren` of them in a row find
    nothing."""

    rounds: int
    barren: int


@dataclass(frozen=True)
class Softened:
    rota: Rota
    cost: int
    bound: int | None


FIRST_STEPS = 60
MOST_STEPS = 150
TEAMS = (10, 16, 24, 32)
"""Agents taken out of the rota together, in turn."""
TEAM_STEPS = 40
CLOSE = 0.5
TEAM_EFFORT = 0.4
NEAR = 12
"""Columns of the whole programme that an agent brings into a team, besides their own row."""


def soften(
    problem: Problem, rota: Rota, changed: int, work: Work, tell: Tell, stop: Stop
) -> Softened:
    """The best rota found from that one, of which as much lacks, and no more than `changed` cells
    change."""
    search = _Search(problem, rota, changed, tell, stop)
    search.run(work)
    return Softened(search.rota, search.cost, search.bound)


class _Search:
    def __init__(self, problem: Problem, rota: Rota, changed: int, tell: Tell, stop: Stop) -> None:
        self.problem = problem
        self.rota = rota
        self.cost = cost_of(problem, rota)
        self.missing = missing_of(problem, rota)
        self.changed = changed
        self.bound: int | None = None
        self.tell = tell
        self.stop = stop
        self.random = Random(1)

    def is_over(self) -> bool:
        return self.stop() or (self.bound is not None and self.cost <= self.bound)

    def run(self, work: Work) -> None:
        workers = range(len(self.problem.workers))
        if not (workers and self.problem.posts and self.problem.starts):
            self.bound = self.cost
            return
        self.take(dict(enumerate(descend(self.problem, self.rota, self.stop))))
        if self.is_over():
            return
        master = Master(self.problem, workers, Presence(self.problem), self.missing, self.changed)
        for w in workers:
            master.add(master.profile_of[w], self.rota[w])
        relaxed = self.relax(master)
        if self.is_over() or relaxed is None:
            return
        pool = _Pool(master, relaxed)
        rows = dive(master, self.stop)
        if rows is not None:
            self.take(rows)
        if self.is_over():
            return
        self.take(dict(enumerate(descend(self.problem, self.rota, self.stop))))
        self.improve(pool, work)

    def relax(self, master: Master) -> Relaxed | None:
        relaxed: Relaxed | None = first_prices(master, FIRST_STEPS, self.stop)
        self.prove(master, relaxed)
        relaxed = converge(master, relaxed, MOST_STEPS, self.stop)
        self.prove(master, relaxed)
        return relaxed

    def prove(self, master: Master, relaxed: Relaxed | None) -> None:
        """A rota costs a whole number: the bound is rounded up."""
        if relaxed is not None and master.pricer.is_exact:
            bound = -(-relaxed.bound // SCALE)
            if self.bound is None or bound > self.bound:
                self.bound = bound
                self.tell(self.cost, self.bound)

    def take(self, rows: Rows) -> bool:
        """Gives agents these rows, if the rota is the better for it."""
        rota = tuple(rows.get(w, row) for w, row in enumerate(self.rota))
        cost = cost_of(self.problem, rota)
        if cost >= self.cost or missing_of(self.problem, rota) > self.missing:
            return False
        if changed_of(self.problem, rota) > self.changed or over_maximum(self.problem, rota):
            return False
        self.rota, self.cost = rota, cost
        self.tell(cost, self.bound)
        return True

    def improve(self, pool: "_Pool", work: Work) -> None:
        barren = 0
        for count in range(work.rounds):
            if self.is_over() or barren >= work.barren:
                return
            team = pool.team(self.rota, self.random, TEAMS[count % len(TEAMS)])
            rows = self.play(pool, team)
            barren = 0 if rows is not None and self.take(rows) else barren + 1

    def play(self, pool: "_Pool", team: Sequence[int]) -> Rows | None:
        """Better rows for a team beside the others, if some are found."""
        others = [(w, row) for w, row in enumerate(self.rota) if w not in set(team)]
        beside = Presence(self.problem).with_rows(others)
        before = self.problem.previous
        changed = self.changed
        if before is not None:
            changed -= changed_of(self.problem, self.rota) - sum(
                new != old for w in team for new, old in zip(self.rota[w], before[w], strict=True)
            )
        master = Master(self.problem, team, beside, self.missing, changed)
        now: dict[Column, int] = {}
        for w in team:
            own = Column(master.profile_of[w], self.rota[w])
            now[own] = now.get(own, 0) + 1
            for row in (self.rota[w], *pool.near(w)):
                master.add(own.profile, row)
        cost = self.cost - sum(row_cost(self.problem, w, row) for w, row in others)
        relaxed = converge(
            master,
            Relaxed(master.price(pool.prices)[0], pool.prices),
            TEAM_STEPS,
            self.stop,
            limit=cost - 1,
            close=CLOSE,
        )
        if relaxed is None or relaxed.bound > (cost - 1) * SCALE or self.stop():
            return None
        gap = cost * SCALE - relaxed.bound
        priced = master.price(relaxed.prices)[1]
        least = priced.values
        for g in range(len(master.profiles)):
            for value, row in priced.rows_by_load(g):
                if value - int(least[g]) < gap:
                    master.add(g, row)
        columns = [
            c
            for c, column in enumerate(master.columns)
            if master.reduced(c, relaxed.prices) - int(least[column.profile]) < gap or column in now
        ]
        hint = {master.index[column]: count for column, count in now.items()}
        return choose(master, columns, hint, TEAM_EFFORT, cost)


class _Pool:
    """What the whole programme knows: its prices, and for each profile the rows that cost least
    at them."""

    def __init__(self, master: Master, relaxed: Relaxed) -> None:
        self.master = master
        self.prices = relaxed.prices
        self.least = master.price(relaxed.prices)[1].values.copy()
        self._near: list[list[tuple[int, int]]] = [[] for _ in master.profiles]
        for c, column in enumerate(master.columns):
            self._near[column.profile].append((master.reduced(c, relaxed.prices), c))
        for found in self._near:
            found.sort()

    def near(self, worker: int) -> list[tuple[int, ...]]:
        found = self._near[self.master.profile_of[worker]][:NEAR]
        return [self.master.columns[c].row for _, c in found]

    def excess(self, worker: int, row: tuple[int, ...]) -> int:
        """How much more than the cheapest one a row costs at the prices."""
        g = self.master.profile_of[worker]
        self.master.add(g, row)
        c = self.master.index[Column(g, row)]
        return self.master.reduced(c, self.prices) - int(self.least[g])

    def team(self, rota: Rota, random: Random, size: int) -> list[int]:
        """Agents who share stands, around one whose row is far from the cheapest."""
        profiles, of = self.master.profiles, self.master.profile_of
        weights = [1 + max(0, self.excess(w, row)) for w, row in enumerate(rota)]
        team = random.choices(range(len(rota)), weights)
        posts = set(profiles[of[team[0]]].posts)
        while len(team) < min(size, len(rota)):
            rest = [w for w in range(len(rota)) if w not in team]
            near = [w for w in rest if posts & set(profiles[of[w]].posts)] or rest
            chosen = random.choices(near, [weights[w] for w in near])[0]
            team.append(chosen)
            posts |= set(profiles[of[chosen]].posts)
        return sorted(team)
