"""Minimise the missing agents and themes, proven; then the cells changed.

Only what can matter is modelled: stands at the half hours when they have a minimum, and the cells
of the previous rota. Independent groups of agents and stands become separate programmes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from salon.staffing.engine.solving.greedy import decided_rows, greedy
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.programme import NO_LIMIT, Programme, solve
from salon.staffing.engine.solving.scoring import missing_of
from salon.staffing.rules import legal

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
    seconds: float


def cover(
    problem: Problem, seconds: float | None = None, stop: Callable[[], bool] = lambda: False
) -> Cover:
    """Return a rota that breaks no hard rule and leaves the least missing; then changes the fewest
    cells.

    The same problem gives the same rota, unless `stop` or `seconds` cuts the search short: then the
    best rota found comes back, unproven.
    """
    began = time.monotonic()

    def is_over() -> bool:
        return stop() or (seconds is not None and time.monotonic() - began >= seconds)

    model = _Model(problem)
    rows = decided_rows(problem)
    rough: Rota = ()
    bound = model.certain
    for part in model.parts:
        answer = solve(part.programme, is_over)
        bound += answer.bound
        if answer.values is not None:
            for (w, p, t), column in part.columns.items():
                if answer.values[column]:
                    rows[w][t] = p
        else:
            rough = rough or greedy(problem)
            for w, t in part.cells:
                rows[w][t] = rough[w][t]
    rota = tuple(tuple(row) for row in rows)
    missing, changed = missing_of(problem, rota), changed_of(problem, rota)
    least = max(0, -((model.most_changes - bound) // model.weight))
    return Cover(
        rota=rota,
        missing=missing,
        is_proven=missing == least,
        bound=least,
        changed=changed,
        is_changed_proven=missing * model.weight + changed == bound,
        seconds=time.monotonic() - began,
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


@dataclass
class _Part:
    """An independent programme: a column for each agent, stand and half hour."""

    programme: Programme = field(default_factory=Programme)
    columns: dict[tuple[int, int, int], int] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)


class _Model:
    """The cover model. `certain`: the cost of every rota, whatever the parts; a gap costs `weight`,
    a change 1.
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
        self.parts = [self._part(cells) for cells in self._together()]
        self._count_certain()

    def _read_decided(self) -> None:
        """Compute what each stand still needs, and has room for, beside what is decided."""
        posts = self.problem.posts
        decided = [[0] * self.problem.length for _ in posts]
        themes_present: dict[Cell, set[int]] = {}
        for (w, t), p in self.problem.fixed.items():
            if p != FREE:
                decided[p][t] += 1
                themes_present.setdefault((p, t), set()).update(self.problem.workers[w].themes)
        self.need: dict[Cell, int] = {}
        self.themes: dict[Cell, list[int]] = {}
        self.room: dict[Cell, int] = {}
        for p, post in enumerate(posts):
            for t in range(self.problem.length):
                self.room[p, t] = max(0, post.maximum[t] - decided[p][t])
                if post.minimum[t]:
                    self.need[p, t] = max(0, post.minimum[t] - decided[p][t])
                    self.themes[p, t] = sorted(post.required[t] - themes_present.get((p, t), set()))

    def _read_choices(self) -> None:
        """List where each agent could be, at each half hour that is open to them."""
        problem, limits = self.problem, self.limits
        base = decided_rows(problem)
        self.choices: dict[Cell, list[int]] = {}
        for w, agent in enumerate(problem.workers):
            for t in range(problem.length):
                if (w, t) in problem.fixed or not agent.available[t]:
                    continue
                before = problem.previous[w][t] if problem.previous is not None else FREE
                useful_posts = [
                    p
                    for p in sorted(agent.posts)
                    if self.room[p, t]
                    and (self.need.get((p, t)) or self.themes.get((p, t)) or p == before)
                ]
                if useful_posts and limits.reached(w, base[w], t) is None:
                    self.choices[w, t] = useful_posts

    def _together(self) -> list[list[Cell]]:
        """Return the cells to decide, in independent groups (union-find)."""
        roots: dict[tuple[str, int, int], tuple[str, int, int]] = {}

        def root(node: tuple[str, int, int]) -> tuple[str, int, int]:
            while (above := roots.setdefault(node, node)) != node:
                roots[node] = node = roots[above]
            return node

        for (w, t), posts in self.choices.items():
            for p in posts:
                roots[root(("stand", p, t))] = root(("agent", w, self.limits.day_of[t]))
        for before, after in self.limits.nights:
            for w in range(len(self.problem.workers)):
                roots[root(("agent", w, before))] = root(("agent", w, after))
        groups: dict[tuple[str, int, int], list[Cell]] = {}
        for w, t in self.choices:
            groups.setdefault(root(("agent", w, self.limits.day_of[t])), []).append((w, t))
        return list(groups.values())

    def _part(self, cells: list[Cell]) -> _Part:
        part = _Part(cells=cells)
        at: dict[Cell, list[int]] = {}
        work: dict[int, dict[int, list[int]]] = {}
        for w, t in cells:
            for p in self.choices[w, t]:
                column = part.programme.column(1, self._change_cost(w, p, t), w)
                part.columns[w, p, t] = column
                at.setdefault((p, t), []).append(w)
                work.setdefault(w, {}).setdefault(t, []).append(column)
        for (p, t), workers in at.items():
            self._add_stand(part, p, t, workers)
        for w, by_time in work.items():
            self._add_agent(part.programme, w, by_time)
        return part

    def _change_cost(self, w: int, p: int, t: int) -> int:
        if self.problem.previous is None:
            return 0
        before = self.problem.previous[w][t]
        return 1 if before == FREE else -int(before == p)

    def _add_stand(self, part: _Part, p: int, t: int, workers: list[int]) -> None:
        programme = part.programme
        columns = [part.columns[w, p, t] for w in workers]
        if self.room[p, t] < len(columns):
            programme.row(columns, -NO_LIMIT, self.room[p, t])
        if need := self.need.get((p, t)):
            lacks = programme.column(need, self.weight, -1)
            programme.row([*columns, lacks], need, NO_LIMIT)
        for theme in self.themes.get((p, t), ()):
            knowing = [
                part.columns[w, p, t] for w in workers if theme in self.problem.workers[w].themes
            ]
            lacks = programme.column(1, self.weight, -1)
            programme.row([*knowing, lacks], 1, NO_LIMIT)

    def _add_agent(self, programme: Programme, w: int, work: dict[int, list[int]]) -> None:
        for columns in work.values():
            if len(columns) > 1:
                programme.row(columns, -NO_LIMIT, 1)
        for d in range(len(self.limits.spans)):
            self._add_day(programme, w, d, work)
        for before, after in self.limits.nights:
            early = [t for t in reversed(self.limits.spans[before]) if t in work]
            late = [t for t in self.limits.spans[after] if t in work]
            clash = partial(self._is_too_near, self.limits.shortest(w, before, after))
            _never_both(programme, w, work, early, late, clash)

    def _is_too_near(self, shortest: int, last: int, first: int) -> bool:
        return self.limits.rest(last, first) < shortest

    def _add_day(self, programme: Programme, w: int, d: int, work: dict[int, list[int]]) -> None:
        decided = set(self.limits.decided[w][d])
        span = self.limits.spans[d]
        open_to = [t for t in span if t in work]
        room = legal.LONGEST_DAY - len(decided)
        if len(open_to) > room:
            programme.row([c for t in open_to for c in work[t]], -NO_LIMIT, room)
        length = legal.LONGEST_RUN + 1
        for first in range(span.start, span.stop - length + 1):
            window = range(first, first + length)
            free = [t for t in window if t not in decided]
            if free and all(t in work for t in free):
                columns = [c for t in free for c in work[t]]
                programme.row(columns, -NO_LIMIT, len(free) - 1)
        widest = self.limits.widest[w][d]
        _never_both(programme, w, work, open_to, open_to, lambda a, b: b - a >= widest)

    def _count_certain(self) -> None:
        """Count the gaps out of reach of any agent, and the changes common to every rota."""
        problem = self.problem
        reachable = {(p, t) for part in self.parts for _, p, t in part.columns}
        for cell, need in self.need.items():
            if cell not in reachable:
                self.certain += self.weight * (need + len(self.themes[cell]))
        if problem.previous is None:
            return
        for w, before in enumerate(problem.previous):
            for t, post in enumerate(before):
                decided = problem.fixed.get((w, t), FREE)
                self.certain += post != decided


def _never_both(
    programme: Programme,
    group: int,
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
    most = max((sum(clash(a, b) for a in before) for b in after), default=0)
    for position, a in enumerate(before[:most]):
        column = programme.column(1, 0, group)
        programme.row([column, *work[a]], 0, NO_LIMIT, [1] + [-1] * len(work[a]))
        if position:
            programme.row([column, worked[-1]], 0, NO_LIMIT, [1, -1])
        worked.append(column)
    for b in after:
        if count := sum(clash(a, b) for a in before):
            programme.row([worked[count - 1], *work[b]], -NO_LIMIT, 1)
