"""The way goes round stands, and says nothing when there is none."""

import itertools

from salon.fair.engine.geometry import Box
from salon.fair.engine.ways import way

START, END = Box(0, 0, 2, 2), Box(10, 0, 2, 2)


def test_it_goes_straight_where_it_can() -> None:
    assert way(12, 6, [START, END], START, END) == [(2.5, 0.5), (9.5, 0.5)]


def test_it_goes_round_a_stand() -> None:
    wall = Box(5, 0, 2, 4)
    path = way(12, 6, [START, END, wall], START, END)
    assert path[0][0] < 5
    assert path[-1][0] > 7
    assert not any(5 <= x < 7 and y < 4 for x, y in path)
    assert max(y for _, y in path) >= 4
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(path))


def test_there_is_none_through_a_wall_nor_to_where_one_is() -> None:
    assert way(12, 6, [START, END, Box(5, 0, 2, 6)], START, END) == []
    assert way(12, 6, [START, END], START, START) == []
