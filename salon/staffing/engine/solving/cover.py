"""Minimise the missing agents and themes, proven; then the cells changed.

Only what can matter is modelled: stands at the half hours when they have a minimum, and the cells
of the previous rota.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from salon.staffing.engine.solving.greedy import greedy
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.programme import NO_LIMIT
from salon.staffing.engine.solving.rota_model import RotaModel
from salon.staffing.engine.solving.scoring import missing_of


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
    model = _CoverModel(problem)
    answer = model.programme.solve(stop)
    rota = tuple(model.rows(answer.values).values()) if answer.values else greedy(problem)
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


def changed_of(problem: Problem, rota: Rota, workers: Iterable[int] | None = None) -> int:
    """Return how many cells differ from the previous rota, of these agents or of all; 0 without
    one.
    """
    if problem.previous is None:
        return 0
    return sum(
        new != old
        for worker in (range(len(rota)) if workers is None else workers)
        for new, old in zip(rota[worker], problem.previous[worker], strict=True)
    )


class _CoverModel(RotaModel):
    """The cover model. `certain`: the cost of every rota, whatever the columns; a gap costs
    `weight`, a change 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.most_changes = 0
        if problem.previous is not None:
            self.most_changes = len(problem.workers) * problem.length
        self.weight = self.most_changes + 1
        super().__init__(Limits(problem), range(len(problem.workers)), Presence(problem))
        self.certain = self.weight * self.certain_gaps
        if problem.previous is not None:
            self.certain += changed_of(problem, tuple(map(tuple, self.decided)))

    def is_useful(self, worker: int, post: int, at: int) -> bool:
        """Return whether the stand lacks agents or a theme then, or had the agent before."""
        before = self.problem.previous[worker][at] if self.problem.previous is not None else FREE
        place = post, at
        return bool(self.need.get(place) or self.themes.get(place) or post == before)

    def cost(self, worker: int, post: int, at: int) -> int:
        if self.problem.previous is None:
            return 0
        before = self.problem.previous[worker][at]
        return 1 if before == FREE else -int(before == post)

    def add_gap(self, columns: Sequence[int], need: int) -> None:
        lacks = self.programme.column(need, self.weight)
        self.programme.row([*columns, lacks], need, NO_LIMIT)
