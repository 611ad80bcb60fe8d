"""The cheapest row found is the cheapest of all rows, whatever the prices and the law."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salon.staffing.engine.solving.frames import frames_of
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.pricing import PricingProblem, places_of, profiles_of
from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.engine.solving.scoring import row_cost
from tests.staffing.solving_soft.villages import Row, rows_of, starts_of, village

SCALE = 10
CHANGED = 7
DAYS = ((0,) * 6, (0, 0, 0, 0, 1, 1), (0, 0, 1, 1, 2, 2))


def cheapest_by_load(problem: Problem, prices: np.ndarray, of_places: np.ndarray) -> dict[int, int]:
    worker, places = problem.workers[0], places_of(problem)

    def value(row: Row) -> int:
        total = row_cost(problem, 0, row) * SCALE
        total += sum(int(prices[post, t]) for t, post in enumerate(row) if post != FREE)
        total += sum(
            int(of_places[k])
            for k, (p, t, theme) in enumerate(places)
            if row[t] == p and theme in worker.themes
        )
        if problem.previous is not None:
            changes = sum(new != old for new, old in zip(row, problem.previous[0], strict=True))
            total += CHANGED * changes
        return total

    best: dict[int, int] = {}
    for row in rows_of(problem, 0):
        load = sum(post != FREE for post in row)
        best[load] = min(value(row), best.get(load, value(row)))
    return best


def check(problem: Problem, seed: int) -> None:
    draw = np.random.default_rng(seed)
    prices = draw.integers(-400, 100, (len(problem.posts), problem.length))
    of_places = draw.integers(-100, 1, len(places_of(problem)))
    pricer = PricingProblem(problem, profiles_of(problem, [0]), SCALE)
    assert pricer.is_exact
    priced = pricer.best(prices, of_places, CHANGED)
    best = cheapest_by_load(problem, prices, of_places)
    results = {sum(p != FREE for p in row): value for value, row in priced.rows_by_load(0)}
    assert results == best
    assert int(priced.values[0]) == min(best.values())
    allowed = set(rows_of(problem, 0))
    assert priced.row(0) in allowed
    assert all(row in allowed for _, row in priced.rows_by_load(0))


@settings(max_examples=60)
@given(
    st.randoms(use_true_random=False),
    st.sampled_from(DAYS),
    st.booleans(),
    st.sampled_from((0, 0.3)),
)
def test_no_row_is_cheaper(
    draw: Random, days: tuple[int, ...], has_previous: bool, share_decided: float
) -> None:
    check(village(draw, 1, days, 2, share_decided, has_previous), draw.randrange(2**16))


@pytest.mark.parametrize(
    ("days", "apart", "open_cells"),
    [
        pytest.param((0,) * 26, 24, (0, 1, 5, 12, 13, 24, 25), id="day of 13 h"),
        pytest.param((0,) * 24, 24, (4, 5, 11, 12, 13, 20, 22), id="day of 12 h"),
        pytest.param((0,) * 8 + (1,) * 8, 14, (0, 4, 5, 6, 7, 8, 9, 10), id="night of 10 h"),
        pytest.param(
            (0,) * 4 + (1,) * 4 + (2,) * 4, 12, tuple(range(2, 11)), id="two short nights"
        ),
    ],
)
def test_the_law_holds_beside_what_is_decided(
    days: tuple[int, ...], apart: int, open_cells: tuple[int, ...]
) -> None:
    for seed in range(12):
        draw = Random(seed)
        drawn = village(draw, 1, days, 1, starts=starts_of(days, apart=apart))
        share = draw.choice((0.0, 0.5, 1.0))
        decided = {
            (0, t): 0 if draw.random() < share else FREE
            for t in range(len(days))
            if t not in open_cells
        }
        problem = replace(drawn, fixed=decided)
        check(problem, seed)


def test_frames_hold_no_two_half_hours_too_far_apart() -> None:
    days = (0,) * 26
    problem = village(Random(1), 1, days, 1)
    frames, is_exact = frames_of(Limits(problem), 0)
    assert is_exact
    assert sorted(tuple(t for t, is_open in enumerate(frame) if is_open) for frame in frames) == [
        tuple(range(24)),
        tuple(range(1, 25)),
        tuple(range(2, 26)),
    ]


def test_agents_whom_nothing_tells_apart_share_a_profile() -> None:
    problem = village(Random(3), 1)
    twins = replace(problem, workers=problem.workers * 3)
    assert [profile.workers for profile in profiles_of(twins, range(3))] == [(0, 1, 2)]
    apart = replace(twins, fixed={(1, 0): FREE})
    assert [profile.workers for profile in profiles_of(apart, range(3))] == [(0, 2), (1,)]
