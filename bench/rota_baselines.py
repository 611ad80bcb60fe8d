"""Other ways to make a rota, to be beaten: greedy runs, annealing, CP-SAT on slot booleans."""

import time
from math import exp
from random import Random

from ortools.sat.python import cp_model

from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import (
    AGREED_RUN,
    LUNCH,
    TOLERANCE,
    cost_of,
    missing_of,
    row_cost,
)
from salon.staffing.rules import legal

MISSING = 1000
"""Cost, for the annealing, of one missing agent."""
HOT, COLD = 40.0, 0.7
LONGEST_MOVE = 6


def value_of(problem: Problem, rota: Rota) -> tuple[int, int]:
    return missing_of(problem, rota), cost_of(problem, rota)


def greedy_runs(problem: Problem, runs: int = 50) -> Rota:
    """Return the best of so many greedy rotas, each with chances of its own."""
    return min(
        (_greedy(problem, Random(seed)) for seed in range(runs)),
        key=lambda rota: value_of(problem, rota),
    )


def _greedy(problem: Problem, draw: Random) -> Rota:
    """Fill half hour by half hour, the minimum first; prefer agents who go on, are owed work, and
    have had lunch.
    """
    limits = Limits(problem)
    rows = [[FREE] * problem.length for _ in problem.workers]
    load = [0] * len(rows)
    lunches = [
        draw.choice([t for t in range(problem.length - 1) if _is_lunch(problem, t)] or [-9])
        for _ in rows
    ]
    for t in range(problem.length):
        present: list[list[int]] = [[] for _ in problem.posts]
        for is_needed in (True, False):
            posts = list(range(len(problem.posts)))
            draw.shuffle(posts)
            posts.sort(key=lambda p: sum(problem.can_hold(w, p, t) for w in range(len(rows))))
            for p in posts:
                post = problem.posts[p]
                aim = post.minimum[t] if is_needed else min(post.wished[t], post.maximum[t])
                while len(present[p]) < aim or (is_needed and _lacks(problem, p, t, present[p])):
                    able = [
                        w
                        for w in range(len(rows))
                        if rows[w][t] == FREE
                        and problem.can_hold(w, p, t)
                        and len(present[p]) < post.maximum[t]
                        and limits.reached(w, rows[w], t) is None
                        and (
                            is_needed
                            or (load[w] < problem.shares[w] and t - lunches[w] not in (0, 1))
                        )
                    ]
                    lacking = _lacks(problem, p, t, present[p])
                    if is_needed and len(present[p]) >= aim:
                        able = [w for w in able if lacking & problem.workers[w].themes]
                    if not able:
                        break
                    w = max(
                        able,
                        key=lambda w: (
                            4 * len(lacking & problem.workers[w].themes)
                            + 3 * (t > 0 and rows[w][t - 1] == p and not _is_long(rows[w], t))
                            - 6 * (t - lunches[w] in (0, 1))
                            + 0.2 * (problem.shares[w] - load[w])
                            - 0.5 * len(problem.workers[w].posts)
                            + draw.random()
                        ),
                    )
                    rows[w][t] = p
                    load[w] += 1
                    present[p].append(w)
    return tuple(map(tuple, rows))


def _is_lunch(problem: Problem, t: int) -> bool:
    return problem.lunch[t] and problem.lunch[t + 1]


def _lacks(problem: Problem, p: int, t: int, present: list[int]) -> frozenset[int]:
    if not problem.posts[p].minimum[t]:
        return frozenset()
    return problem.posts[p].required[t] - frozenset().union(
        *(problem.workers[w].themes for w in present)
    )


def _is_long(row: list[int], t: int) -> bool:
    return t >= AGREED_RUN and len({*row[t - AGREED_RUN : t]}) == 1


def anneal(problem: Problem, rota: Rota, seconds: float) -> tuple[Rota, int]:
    """Return the best rota met in that time, and how many moves were tried.

    A move gives an agent one stand, or none, for a few half hours; or exchanges the half hours
    of two agents. Rows met before are not priced again.
    """
    search = _Annealing(problem, rota)
    began = time.monotonic()
    moves, heat = 0, HOT
    while True:
        if moves % 256 == 0:
            spent = (time.monotonic() - began) / seconds
            if spent >= 1:
                return search.best, moves
            heat = HOT * (COLD / HOT) ** spent
        search.move(heat)
        moves += 1


class _Annealing:
    def __init__(self, problem: Problem, rota: Rota) -> None:
        self.problem = problem
        self.draw = Random(1)
        self.limits = Limits(problem)
        self.rows = [list(row) for row in rota]
        self.known: list[dict[tuple[int, ...], int | None]] = [{} for _ in rota]
        self.present = [[0] * problem.length for _ in problem.posts]
        self.answers: dict[tuple[int, int, int], int] = {}
        for w, row in enumerate(rota):
            for t, p in enumerate(row):
                self._count(w, p, t, 1)
        self.value = MISSING * missing_of(problem, rota) + cost_of(problem, rota)
        self.best, self.least = rota, self.value

    def _count(self, w: int, p: int, t: int, sign: int) -> None:
        if p != FREE:
            self.present[p][t] += sign
            for theme in self.problem.posts[p].required[t] & self.problem.workers[w].themes:
                self.answers[p, t, theme] = self.answers.get((p, t, theme), 0) + sign

    def _row(self, w: int, row: list[int]) -> int | None:
        """Return the cost of a row, or None when the law forbids it."""
        key = tuple(row)
        costs = self.known[w]
        if key not in costs:
            allowed = all(
                p == FREE or self.limits.reached(w, row, t) is None for t, p in enumerate(row)
            )
            costs[key] = row_cost(self.problem, w, key) if allowed else None
        return costs[key]

    def _stand(self, p: int, t: int) -> int:
        post, present = self.problem.posts[p], self.present[p][t]
        cost = self.problem.weights.unwished * max(0, post.wished[t] - present)
        if post.minimum[t]:
            lacks = max(0, post.minimum[t] - present)
            lacks += sum(not self.answers.get((p, t, theme)) for theme in post.required[t])
            cost += MISSING * lacks
        return cost

    def move(self, heat: float) -> None:
        draw, problem = self.draw, self.problem
        w = draw.randrange(len(self.rows))
        start = draw.randrange(problem.length)
        cells = range(start, min(problem.length, start + draw.randint(1, LONGEST_MOVE)))
        changes: list[tuple[int, int, int]] = []
        if draw.random() < 0.3:
            second = draw.randrange(len(self.rows))
            for t in cells:
                changes += [(w, t, self.rows[second][t]), (second, t, self.rows[w][t])]
        else:
            p = draw.choice((FREE, *problem.workers[w].posts))
            changes = [(w, t, p) for t in cells]
        changes = [change for change in changes if self.rows[change[0]][change[1]] != change[2]]
        if not changes or any(
            (p != FREE and not problem.can_hold(w, p, t)) or (w, t) in problem.fixed
            for w, t, p in changes
        ):
            return
        self._try(changes, heat)

    def _try(self, changes: list[tuple[int, int, int]], heat: float) -> None:
        moved = {w: list(self.rows[w]) for w, _, _ in changes}
        touched: set[tuple[int, int]] = set()
        for w, t, p in changes:
            touched |= {(q, t) for q in (p, moved[w][t]) if q != FREE}
            moved[w][t] = p
        delta = 0
        for w, row in moved.items():
            cost = self._row(w, row)
            if cost is None:
                return
            delta += cost - (self._row(w, self.rows[w]) or 0)
        delta -= sum(self._stand(p, t) for p, t in touched)
        before = [(w, t, self.rows[w][t]) for w, t, _ in changes]
        self._apply(changes)
        delta += sum(self._stand(p, t) for p, t in touched)
        is_full = any(self.present[p][t] > self.problem.posts[p].maximum[t] for p, t in touched)
        if is_full or (delta > 0 and self.draw.random() >= exp(-delta / heat)):
            self._apply(before)
            return
        self.value += delta
        if self.value < self.least:
            self.best, self.least = tuple(map(tuple, self.rows)), self.value

    def _apply(self, changes: list[tuple[int, int, int]]) -> None:
        for w, t, p in changes:
            self._count(w, self.rows[w][t], t, -1)
            self.rows[w][t] = p
            self._count(w, p, t, 1)


def slot_booleans(problem: Problem, hint: Rota, seconds: float) -> tuple[Rota, float]:
    """Solve with a boolean for each agent, stand and half hour; return the rota and the bound."""
    return _Slots(problem, hint).solve(seconds)


class _Slots:
    """Days of one edition only, as in the measured villages; nobody is decided anywhere."""

    def __init__(self, problem: Problem, hint: Rota) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.terms: list[tuple[int, cp_model.LinearExprT]] = []
        self.on: dict[tuple[int, int, int], cp_model.IntVar] = {}
        for w in range(len(problem.workers)):
            self._agent(w, hint[w])
        for p in range(len(problem.posts)):
            for t in range(problem.length):
                self._stand(p, t)
        self.model.minimize(sum(weight * term for weight, term in self.terms))

    def _flag(self) -> cp_model.IntVar:
        return self.model.new_bool_var("")

    def _agent(self, w: int, hint: tuple[int, ...]) -> None:
        problem, model, weights = self.problem, self.model, self.problem.weights
        worker = problem.workers[w]
        times = range(problem.length)
        work = []
        for t in times:
            possible_posts = [p for p in sorted(worker.posts) if problem.can_hold(w, p, t)]
            for p in possible_posts:
                self.on[w, p, t] = on = self._flag()
                model.add_hint(on, hint[t] == p)
                foreign = bool(worker.preferred) and p not in worker.preferred
                self.terms.append((weights.avoided * (t in worker.avoided), on))
                self.terms.append((weights.elsewhere * foreign, on))
            busy = self._flag()
            model.add(sum(self.on[w, p, t] for p in possible_posts) == busy)
            work.append(busy)
        for t in times[: problem.length - legal.LONGEST_RUN]:
            model.add(sum(work[t : t + legal.LONGEST_RUN + 1]) <= legal.LONGEST_RUN)
        uneven = model.new_int_var(0, problem.length, "")
        share = problem.shares[w]
        model.add(uneven >= sum(work) - share - TOLERANCE)
        model.add(uneven >= share - TOLERANCE - sum(work))
        self.terms.append((weights.uneven, uneven))
        self._lunch(work)
        for p in sorted(worker.posts):
            self._stints(w, p)

    def _lunch(self, work: list[cp_model.IntVar]) -> None:
        pauses = []
        for t in range(self.problem.length - LUNCH + 1):
            if all(self.problem.lunch[t : t + LUNCH]):
                pause = self._flag()
                for busy in work[t : t + LUNCH]:
                    self.model.add_implication(pause, busy.negated())
                pauses.append(pause)
        lost = self._flag()
        self.model.add(sum(pauses) + lost >= 1)
        self.terms.append((self.problem.weights.lunch, lost))

    def _stints(self, w: int, p: int) -> None:
        problem, model, weights = self.problem, self.model, self.problem.weights
        on = [self.on.get((w, p, t), 0) for t in range(problem.length)]
        for t in range(problem.length):
            begins = self._flag()
            model.add(begins >= on[t] - (on[t - 1] if t else 0))
            self.terms.append((weights.stint, begins))
            if t >= AGREED_RUN:
                long = self._flag()
                model.add(long >= sum(on[t - AGREED_RUN : t + 1]) - AGREED_RUN)
                self.terms.append((weights.long, long))
        for q in sorted(problem.workers[w].posts - {p}):
            halls = (problem.posts[p].hall, problem.posts[q].hall)
            if minutes := problem.walking.get(halls, 0):
                for t in range(problem.length - 1):
                    walks = self._flag()
                    model.add(walks >= on[t] + self.on.get((w, q, t + 1), 0) - 1)
                    self.terms.append((weights.walking * minutes, walks))

    def _stand(self, p: int, t: int) -> None:
        post, model = self.problem.posts[p], self.model
        variables = {w: x for (w, q, s), x in self.on.items() if (q, s) == (p, t)}
        model.add(sum(variables.values()) <= post.maximum[t])
        for aim, weight in (
            (post.minimum[t], MISSING),
            (post.wished[t], self.problem.weights.unwished),
        ):
            short = model.new_int_var(0, aim, "")
            model.add(sum(variables.values()) + short >= aim)
            self.terms.append((weight, short))
        for theme in sorted(post.required[t]) if post.minimum[t] else ():
            lacks = self._flag()
            knowing = [x for w, x in variables.items() if theme in self.problem.workers[w].themes]
            model.add(sum(knowing) + lacks >= 1)
            self.terms.append((MISSING, lacks))

    def solve(self, seconds: float) -> tuple[Rota, float]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self.model)
        rows = [[FREE] * self.problem.length for _ in self.problem.workers]
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            for (w, p, t), on in self.on.items():
                if solver.value(on):
                    rows[w][t] = p
        return tuple(map(tuple, rows)), solver.best_objective_bound
