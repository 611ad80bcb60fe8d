"""Makes a rota: cover first and proven, then the soft rules."""

import time
from collections.abc import Callable

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.problem import Problem
from salon.staffing.engine.solving.scoring import cost_of, gaps_of
from salon.staffing.engine.solving.soft import Work, soften
from salon.staffing.engine.solving.solution import Progress, Solution
from salon.staffing.models.effort import Effort

WORK = {Effort.QUICK: Work(rounds=16, barren=8), Effort.FULL: Work(rounds=100, barren=24)}


def solve(
    problem: Problem,
    effort: Effort = Effort.FULL,
    tell: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Solution:
    """The best rota found.

    `bound`: what no rota that leaves as little missing, and changes as little, can cost less
    than; None when that much was not proven.
    """
    began = time.monotonic()

    stopped = False

    def is_stopped() -> bool:
        nonlocal stopped
        stopped = stopped or stop()
        return stopped

    def seconds() -> float:
        return time.monotonic() - began

    tell(Progress("cover", None, None, None, 0.0))
    covered = cover(problem, stop=is_stopped)
    missing, is_proven = covered.missing, covered.is_proven and covered.is_changed_proven
    cost = cost_of(problem, covered.rota)
    stage = "cover" if problem.previous is None else "changes"
    tell(Progress(stage, missing, cost, None, seconds()))

    def tell_soft(cost: int, bound: int | None) -> None:
        tell(Progress("soft", missing, cost, bound if is_proven else None, seconds()))

    softened = soften(problem, covered.rota, covered.changed, WORK[effort], tell_soft, is_stopped)
    bound = softened.bound if is_proven else None
    if covered.is_proven and missing:
        status = "impossible"
    elif bound == softened.cost:
        status = "optimal"
    else:
        status = "stopped" if stopped else "feasible"
    return Solution(
        status=status,
        rota=softened.rota,
        missing=missing,
        is_cover_proven=covered.is_proven,
        cost=softened.cost,
        bound=bound,
        seconds=seconds(),
        gaps=gaps_of(problem, softened.rota),
    )
