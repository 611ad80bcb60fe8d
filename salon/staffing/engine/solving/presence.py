"""Count the agents on each stand at each half hour, and the needs left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salon.staffing.engine.solving.problem import FREE, Problem


@dataclass(frozen=True)
class Shortfall:
    """Agents who may lack: from `least` to `most`, at `cost` each. Either all count as missing, or
    none does.
    """

    least: int
    most: int
    cost: int
    is_missing: bool


@dataclass(frozen=True)
class Need:
    """A stand at a half hour: agents present and agents lacking make `full`; `spare` more may
    come.
    """

    post: int
    at: int
    full: int
    spare: int
    short: tuple[Shortfall, ...]


class Presence:
    """The schedules of several agents, added up.

    `here[p][t]` counts agents; `theme_counts[p, t, theme]`, the agents able to answer it.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.here = [[0] * problem.length for _ in problem.posts]
        self.theme_counts: dict[tuple[int, int, int], int] = {}
        self.room = [list(stand.maximum) for stand in problem.posts]
        decided: dict[tuple[int, int], int] = {}
        for (_, at), post in problem.fixed.items():
            if post != FREE:
                decided[post, at] = decided.get((post, at), 0) + 1
        for (post, at), count in decided.items():
            self.room[post][at] = max(self.room[post][at], count)

    def add(self, worker: int, row: Sequence[int], sign: int = 1) -> None:
        themes = self.problem.workers[worker].themes
        for at, post in enumerate(row):
            if post != FREE:
                self.here[post][at] += sign
                for theme in self.problem.posts[post].required[at] & themes:
                    self.theme_counts[post, at, theme] = (
                        self.theme_counts.get((post, at, theme), 0) + sign
                    )

    def with_rows(self, rows: Iterable[tuple[int, Sequence[int]]]) -> "Presence":
        for worker, row in rows:
            self.add(worker, row)
        return self

    def answers(self, post: int, at: int, theme: int) -> bool:
        return self.theme_counts.get((post, at, theme), 0) > 0

    def needs(self, missing: int) -> list[Need]:
        """Return the need left of each stand, by stand and half hour, when at most `missing` may
        lack in all.
        """
        return [
            self._need(post, at, missing)
            for post in range(len(self.problem.posts))
            for at in range(self.problem.length)
        ]

    def _need(self, post: int, at: int, missing: int) -> Need:
        stand, present = self.problem.posts[post], self.here[post][at]
        least, wished = max(0, stand.minimum[at] - present), max(0, stand.wished[at] - present)
        room = max(0, self.room[post][at] - present)
        unit_cost = self.problem.weights.unwished
        most = min(least, missing)
        if wished >= least:
            parts = [(wished - least, unit_cost, False), (most, unit_cost, True)]
        else:
            above = min(least - wished, most)
            parts = [(above, 0, True), (most - above, unit_cost, True)]
        full = max(least, wished)
        forced = max(0, full - room)
        shortfalls = []
        for count, cost, is_missing in parts:
            if count:
                shortfalls.append(Shortfall(min(count, forced), count, cost, is_missing))
                forced -= min(count, forced)
        return Need(post, at, full, max(0, room - full), tuple(shortfalls))
