"""Minimise the missing agents and themes, proven; then the cells changed.

Only what can matter is modelled: stands at the half hours when they have a minimum, and the cells
of the previous rota.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from salon.staffing.engine.solving.greedy import decided_rows, greedy
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.programme import NO_LIMIT, Programme
from salon.staffing.engine.solving.scoring import missing_of

Cell = tuple[int, int]
"""An agent and a half hour, or a stand and a half hour."""


@dataclass(frozen=True)
class Cover:
    """A rota with its cover. `missing`: the weight of its gaps; it cannot be less than `bound`.

    `changed`: the cells that differ from the previous rota, 0 without one; `is_changed_proven`: no
    rota with as little missing changes fewer.
    """

    rota: Rota
    missing: int
    is_proven: bool
    bound: int
    changed: int
    is_changed_proven: bool


def cover(problem: Problem, stop: Callable[[], bool] = lambda: False) -> Cover:
    """Return a rota that breaks no hard rule and leaves the least missing; then changes the fewest
    cells.

    The same problem gives the same rota, unless `stop` cuts the search short: then the best rota
    found comes back, unproven.
    """
    model = _Model(problem)
    answer = model.programme.solve(stop)
    if answer.values is None:
        rota = greedy(problem)
    else:
        rows = decided_rows(problem)
        for (worker, post, at), column in model.columns.items():
            if answer.values[column]:
                rows[worker][at] = post
        rota = tuple(tuple(row) for row in rows)
    missing, changed = missing_of(problem, rota), changed_of(problem, rota)
    bound = model.certain + answer.bound
    least = max(0, -((model.most_changes - bound) // model.weight))
    return Cover(
        rota=rota,
        missing=missing,
        is_proven=missing == least,
        bound=least,
        changed=changed,
        is_changed_proven=missing * model.weight + changed == bound,
    )


def changed_of(problem: Problem, rota: Rota) -> int:
    """Return how many cells differ from the previous rota; 0 without one."""
    if problem.previous is None:
        return 0
    return sum(
        new != old
        for row, before in zip(rota, problem.previous, strict=True)
        for new, old in zip(row, before, strict=True)
    )


class _Model:
    """The cover model: a column for each agent, stand and half hour. `certain`: the cost of every
    rota, whatever the columns; a gap costs `weight`, a change 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.limits = Limits(problem)
        self.most_changes = 0
        if problem.previous is not None:
            self.most_changes = len(problem.workers) * problem.length
        self.weight = self.most_changes + 1
        self.certain = 0
        self._read_decided()
        self._read_choices()
        self.programme = Programme()
        self.columns: dict[tuple[int, int, int], int] = {}
        self._build()
        self._count_certain()

    def _read_decided(self) -> None:
        """Compute what each stand still needs, and has room for, beside what is decided."""
        posts = self.problem.posts
        decided = [[0] * self.problem.length for _ in posts]
        themes_present: dict[Cell, set[int]] = {}
        for (worker, at), post in self.problem.fixed.items():
            if post != FREE:
                decided[post][at] += 1
                themes_present.setdefault((post, at), set()).update(
                    self.problem.workers[worker].themes
                )
        self.need: dict[Cell, int] = {}
        self.themes: dict[Cell, list[int]] = {}
        self.room: dict[Cell, int] = {}
        for post, stand in enumerate(posts):
            for at in range(self.problem.length):
                self.room[post, at] = max(0, stand.maximum[at] - decided[post][at])
                if stand.minimum[at]:
                    self.need[post, at] = max(0, stand.minimum[at] - decided[post][at])
                    self.themes[post, at] = sorted(
                        stand.required[at] - themes_present.get((post, at), set())
                    )

    def _read_choices(self) -> None:
        """List where each agent could be, at each half hour that is open to them."""
        problem, limits = self.problem, self.limits
        base = decided_rows(problem)
        self.choices: dict[Cell, list[int]] = {}
        for worker, agent in enumerate(problem.workers):
            for at in range(problem.length):
                if (worker, at) in problem.fixed or not agent.available[at]:
                    continue
                before = problem.previous[worker][at] if problem.previous is not None else FREE
                useful_posts = [
                    post
                    for post in sorted(agent.posts)
                    if self.room[post, at]
                    and (self.need.get((post, at)) or self.themes.get((post, at)) or post == before)
                ]
                if useful_posts and limits.reached(worker, base[worker], at) is None:
                    self.choices[worker, at] = useful_posts

    def _build(self) -> None:
        workers_at: dict[Cell, list[int]] = {}
        work: dict[int, dict[int, list[int]]] = {}
        for (worker, at), posts in self.choices.items():
            for post in posts:
                column = self.programme.column(1, self._change_cost(worker, post, at))
                self.columns[worker, post, at] = column
                workers_at.setdefault((post, at), []).append(worker)
                work.setdefault(worker, {}).setdefault(at, []).append(column)
        for (post, at), workers in workers_at.items():
            self._add_stand(post, at, workers)
        for worker, by_time in work.items():
            self._add_agent(worker, by_time)

    def _change_cost(self, worker: int, post: int, at: int) -> int:
        if self.problem.previous is None:
            return 0
        before = self.problem.previous[worker][at]
        return 1 if before == FREE else -int(before == post)

    def _add_stand(self, post: int, at: int, workers: list[int]) -> None:
        programme = self.programme
        columns = [self.columns[worker, post, at] for worker in workers]
        if self.room[post, at] < len(columns):
            programme.row(columns, -NO_LIMIT, self.room[post, at])
        if need := self.need.get((post, at)):
            lacks = programme.column(need, self.weight)
            programme.row([*columns, lacks], need, NO_LIMIT)
        for theme in self.themes.get((post, at), ()):
            knowing = [
                self.columns[worker, post, at]
                for worker in workers
                if theme in self.problem.workers[worker].themes
            ]
            lacks = programme.column(1, self.weight)
            programme.row([*knowing, lacks], 1, NO_LIMIT)

    def _add_agent(self, worker: int, work: dict[int, list[int]]) -> None:
        programme = self.programme
        for columns in work.values():
            if len(columns) > 1:
                programme.row(columns, -NO_LIMIT, 1)
        for day in range(len(self.limits.spans)):
            self._add_day(worker, day, work)
        for week in self.limits.weeks:
            decided = sum(len(self.limits.decided[worker][day]) for day in week)
            room = self.limits.most_of_week(worker, week) - decided
            open_to = [at for day in week for at in self.limits.spans[day] if at in work]
            if len(open_to) > room:
                programme.row([column for at in open_to for column in work[at]], -NO_LIMIT, room)
        for before, after in self.limits.nights:
            early = [at for at in reversed(self.limits.spans[before]) if at in work]
            late = [at for at in self.limits.spans[after] if at in work]
            clash = partial(self._is_too_near, self.limits.shortest(worker, before, after))
            _never_both(programme, work, early, late, clash)

    def _is_too_near(self, shortest: int, last: int, first: int) -> bool:
        return self.limits.rest(last, first) < shortest

    def _add_day(self, worker: int, day: int, work: dict[int, list[int]]) -> None:
        programme = self.programme
        decided = set(self.limits.decided[worker][day])
        span = self.limits.spans[day]
        open_to = [at for at in span if at in work]
        room = self.limits.of[worker].day - len(decided)
        if len(open_to) > room:
            programme.row([column for at in open_to for column in work[at]], -NO_LIMIT, room)
        length = self.limits.of[worker].run + 1
        for first in range(span.start, span.stop - length + 1):
            window = range(first, first + length)
            free = [at for at in window if at not in decided]
            if free and all(at in work for at in free):
                columns = [column for at in free for column in work[at]]
                programme.row(columns, -NO_LIMIT, len(free) - 1)
        widest = self.limits.widest[worker][day]
        _never_both(
            programme,
            work,
            open_to,
            open_to,
            lambda first, last: last - first >= widest,
        )

    def _count_certain(self) -> None:
        """Count the gaps out of reach of any agent, and the changes common to every rota."""
        problem = self.problem
        reachable = {(post, at) for _, post, at in self.columns}
        for cell, need in self.need.items():
            if cell not in reachable:
                self.certain += self.weight * (need + len(self.themes[cell]))
        if problem.previous is None:
            return
        for worker, before in enumerate(problem.previous):
            for at, former_post in enumerate(before):
                self.certain += former_post != problem.fixed.get((worker, at), FREE)


def _never_both(
    programme: Programme,
    work: dict[int, list[int]],
    before: list[int],
    after: list[int],
    clash: Callable[[int, int], bool],
) -> None:
    """Forbid work at a half hour of each list that clash.

    The half hours that clash with one of `after` are always the beginning of `before`; a column
    says for each beginning whether there is work in it.
    """
    worked: list[int] = []
    most = max((sum(clash(early, late) for early in before) for late in after), default=0)
    for position, early in enumerate(before[:most]):
        column = programme.column(1, 0)
        programme.row([column, *work[early]], 0, NO_LIMIT, [1] + [-1] * len(work[early]))
        if position:
            programme.row([column, worked[-1]], 0, NO_LIMIT, [1, -1])
        worked.append(column)
    for late in after:
        if count := sum(clash(early, late) for early in before):
            programme.row([worked[count - 1], *work[late]], -NO_LIMIT, 1)
