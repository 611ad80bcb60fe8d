"""Small integer programmes against the list of all their solutions."""

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salon.staffing.engine.solving.programme import NO_LIMIT, Programme, solve
from tests.staffing.solving.instances import after

SIGNS = st.sampled_from([-1, 1, 1, 2])


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Knots of columns that exclude each other: their relaxation is often not whole."""
    programme = Programme()
    for number in range(draw(st.integers(1, 7))):
        programme.column(draw(st.sampled_from([1, 1, 1, 2])), draw(st.integers(-3, 3)), number // 2)
    columns = range(len(programme.upper))
    for _ in range(draw(st.integers(0, 8))):
        chosen = sorted(draw(st.sets(st.sampled_from(columns), min_size=1, max_size=3)))
        low, high = draw(
            st.sampled_from([(-NO_LIMIT, 1), (1, NO_LIMIT), (0, NO_LIMIT), (-NO_LIMIT, 2), (1, 2)])
        )
        signs = draw(st.lists(SIGNS, min_size=len(chosen), max_size=len(chosen)))
        programme.row(chosen, low, high, signs)
    return programme


def least(programme: Programme) -> int | None:
    assignments = itertools.product(*(range(upper + 1) for upper in programme.upper))
    return min(
        (programme.cost(item) for item in assignments if programme.holds(item)), default=None
    )


@settings(max_examples=300)
@given(programmes())
def test_the_optimum_is_found_and_proven(programme: Programme) -> None:
    best = least(programme)
    assume(best is not None)
    answer = solve(programme, lambda: False)
    assert answer.values is not None
    assert programme.holds(answer.values)
    assert programme.cost(answer.values) == answer.bound == best


@settings(max_examples=100)
@given(programmes(), st.lists(st.floats(-3, 3), min_size=8, max_size=8))
def test_a_bound_is_never_above_the_optimum(programme: Programme, multipliers: list[float]) -> None:
    best = least(programme)
    assume(best is not None)
    assert best is not None
    assert programme.bound(multipliers[: len(programme.rows)]) <= best


@settings(max_examples=50)
@given(programmes(), st.integers(0, 3))
def test_a_stopped_search_claims_nothing_false(programme: Programme, looks: int) -> None:
    best = least(programme)
    answer = solve(programme, after(looks))
    if answer.values is not None:
        assert programme.holds(answer.values)
    assert best is None or answer.bound <= best
