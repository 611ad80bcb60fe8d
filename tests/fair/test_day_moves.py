"""Which new day each former day becomes."""

from datetime import date

import pytest

from salon.fair.engine.day_moves import follow_day, moves_between
from tests.tables import each


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


@each(
    "changes, day, expected",
    [
        ([], 1, 1),
        ([([1], [8])], 1, 8),
        ([([1], [8]), ([8], [15])], 1, 15),
        ([([1, 2], [8, 9])], 2, 9),
        ([([1, 2], [2])], 1, None),
        ([([1, 2], [2])], 2, 2),
        ([([1, 2], [2]), ([2], [1])], 1, None),
        ([([1], [1, 2])], 1, 1),
        ([([1, 2], [8])], 1, 8),
        ([([1], [8])], 30, 30),
        ([([1, 2], [2]), ([2], [1, 2])], 1, 1),
    ],
)
def test_a_day_is_followed_through_later_changes(
    changes: list[tuple[list[int], list[int]]], day: int, expected: int | None
) -> None:
    dated = [
        ([october(at) for at in before], [october(at) for at in after]) for before, after in changes
    ]
    followed, is_given_up = follow_day(dated, october(day))
    assert is_given_up == (expected is None)
    assert is_given_up or followed == october(expected or 1)


def test_a_day_given_up_before_comes_back_when_it_is_opened_again() -> None:
    first, second = october(1), october(2)
    opened, moved = ([second], [first, second]), ([second], [first])
    assert follow_day([opened], first, is_given_up=True) == (first, False)
    assert follow_day([moved], first, is_given_up=True) == (first, True)
    assert follow_day([], first, is_given_up=True) == (first, True)


def october(day: int) -> date:
    return date(2021, 10, day)
