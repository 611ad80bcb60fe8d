"""No published table tells a count from 1 to 4, by itself or less the others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from salon.platform.words.small_counts import (
    REST,
    SMALLEST,
    TimeCount,
    hidden_groups,
    is_small,
    merge_groups,
    merge_times,
    moves_of_groups,
    moves_of_times,
    tells_of_few,
)

NINE = datetime(2021, 10, 1, 7, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
COUNTS = st.lists(st.integers(0, 12), max_size=30)


def series(*people: int) -> list[TimeCount]:
    return [
        TimeCount(NINE + rank * QUARTER, NINE + (rank + 1) * QUARTER, count)
        for rank, count in enumerate(people)
    ]


def lengths(counts: list[TimeCount]) -> list[tuple[int, int]]:
    return [((count.ends_at - count.starts_at) // QUARTER, count.people) for count in counts]


def test_a_small_group_takes_the_smallest_shown_with_it() -> None:
    assert hidden_groups({"a": 50, "b": 9, "c": 7}) == set()
    assert hidden_groups({"a": 50, "b": 9, "c": 7, "d": 1}) == {"d", "c"}
    assert hidden_groups({"a": 50, "b": 9, "c": 3, "d": 2}) == {"c", "d"}
    assert hidden_groups({"a": 50, "b": 0}) == set()
    assert hidden_groups({"a": 3}) == {"a"}


def test_small_groups_are_one_row_at_the_end() -> None:
    groups = merge_groups({"a": 9, "b": 50, "c": 7, "d": 1}, "Autres")
    assert list(groups.items()) == [("b", 50), ("a", 9), ("Autres", 8)]
    assert merge_groups({"a": 9}, "Autres") == {"a": 9}


def test_small_quarters_are_merged_with_the_next_and_the_last_with_the_one_before() -> None:
    assert lengths(merge_times(series(8, 2, 1, 4, 0, 9, 0, 0, 3))) == [
        (1, 8),
        (3, 7),
        (1, 0),
        (4, 12),
    ]
    assert lengths(merge_times(series(3, 9))) == [(2, 12)]
    assert lengths(merge_times(series(1, 2))) == [(2, 3)]
    assert merge_times([]) == []


def test_a_group_moves_by_itself_and_what_is_not_named_in_both_moves_together() -> None:
    former = {"a": 50, "b": 9, REST: 8}
    for current, moves in (
        (former, [0, 0, 0]),
        ({"a": 51, "b": 9, REST: 8}, [1, 0, 0]),
        ({"a": 50, "b": 9, REST: 9}, [0, 0, 1]),
        ({"a": 50, "b": 9, "c": 8}, [0, 0, 0]),
        ({"a": 50, "b": 9, "c": 6, REST: 6}, [0, 0, 4]),
        ({"a": 55, REST: 18}, [5, 1]),
        ({}, [-67]),
    ):
        assert moves_of_groups(former, current, REST) == moves
        assert moves_of_groups(current, former, REST) == [-move for move in moves]


def test_times_move_between_the_moments_that_cut_no_count_of_either() -> None:
    assert moves_of_times(series(8, 9), series(8, 10)) == [0, 1]
    assert moves_of_times(series(8, 2, 9), merge_times(series(8, 2, 9))) == [0, 0]
    assert moves_of_times(merge_times(series(8, 2, 9)), merge_times(series(8, 5, 9))) == [0, 3]
    assert moves_of_times(series(8), series(8, 6)) == [0, 6]
    assert moves_of_times(series(0, 8), series(0, 8)[1:]) == [0, 0]
    assert moves_of_times([], []) == []


def test_moves_of_one_to_four_tell_of_few() -> None:
    telling = [move for move in range(-6, 7) if tells_of_few([0, move, 20])]
    assert telling == [-4, -3, -2, -1, 1, 2, 3, 4]


@given(COUNTS)
def test_no_group_is_told_by_the_others(people: list[int]) -> None:
    by_group = {f"g{rank:02}": count for rank, count in enumerate(people)}
    total = sum(people)
    groups = merge_groups(by_group, "Autres")
    assert sum(groups.values()) == total
    if total >= SMALLEST:
        assert not any(is_small(count) for count in groups.values())
    shown = {group for group in groups if group != "Autres"}
    assert shown == by_group.keys() - hidden_groups(by_group)


@given(COUNTS)
def test_merged_times_follow_each_other_and_keep_their_total(people: list[int]) -> None:
    counts = series(*people)
    merged = merge_times(counts)
    assert sum(count.people for count in merged) == sum(people)
    if sum(people) >= SMALLEST:
        assert not any(count.is_small for count in merged)
    assert all(before.ends_at == after.starts_at for before, after in pairwise(merged))
    if counts:
        assert (merged[0].starts_at, merged[-1].ends_at) == (NINE, counts[-1].ends_at)
