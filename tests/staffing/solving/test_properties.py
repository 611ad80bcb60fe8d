"""Whatever the village: no hard rule broken, no gap untold, nothing better left unfound."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from salon.staffing.engine.solving.cover import changed_of, cover
from salon.staffing.engine.solving.greedy import greedy
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.scoring import missing_of, over_maximum
from tests.staffing.solving.checker import faults
from tests.staffing.solving.instances import (
    after,
    fewest,
    is_within_room,
    keeps_the_law,
    villages,
    wide_villages,
    written,
)

FEW = settings(max_examples=60)
MANY = settings(max_examples=200)


def breaks_nothing(problem: Problem, rota: Rota) -> bool:
    """A complete rota that holds what is decided and keeps every hard rule besides."""
    return (
        len(rota) == len(problem.workers)
        and all(len(row) == problem.length for row in rota)
        and all(
            problem.can_hold(w, post, t)
            for w, row in enumerate(rota)
            for t, post in enumerate(row)
            if post >= 0 or (w, t) in problem.fixed
        )
        and all(keeps_the_law(problem, w, row) for w, row in enumerate(rota))
        and is_within_room(problem, rota)
        and not over_maximum(problem, rota)
    )


@MANY
@given(villages())
def test_the_missing_is_the_least_there_is(problem: Problem) -> None:
    covered_plan = cover(problem)
    assert breaks_nothing(problem, covered_plan.rota)
    assert covered_plan.is_proven
    assert covered_plan.missing == covered_plan.bound == missing_of(problem, covered_plan.rota)
    assert covered_plan.missing == fewest(problem)[0]


@MANY
@given(villages(with_previous=True))
def test_as_few_cells_as_can_be_are_changed(problem: Problem) -> None:
    covered_plan = cover(problem)
    assert breaks_nothing(problem, covered_plan.rota)
    assert covered_plan.is_proven
    assert covered_plan.is_changed_proven
    assert (covered_plan.missing, covered_plan.changed) == fewest(problem)
    assert covered_plan.changed == changed_of(problem, covered_plan.rota)


@FEW
@given(wide_villages())
def test_a_larger_village_is_right_when_read_again(problem: Problem) -> None:
    covered_plan = cover(problem)
    assert covered_plan.is_proven
    assert faults(written(problem, covered_plan.rota)) == []
    assert faults(written(problem, greedy(problem))) == []
    assert covered_plan.missing <= missing_of(problem, greedy(problem))


@FEW
@given(wide_villages())
def test_the_same_village_gives_the_same_rota(problem: Problem) -> None:
    copy = replace(problem, workers=tuple(problem.workers), fixed=dict(problem.fixed))
    assert cover(problem).rota == cover(copy).rota


@FEW
@given(wide_villages())
def test_a_covered_village_stays_as_it_is(problem: Problem) -> None:
    first = cover(problem)
    second_solution = cover(replace(problem, previous=first.rota))
    assert (second_solution.rota, second_solution.changed, second_solution.missing) == (
        first.rota,
        0,
        first.missing,
    )


@FEW
@given(st.one_of(villages(with_previous=True), wide_villages()), st.integers(0, 3))
def test_a_stopped_search_gives_a_rota_and_claims_nothing_false(
    problem: Problem, looks: int
) -> None:
    covered_plan = cover(problem, stop=after(looks))
    assert breaks_nothing(problem, covered_plan.rota)
    assert covered_plan.bound <= cover(problem).missing <= covered_plan.missing
    assert covered_plan.is_proven == (covered_plan.bound == covered_plan.missing)
