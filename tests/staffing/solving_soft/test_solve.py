"""Solved rotas: nothing broken, no cover lost, a bound that is one, the same each time."""

import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.rota_instances import instance
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import (
    cost_of,
    gaps_of,
    has_lunch,
    missing_of,
    over_maximum,
    row_breaks,
)
from salon.staffing.engine.solving.solve import Progress, Solution, solve
from salon.staffing.models.effort import Effort
from tests.staffing.solving_soft.villages import best_worth, changed_of, village, worth

SOLVING = """
from random import Random
from salon.staffing.engine.solving.solve import solve
from tests.staffing.solving_soft.villages import village
print(solve(village(Random(34), 5, (0,) * 12, 3)).rota)
"""


@pytest.fixture(scope="module")
def demonstration() -> Problem:
    return instance("demonstration")


@pytest.fixture(scope="module")
def steps() -> list[Progress]:
    """List to which `solved` adds the steps that it reports."""
    return []


@pytest.fixture(scope="module")
def solved(demonstration: Problem, steps: list[Progress]) -> Solution:
    return solve(demonstration, report=steps.append)


def may_have_lunch(problem: Problem, w: int, day: range) -> bool:
    """Return whether what is decided for an agent, and the hours drawn for lunch, leave one."""
    decided = [problem.fixed.get((w, t), FREE) for t in range(problem.length)]
    return has_lunch(problem, decided, day)


def breaks_of(problem: Problem, rota: Rota) -> list[str]:
    """Return the hard rules broken; lunch at the half hours that the problem says, drawn ones."""
    broken = [
        row_break
        for w, row in enumerate(rota)
        for row_break in row_breaks(problem, w, row)
        if row_break != "lunch"
    ]
    return broken + [
        "lunch"
        for w, row in enumerate(rota)
        for day in problem.spans
        if problem.workers[w].limits.lunch
        and may_have_lunch(problem, w, day)
        and not has_lunch(problem, row, day)
    ]


def check(problem: Problem, solution: Solution) -> None:
    """Check the properties of every solution."""
    assert not over_maximum(problem, solution.rota)
    assert solution.missing == missing_of(problem, solution.rota)
    assert solution.cost == cost_of(problem, solution.rota)
    assert solution.gaps == gaps_of(problem, solution.rota)
    if solution.bound is not None:
        assert solution.bound <= solution.cost
    for (w, t), decided in problem.fixed.items():
        assert solution.rota[w][t] == decided


@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from((0.0, 0.15)))
def test_a_bound_is_never_above_the_best_rota_of_all(
    draw: Random, has_previous: bool, share_decided: float
) -> None:
    problem = village(draw, 3, (0,) * 3, 2, share_decided, has_previous)
    solution = solve(problem, Effort.FULL)
    check(problem, solution)
    missing, changed, cost = best_worth(problem)
    row = worth(problem, solution.rota)
    assert row[:2] == (missing, changed)
    assert solution.is_cover_proven
    assert solution.bound is not None
    assert solution.bound <= cost <= row[2]
    assert solution.status == (
        "impossible" if missing else "optimal" if solution.bound == row[2] else "feasible"
    )


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_no_hard_rule_is_broken_and_no_cover_lost(draw: Random) -> None:
    days = draw.choice(((0,) * 19, (0,) * 10 + (1,) * 10, (0,) * 26))
    problem = village(draw, draw.randint(4, 9), days, draw.randint(2, 4))
    solution = solve(problem)
    check(problem, solution)
    assert breaks_of(problem, solution.rota) == []
    assert solution.missing == cover(problem).missing


def test_the_demonstration_is_within_two_hundredths_of_its_bound(
    demonstration: Problem, solved: Solution
) -> None:
    check(demonstration, solved)
    assert breaks_of(demonstration, solved.rota) == []
    assert solved.missing == 0
    assert solved.bound is not None
    assert solved.cost <= 1.02 * solved.bound


def test_two_processes_give_the_same_rota() -> None:
    """Two processes, whose sets and dictionaries are in another order."""
    rotas = {
        subprocess.run(
            [sys.executable, "-c", SOLVING],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(rotas) == 1


def test_progress_only_gets_better(solved: Solution, steps: list[Progress]) -> None:
    assert steps[0].stage == "cover"
    soft = [progress for progress in steps if progress.stage == "soft"]
    costs = [progress.cost for progress in soft if progress.cost is not None]
    bounds = [progress.bound for progress in soft if progress.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert {progress.missing for progress in soft} == {0}


@pytest.mark.parametrize("calls", [0, 60, 150])
def test_stopped_it_gives_the_best_so_far(demonstration: Problem, calls: int) -> None:
    call_count = 0

    def stop() -> bool:
        nonlocal call_count
        call_count += 1
        return call_count > calls

    solution = solve(demonstration, Effort.FULL, stop=stop)
    assert solution.status == "stopped"
    check(demonstration, solution)
    assert breaks_of(demonstration, solution.rota) == []


def test_what_is_decided_is_kept(demonstration: Problem) -> None:
    fixed = {(0, t): 0 for t in range(4)} | {(12, t): FREE for t in range(3)} | {(20, 9): 6}
    problem = replace(demonstration, fixed=fixed)
    check(problem, solve(problem))


def test_an_absence_changes_few_cells(demonstration: Problem, solved: Solution) -> None:
    absent = {(0, t): FREE for t in range(8)}
    problem = replace(demonstration, fixed=absent, previous=solved.rota)
    least = cover(problem)
    solution = solve(problem)
    check(problem, solution)
    assert solution.missing == least.missing
    assert changed_of(problem, solution.rota) == least.changed
    freed = sum(post != FREE for post in solved.rota[0][:8])
    assert freed <= changed_of(problem, solution.rota) <= 2 * freed + 4


def test_nobody_nowhere_costs_what_is_wished_for(demonstration: Problem) -> None:
    alone = solve(replace(demonstration, workers=()))
    assert alone.status == "impossible"
    assert alone.bound == alone.cost == 10 * sum(sum(post.wished) for post in demonstration.posts)
    assert solve(replace(demonstration, posts=(), workers=())).status == "optimal"
