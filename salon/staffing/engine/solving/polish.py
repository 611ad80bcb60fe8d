"""Lower the cost of a rota with CP-SAT: large neighbourhood search over teams of agents.

A team is taken out of the rota, and gets the best schedules together beside the others, in one
integer programme of half hours and not of schedules: `docs/rota-model.md`. Two teams without a
common agent are solved at a time, each on a processor: those who can hold a few linked stands, and
agents drawn by chance who share stands. Teams are as large as can be solved. Shaw (1998), Using
constraint programming and local search methods to solve vehicle routing.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from random import Random
from threading import Event

from salon.staffing.engine.solving.cover import changed_of
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.programme import NO_LIMIT, POLLING, Answer
from salon.staffing.engine.solving.rota_model import RotaModel
from salon.staffing.engine.solving.scoring import (
    AGREED_RUN,
    TOLERANCE,
    gaps_of,
    missing_of,
    row_cost,
)

Stop = Callable[[], bool]

Take = Callable[[dict[int, tuple[int, ...]]], object]
"""Replaces schedules of the rota by these, if all counted again that improves it."""

SMALLEST = 3
"""Agents of the smallest team."""
TEAM_EFFORT = 0.5
"""The most work for a team."""
BUILDING = 0.01
"""The work of building a model, in the same measure."""
GROWTH, SHRINKAGE = 1.04, 0.93
"""What multiplies the size of the next team, after one that was proven the best and one that was
not.
"""
NICENESS = 10
"""Of the threads alone, as Linux has it: the pages of a fair that is on come first."""
MENDING = 12
"""The most teams that fill what a rota lacks."""


class TeamModel(RotaModel):
    """The schedules of a team that cost least, with at most `missing` lacking in all and at most
    `changed` half hours of theirs changed.
    """

    def __init__(
        self, limits: Limits, team: Sequence[int], beside: Presence, missing: int, changed: int
    ) -> None:
        self.missing = missing
        self.lacking: list[int] = []
        super().__init__(limits, team, beside)
        if self.lacking:
            self.programme.row(self.lacking, -NO_LIMIT, missing - self.certain_gaps)
        for worker in team:
            self._add_stints(worker)
            self._add_load(worker)
            for day in range(len(limits.spans)):
                self._add_walks(worker, day)
                self._add_lunch(worker, day)
        self._add_wished()
        if self.problem.previous is not None:
            self._add_changes(changed)

    def cost(self, worker: int, post: int, at: int) -> int:
        agent, weights = self.problem.workers[worker], self.problem.weights
        foreign = bool(agent.preferred) and post not in agent.preferred
        return weights.avoided * (at in agent.avoided) + weights.elsewhere * foreign

    def add_gap(self, columns: Sequence[int], need: int) -> None:
        lacks = [self.programme.column(need, 0)] if self.missing else []
        self.lacking += lacks
        self.programme.row([*columns, *lacks], need, NO_LIMIT)

    def start(self, rota: Rota) -> list[int]:
        """Return the values of the columns in a rota."""
        return [int(rota[worker][at] == post) for worker, post, at in self.columns]

    def start_cost(self, rota: Rota) -> int:
        """Return the cost of a rota as far as the columns charge it."""
        total = 0
        for worker in self.workers:
            total += row_cost(self.problem, worker, rota[worker])
            total -= sum(
                self.cost(worker, post, at)
                for at, post in enumerate(self.decided[worker])
                if post != FREE
            )
        present: dict[tuple[int, int], int] = {}
        for worker, post, at in self.columns:
            is_there = rota[worker][at] == post
            present[post, at] = present.get((post, at), 0) + is_there
        for (post, at), count in present.items():
            total += self.problem.weights.unwished * max(0, self._short(post, at) - count)
        return total

    def _short(self, post: int, at: int) -> int:
        return self.problem.posts[post].wished[at] - self.beside.here[post][at]

    def _terms(self, worker: int, posts: Sequence[int], at: int) -> tuple[list[int], int]:
        """Return the columns, and the decided part, of the agent's presence on these stands."""
        if (worker, at) in self.problem.fixed:
            return [], int(self.problem.fixed[worker, at] in posts)
        columns = (self.columns.get((worker, post, at)) for post in posts)
        return [column for column in columns if column is not None], 0

    def _at_least(
        self, column: int, terms: Sequence[tuple[list[int], int, int]], over: int
    ) -> None:
        """Add: column ≥ sum of sign × presence − `over`; `terms`: columns, decided part, sign."""
        columns, signs = [column], [1]
        for part, decided, sign in terms:
            columns += part
            signs += [-sign] * len(part)
            over -= sign * decided
        self.programme.row(columns, -over, NO_LIMIT, signs)

    def _posts(self, worker: int) -> list[int]:
        posts = set(self.problem.workers[worker].posts)
        return sorted(posts | set(self.decided[worker]) - {FREE})

    def _add_stints(self, worker: int) -> None:
        """Charge each stint, the half hours that it lacks, and those beyond what is agreed."""
        for day in self.limits.spans:
            for post in self._posts(worker):
                presence = {at: self._terms(worker, [post], at) for at in day}
                self._add_stints_of(post, {at: part for at, part in presence.items() if any(part)})

    def _add_stints_of(self, post: int, presence: dict[int, tuple[list[int], int]]) -> None:
        """Add a column for each stint of 1 to AGREED_RUN half hours, and one for each half hour by
        which the longest go on; what they hold together is the agent's presence.
        """
        programme, weights = self.programme, self.problem.weights
        holding: dict[int, list[int]] = {at: [] for at in presence}
        beginning: dict[int, list[int]] = {}
        full: dict[int, list[int]] = {}
        for first in presence:
            for length in range(1, AGREED_RUN + 1):
                last = first + length - 1
                if last not in presence:
                    break
                lacks = max(0, self.problem.least_stints[post][first] - length)
                stint = programme.column(1, weights.stint + weights.short * lacks)
                beginning.setdefault(first, []).append(stint)
                for at in range(first, last + 1):
                    holding[at].append(stint)
            else:
                full[first + AGREED_RUN] = [stint]
        for at, (columns, decided) in presence.items():
            if before := full.get(at):
                longer = programme.column(1, weights.long)
                programme.row([longer, *before], -NO_LIMIT, 0, [1] + [-1] * len(before))
                holding[at].append(longer)
                full.setdefault(at + 1, []).append(longer)
            signs = [1] * len(holding[at]) + [-1] * len(columns)
            programme.row([*holding[at], *columns], decided, decided, signs)
            if at - 1 in holding:
                programme.row([*holding[at - 1], *beginning[at]], -NO_LIMIT, 1)

    def _add_load(self, worker: int) -> None:
        problem, weights = self.problem, self.problem.weights
        posts, share = self._posts(worker), self.problem.shares[worker]
        load = [self._terms(worker, posts, at) for at in range(problem.length)]
        uneven = self.programme.column(problem.length, weights.uneven)
        self._at_least(uneven, [(*part, 1) for part in load], share + TOLERANCE)
        self._at_least(uneven, [(*part, -1) for part in load], TOLERANCE - share)

    def _add_walks(self, worker: int, day: int) -> None:
        problem = self.problem
        halls: dict[str, list[int]] = {}
        for post in self._posts(worker):
            halls.setdefault(problem.posts[post].hall, []).append(post)
        for (hall, other_hall), minutes in problem.walking.items():
            if not minutes or hall not in halls or other_hall not in halls:
                continue
            for at in self.limits.spans[day][:-1]:
                left = self._terms(worker, halls[hall], at)
                reached = self._terms(worker, halls[other_hall], at + 1)
                if any(left) and any(reached):
                    walks = self.programme.column(1, problem.weights.walking * minutes)
                    self._at_least(walks, [(*left, 1), (*reached, 1)], 1)

    def _add_lunch(self, worker: int, day: int) -> None:
        if any(self.problem.lunch[at] for at in self.limits.spans[day]):
            lacks = self.programme.column(1, self.problem.weights.lunch)
            self.programme.row([lacks, *self.lunches(worker, day)], 1, NO_LIMIT)

    def _add_wished(self) -> None:
        places: dict[tuple[int, int], list[int]] = {}
        for (_, post, at), column in self.columns.items():
            places.setdefault((post, at), []).append(column)
        for (post, at), columns in places.items():
            short = self._short(post, at)
            if short > 0:
                lacks = self.programme.column(short, self.problem.weights.unwished)
                self.programme.row([*columns, lacks], short, NO_LIMIT)

    def _add_changes(self, most: int) -> None:
        """Limit and charge the half hours that differ from the previous rota."""
        problem, changes = self.problem, []
        assert problem.previous is not None
        for worker in self.workers:
            for at, before in enumerate(problem.previous[worker]):
                if before == FREE:
                    columns, decided = self._terms(worker, self._posts(worker), at)
                    changed = self.programme.column(1, problem.weights.changed)
                    self._at_least(changed, [(columns, decided, 1)], 0)
                else:
                    columns, decided = self._terms(worker, [before], at)
                    changed = self.programme.column(1, problem.weights.changed)
                    self._at_least(changed, [(columns, decided, -1)], -1)
                changes.append(changed)
        self.programme.row(changes, -NO_LIMIT, most)


class TeamSearch:
    """Draws teams of agents, as large as can be solved. `sizes`: of the next team of each kind;
    `work`: what was done, in CP-SAT's measure, the same on all machines; `is_over`: all agents were
    one team, whose schedules are the best.
    """

    def __init__(self, problem: Problem, missing: int) -> None:
        self.problem = problem
        self.missing = missing
        self.limits = Limits(problem)
        self.random = Random(1)
        self.sizes = [2.0 * SMALLEST, 2.0 * SMALLEST]
        self.work = 0.0
        self.is_over = not problem.workers

    def improve(self, rota: Rota, changed: int, take: Take, stop: Stop) -> None:
        """Offer the best schedules of teams beside the others to `take`, one team after the other;
        `changed`: how many half hours may differ from the previous rota in all.
        """
        models = [self._model(rota, team, self.missing, changed) for team in self._teams(rota)]
        for kind, answer in enumerate(self._answers(models, rota, stop)):
            self.work += answer.work + BUILDING
            if answer.values is not None:
                take(models[kind].rows(answer.values))
            is_proven = answer.values is not None and answer.cost == answer.bound
            self.is_over |= is_proven and len(models[kind].workers) == len(rota)
            size = self.sizes[kind] * (GROWTH if is_proven else SHRINKAGE)
            self.sizes[kind] = max(SMALLEST, size)

    def _answers(self, models: Sequence[TeamModel], rota: Rota, stop: Stop) -> list[Answer]:
        """Solve each model in a thread of its own, from the rota; this one looks at `stop`."""
        is_stopped = Event()
        with ThreadPoolExecutor(len(models), initializer=os.nice, initargs=(NICENESS,)) as beside:
            answers = [
                beside.submit(
                    model.programme.solve,
                    is_stopped.is_set,
                    TEAM_EFFORT,
                    model.start(rota),
                    model.start_cost(rota),
                    is_brief=True,
                )
                for model in models
            ]
            try:
                while wait(answers, timeout=POLLING).not_done:
                    if stop():
                        is_stopped.set()
            finally:
                is_stopped.set()
        return [answer.result() for answer in answers]

    def mended(self, rota: Rota, changed: int, stop: Stop) -> Rota | None:
        """Return the rota once it lacks no more than allowed: teams around what lacks get the
        cheapest schedules with less missing. None where they cannot.
        """
        for _ in range(MENDING):
            lacking = missing_of(self.problem, rota)
            if lacking <= self.missing:
                return rota
            team = self._team_around_a_gap(rota)
            if not team:
                return None
            model = self._model(rota, team, max(self.missing, lacking - 1), changed)
            answer = model.programme.solve(stop, TEAM_EFFORT, is_brief=True)
            if answer.values is not None:
                rows = model.rows(answer.values)
                rota = tuple(rows.get(worker, row) for worker, row in enumerate(rota))
        return rota if missing_of(self.problem, rota) <= self.missing else None

    def _model(self, rota: Rota, team: Sequence[int], missing: int, changed: int) -> TeamModel:
        others = [(worker, row) for worker, row in enumerate(rota) if worker not in team]
        beside = Presence(self.problem).with_rows(others)
        room = changed - changed_of(self.problem, rota, [worker for worker, _ in others])
        return TeamModel(self.limits, team, beside, missing, room)

    def _teams(self, rota: Rota) -> list[list[int]]:
        """Return a team of stands and, where enough agents are left, one of neighbours."""
        first, second = (round(size) for size in self.sizes)
        teams = [self._team_of_stands(rota, first)]
        left = [worker for worker in range(len(rota)) if worker not in teams[0]]
        if len(left) >= SMALLEST:
            teams.append(self._team(left, second))
        return teams

    def _team_of_stands(self, rota: Rota, size: int) -> list[int]:
        """Return who can hold a stand drawn by chance, those who do first, then who can hold
        another that one of them could.
        """
        workers, team = self.problem.workers, dict[int, None]()
        stands = list(range(len(self.problem.posts)))
        while stands and len(team) < size:
            near = [
                post for post in stands if any(post in workers[worker].posts for worker in team)
            ]
            stand = self.random.choice(near or stands)
            stands.remove(stand)
            able = [worker for worker in range(len(rota)) if stand in workers[worker].posts]
            self.random.shuffle(able)
            able.sort(key=lambda worker: stand not in rota[worker])
            team |= dict.fromkeys(able)
        return sorted([*team, *(set(range(len(rota))) - set(team))][:size])

    def _team(self, left: Sequence[int], size: int, first: Sequence[int] = ()) -> list[int]:
        """Return agents who share stands, around those given, or one drawn by chance from those
        who are left.
        """
        workers, team = self.problem.workers, list(first)
        others = [worker for worker in left if worker not in team]
        posts = {post for worker in team for post in workers[worker].posts}
        while others and len(team) < size:
            near = [worker for worker in others if workers[worker].posts & posts] or others
            worker = self.random.choice(near)
            others.remove(worker)
            team.append(worker)
            posts |= workers[worker].posts
        return sorted(team)

    def _team_around_a_gap(self, rota: Rota) -> list[int]:
        """Return a team with agents who could fill a gap drawn by chance; nobody where no gap can
        be filled.
        """
        able = [
            [
                worker
                for worker, row in enumerate(rota)
                if row[gap.at] != gap.post
                and self.problem.can_hold(worker, gap.post, gap.at)
                and (gap.missing or self.problem.workers[worker].themes & gap.themes)
            ]
            for gap in gaps_of(self.problem, rota)
        ]
        fillable = [workers for workers in able if workers]
        if not fillable:
            return []
        workers = self.random.choice(fillable)
        first = self.random.sample(workers, min(SMALLEST, len(workers)))
        return self._team(range(len(rota)), 2 * SMALLEST, first)
