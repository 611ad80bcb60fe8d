"""Where agents may be, beside what is decided, within their limits and the room of stands, as an
integer programme; `cover.py` and `polish.py` add what they minimise.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial

from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import FREE, decided_rows
from salon.staffing.engine.solving.programme import NO_LIMIT, Programme
from salon.staffing.engine.solving.scoring import LUNCH

Cell = tuple[int, int]
"""An agent and a half hour, or a stand and a half hour."""


class RotaModel(ABC):
    """A column for each agent of `workers`, stand and half hour that is open.

    `beside`: the schedules of all other agents. `need`, `themes`, `room`: what each stand still
    needs, and has room for, beside them and what is decided.
    """

    def __init__(self, limits: Limits, workers: Sequence[int], beside: Presence) -> None:
        self.limits, self.problem = limits, limits.problem
        self.workers = workers
        self.decided = decided_rows(self.problem)
        self.beside = beside.with_rows((worker, self.decided[worker]) for worker in workers)
        self._read_stands()
        self._read_choices()
        self.programme = Programme()
        self.columns: dict[tuple[int, int, int], int] = {}
        self._build()

    def _read_stands(self) -> None:
        self.need: dict[Cell, int] = {}
        self.themes: dict[Cell, list[int]] = {}
        self.room: dict[Cell, int] = {}
        for post, stand in enumerate(self.problem.posts):
            for at, present in enumerate(self.beside.here[post]):
                self.room[post, at] = max(0, self.beside.room[post][at] - present)
                if stand.minimum[at]:
                    self.need[post, at] = max(0, stand.minimum[at] - present)
                    self.themes[post, at] = sorted(
                        theme
                        for theme in stand.required[at]
                        if not self.beside.answers(post, at, theme)
                    )

    def _read_choices(self) -> None:
        """List where each agent could be, at each half hour that is open to them."""
        problem, limits = self.problem, self.limits
        self.choices: dict[Cell, list[int]] = {}
        for worker in self.workers:
            agent = problem.workers[worker]
            for at in range(problem.length):
                if (worker, at) in problem.fixed or not agent.available[at]:
                    continue
                useful_posts = [
                    post
                    for post in sorted(agent.posts)
                    if self.room[post, at] and self.is_useful(worker, post, at)
                ]
                if useful_posts and limits.reached(worker, self.decided[worker], at) is None:
                    self.choices[worker, at] = useful_posts

    def is_useful(self, worker: int, post: int, at: int) -> bool:
        """Return whether to model the agent's presence there."""
        return True

    def cost(self, worker: int, post: int, at: int) -> int:
        """Return the cost of the agent's presence there by itself."""
        return 0

    @abstractmethod
    def add_gap(self, columns: Sequence[int], need: int) -> None:
        """Add the least number of agents, with a theme or not, and what they may lack."""

    def _build(self) -> None:
        workers_at: dict[Cell, list[int]] = {}
        self.work: dict[int, dict[int, list[int]]] = {worker: {} for worker in self.workers}
        for (worker, at), posts in self.choices.items():
            for post in posts:
                column = self.programme.column(1, self.cost(worker, post, at))
                self.columns[worker, post, at] = column
                workers_at.setdefault((post, at), []).append(worker)
                self.work[worker].setdefault(at, []).append(column)
        for (post, at), workers in workers_at.items():
            self._add_stand(post, at, workers)
        for worker, by_time in self.work.items():
            self._add_agent(worker, by_time)

    def _add_stand(self, post: int, at: int, workers: list[int]) -> None:
        columns = [self.columns[worker, post, at] for worker in workers]
        if self.room[post, at] < len(columns):
            self.programme.row(columns, -NO_LIMIT, self.room[post, at])
        if need := self.need.get((post, at)):
            self.add_gap(columns, need)
        for theme in self.themes.get((post, at), ()):
            knowing = [
                self.columns[worker, post, at]
                for worker in workers
                if theme in self.problem.workers[worker].themes
            ]
            self.add_gap(knowing, 1)

    @property
    def certain_gaps(self) -> int:
        """Return the weight of the gaps that none of these agents can fill."""
        reachable = {(post, at) for _, post, at in self.columns}
        return sum(
            need + len(self.themes[cell])
            for cell, need in self.need.items()
            if cell not in reachable
        )

    def lunches(self, worker: int, day: int) -> list[int]:
        """Return a column for each time when the agent may have lunch: 1 at one at most, and only
        when they do.
        """
        times = [at for at in self.limits.spans[day] if self.problem.lunch[at]]
        taken: dict[int, list[int]] = {at: [] for at in times}
        columns = []
        for first in range(len(times) - LUNCH + 1):
            hour = times[first : first + LUNCH]
            if all(self.decided[worker][at] == FREE for at in hour):
                columns.append(self.programme.column(1, 0))
                for at in hour:
                    taken[at].append(columns[-1])
        for at, lunches in taken.items():
            if lunches:
                self.programme.row([*lunches, *self.work[worker].get(at, [])], -NO_LIMIT, 1)
        return columns

    def rows(self, values: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return the schedules of the agents that an answer gives."""
        rows = {worker: list(self.decided[worker]) for worker in self.workers}
        for (worker, post, at), column in self.columns.items():
            if values[column]:
                rows[worker][at] = post
        return {worker: tuple(row) for worker, row in rows.items()}

    def _add_agent(self, worker: int, work: dict[int, list[int]]) -> None:
        programme = self.programme
        for columns in work.values():
            if len(columns) > 1:
                programme.row(columns, -NO_LIMIT, 1)
        for day in range(len(self.limits.spans)):
            self._add_day(worker, day, work)
            if self.limits.must_lunch[worker][day]:
                programme.row(self.lunches(worker, day), 1, NO_LIMIT)
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
