"""Small integer programmes against the list of all their solutions."""

import itertools
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salon.staffing.engine.solving.programme import NO_LIMIT, Programme
from tests.staffing.solving.instances import after

SIGNS = st.sampled_from([-1, 1, 1, 2])
LIMITS = st.sampled_from([(-NO_LIMIT, 1), (1, NO_LIMIT), (0, NO_LIMIT), (-NO_LIMIT, 2), (1, 2)])


@dataclass
class Sums:
    """The same programme written out: upper limits, costs, and rows as (columns, signs, limits)."""

    columns: list[tuple[int, int]]
    rows: list[tuple[list[int], list[int], tuple[int, int]]]

    def programme(self) -> Programme:
        programme = Programme()
        for upper, cost in self.columns:
            programme.column(upper, cost)
        for chosen, signs, limits in self.rows:
            programme.row(chosen, *limits, signs)
        return programme

    def cost(self, values: tuple[int, ...]) -> int:
        return sum(cost * value for (_, cost), value in zip(self.columns, values, strict=True))

    def holds(self, values: tuple[int, ...]) -> bool:
        return all(
            low <= sum(sign * values[c] for c, sign in zip(chosen, signs, strict=True)) <= high
            for chosen, signs, (low, high) in self.rows
        )

    def least(self) -> int | None:
        assignments = itertools.product(*(range(upper + 1) for upper, _ in self.columns))
        return min((self.cost(item) for item in assignments if self.holds(item)), default=None)


@st.composite
def sums(draw: st.DrawFn) -> Sums:
    """Columns that exclude each other: their relaxation is often not whole."""
    column = st.tuples(st.sampled_from([1, 1, 1, 2]), st.integers(-3, 3))
    columns = draw(st.lists(column, min_size=1, max_size=7))
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        numbers = st.sampled_from(range(len(columns)))
        chosen = sorted(draw(st.sets(numbers, min_size=1, max_size=3)))
        signs = draw(st.lists(SIGNS, min_size=len(chosen), max_size=len(chosen)))
        rows.append((chosen, signs, draw(LIMITS)))
    return Sums(columns, rows)


@settings(max_examples=200)
@given(sums())
def test_the_optimum_is_found_and_proven(written: Sums) -> None:
    best = written.least()
    assume(best is not None)
    answer = written.programme().solve(lambda: False)
    assert answer.values is not None
    assert written.holds(tuple(answer.values))
    assert written.cost(tuple(answer.values)) == answer.bound == best


@settings(max_examples=50)
@given(sums(), st.integers(0, 3))
def test_a_stopped_search_claims_nothing_false(written: Sums, looks: int) -> None:
    best = written.least()
    answer = written.programme().solve(after(looks))
    if answer.values is not None:
        assert written.holds(tuple(answer.values))
    assert best is None or answer.bound <= best
