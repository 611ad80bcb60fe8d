"""Rotas of three villages: cover, cost, proven bound and gap, beside other ways on the same data.

Each rota is scored again here. The floor is the cost of the best of the other rotas (the one that
lacks least, then costs least): fifty greedy runs, those followed by annealing for as long as ours
took, and CP-SAT on slot booleans hinted with the best greedy run, for as long too (at most
SLOTS_LIMIT).
"""

import time
from dataclasses import dataclass

from bench.report import Line, Target, at_most, exactly, print_table, step
from bench.rota_baselines import anneal, greedy_runs, slot_booleans, value_of
from bench.rota_instances import instance
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.problem import Problem
from salon.staffing.engine.solving.solve import Solution, solve
from salon.staffing.models.effort import Effort


@dataclass(frozen=True)
class Aim:
    """Seconds for cover, and for the whole; the widest gap, as a share of the cost."""

    effort: Effort
    cover: float
    whole: float | None
    gap: float | None


AIMS = {
    "demonstration": Aim(Effort.FULL, 1, 60, 0.02),
    "60x20": Aim(Effort.FULL, 3, 120, 0.15),
    "300x60": Aim(Effort.QUICK, 15, None, None),
}
SLOTS_LIMIT = 60.0
LESS = Target("< floor", lambda ours, floor: floor is not None and ours < floor)


def run() -> None:
    for name, aim in AIMS.items():
        _measure(name, instance(name), aim)


def _measure(name: str, problem: Problem, aim: Aim) -> None:
    step(f"rota: {name}, cover")
    covered = cover(problem)
    lines = [
        Line("cover: seconds", [covered.seconds], target=at_most(aim.cover, "s"), digits=2),
        Line("cover: proven (1) or not", [int(covered.is_proven)], target=exactly(1)),
        Line("missing", [covered.missing]),
    ]
    if name == "demonstration":
        step(f"rota: {name}, quick")
        quick = solve(problem, Effort.QUICK)
        lines += [
            Line("quick: seconds", [quick.seconds], target=at_most(10, "s"), digits=1),
            Line("quick: cost", [quick.cost]),
        ]
    step(f"rota: {name}, {aim.effort}")
    ours = solve(problem, aim.effort)
    others = _others(name, problem, ours.seconds)
    _, floor = min(worth for _, worth, _ in others)
    lines += _lines(problem, ours, aim, floor)
    notes = [
        f"{words}: {missing} missing, cost {cost:,}{after}"
        for words, (missing, cost), after in others
    ]
    print_table(
        f"Rota, {len(problem.workers)} agents × {len(problem.posts)} stands × {problem.length} "
        f"half hours ({name}, {aim.effort}: {ours.status})",
        lines,
        *notes,
    )


def _lines(problem: Problem, ours: Solution, aim: Aim, floor: int) -> list[Line]:
    missing, cost = value_of(problem, ours.rota)
    lines = [
        Line("solve: missing", [missing], target=exactly(ours.missing)),
        Line("solve: seconds", [ours.seconds], digits=1),
        Line("solve: cost", [cost], [floor], target=LESS),
    ]
    if aim.whole:
        lines[1] = Line("solve: seconds", [ours.seconds], target=at_most(aim.whole, "s"), digits=1)
    if ours.bound is None:
        return lines
    gap = 100 * (cost - ours.bound) / cost
    target = at_most(100 * aim.gap, "%") if aim.gap else None
    return [
        *lines,
        Line("solve: proven bound", [ours.bound]),
        Line("solve: gap, % of cost", [gap], target=target, digits=2),
    ]


def _others(name: str, problem: Problem, seconds: float) -> list[tuple[str, tuple[int, int], str]]:
    step(f"rota: {name}, greedy runs")
    began = time.monotonic()
    greedy = greedy_runs(problem)
    spent = time.monotonic() - began
    step(f"rota: {name}, annealing for {seconds:.0f} s")
    annealed, moves = anneal(problem, greedy, seconds)
    limit = min(SLOTS_LIMIT, seconds)
    step(f"rota: {name}, CP-SAT for {limit:.0f} s")
    slots, bound = slot_booleans(problem, greedy, limit)
    return [
        ("50 greedy runs", value_of(problem, greedy), f" in {spent:.1f} s"),
        (
            "greedy runs, then annealing",
            value_of(problem, annealed),
            f" in {seconds:.1f} s more ({moves:,} moves)",
        ),
        (
            "CP-SAT, slot booleans, hinted",
            value_of(problem, slots),
            f" in {limit:.1f} s (its bound: {bound:,.0f})",
        ),
    ]


if __name__ == "__main__":
    run()
