"""Which new day each former day becomes."""

from datetime import date

import pytest

from salon.fair.engine.day_moves import moves_between


@pytest.mark.parametrize(
    ("former", "new", "moves"),
    [
        ([1], [8], {1: 8}),
        ([1, 2], [2, 3], {1: 2, 2: 3}),
        ([1, 2], [2], {1: 1, 2: 2}),
        ([1, 2], [1], {1: 1, 2: 2}),
        ([1, 2], [9], {1: 9, 2: 2}),
        ([2], [1, 2], {2: 2}),
        ([9], [1, 2], {9: 1}),
        ([], [1], {}),
    ],
    ids=[
        *("a week later", "both a day later", "the first given up", "the last given up"),
        *("one other day", "one more before", "two other days", "the first days"),
    ],
)
def test_days_follow_one_another(former: list[int], new: list[int], moves: dict[int, int]) -> None:
    days = moves_between(
        [date(2027, 10, day) for day in former], [date(2027, 10, day) for day in new]
    )
    assert {old.day: day.day for old, day in days.items()} == moves
