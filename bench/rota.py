"""Rotas of two villages: cover, cost, and its gap to the proven bound, quick and complete.

The floor is the lower bound that the solver proves for any rota: what is left between both is all
that a better search could gain. Each rota is scored again here.
"""

import time

from bench.report import Line, at_most, exactly, print_table, step
from bench.rota_instances import NAMES, instance
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.scoring import cost_of, missing_of
from salon.staffing.engine.solving.solve import solve
from salon.staffing.models.effort import Effort

COVER_S = {"demonstration": 1, "60x20": 3}
SOLVE_S = {Effort.QUICK: 30, Effort.FULL: 180}
GAP = {"demonstration": 2, "60x20": 15}
"""The widest gap, in % of the cost."""


def run() -> None:
    for name in NAMES:
        _measure(name)


def _measure(name: str) -> None:
    problem = instance(name)
    step(f"rota: {name}, cover")
    began = time.monotonic()
    covered = cover(problem)
    seconds = time.monotonic() - began
    lines = [
        Line("cover: seconds", [seconds], target=at_most(COVER_S[name], "s"), digits=2),
        Line("cover: proven (1) or not", [int(covered.is_proven)], target=exactly(1)),
        Line("missing", [covered.missing]),
    ]
    for effort, limit_s in SOLVE_S.items():
        step(f"rota: {name}, {effort}")
        solution = solve(problem, effort)
        cost, bound = cost_of(problem, solution.rota), solution.bound
        gap = 100 * (cost - (bound or 0)) / cost
        lines += [
            Line(f"{effort}: seconds", [solution.seconds], target=at_most(limit_s, "s"), digits=1),
            Line(
                "  missing",
                [missing_of(problem, solution.rota)],
                target=exactly(covered.missing),
            ),
            Line("  cost, beside its proven bound", [cost], [bound] if bound else ()),
            Line("  gap, % of the cost", [gap], target=at_most(GAP[name], "%"), digits=2),
        ]
    print_table(
        f"Rota, {len(problem.workers)} agents × {len(problem.posts)} stands × {problem.length} "
        f"half hours ({name})",
        lines,
        "floor: the lower bound that is proven for the cost of any rota.",
    )


if __name__ == "__main__":
    run()
