"""Make a rota: cover first and proven, then the soft rules by column generation.

Reference: Desaulniers, Desrosiers & Solomon (2005), Column Generation; `docs/rota-model.md`. No
library prices an agent's day by these rules, and one model in CP-SAT costs half as much again.
Where columns end far from the bound, CP-SAT goes on from their rota, team by team (`polish.py`).
"""

import time
from collections.abc import Callable

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.problem import Problem
from salon.staffing.engine.solving.scoring import cost_of, gaps_of
from salon.staffing.engine.solving.soft import SearchEffort, improve_soft_rules
from salon.staffing.engine.solving.solution import Progress, Solution
from salon.staffing.models.effort import Effort

WORK = {
    Effort.QUICK: SearchEffort(rounds=20, barren=10),
    Effort.FULL: SearchEffort(rounds=20, barren=10, polish=140.0),
}


def solve(
    problem: Problem,
    effort: Effort = Effort.QUICK,
    report: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Solution:
    """Return the best rota found.

    `bound`: the lower bound on the cost of any rota that leaves as little missing and changes as
    little; None when that much was not proven.
    """
    began = time.monotonic()

    stopped = False

    def is_stopped() -> bool:
        nonlocal stopped
        stopped = stopped or stop()
        return stopped

    def seconds() -> float:
        return time.monotonic() - began

    report(Progress("cover", None, None, None, 0.0))
    covered = cover(problem, stop=is_stopped)
    missing, is_proven = covered.missing, covered.is_proven and covered.is_changed_proven
    cost = cost_of(problem, covered.rota)
    stage = "cover" if problem.previous is None else "changes"
    report(Progress(stage, missing, cost, None, seconds()))

    def report_soft(stage: str, cost: int, bound: int | None) -> None:
        report(Progress(stage, missing, cost, bound if is_proven else None, seconds()))

    improved = improve_soft_rules(
        problem, covered.rota, covered.changed, WORK[effort], report_soft, is_stopped
    )
    bound = improved.bound if is_proven else None
    if covered.is_proven and missing:
        status = "impossible"
    elif bound == improved.cost:
        status = "optimal"
    else:
        status = "stopped" if stopped else "feasible"
    return Solution(
        status=status,
        rota=improved.rota,
        missing=missing,
        is_cover_proven=covered.is_proven,
        cost=improved.cost,
        bound=bound,
        seconds=seconds(),
        gaps=gaps_of(problem, improved.rota),
    )
