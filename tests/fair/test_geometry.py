"""Rectangles on a floor: what always holds, whatever the rectangles."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.fair.engine.geometry import (
    Box,
    Side,
    between,
    gaps,
    inside,
    is_corner,
    is_filled,
    leaves_aisle,
    open_sides,
    overlap,
    pairs_within,
    touch,
)

halves = st.integers(0, 60).map(lambda steps: steps / 2)
sizes = st.integers(1, 16).map(lambda steps: steps / 2)
boxes = st.builds(Box, x=halves, y=halves, width=sizes, depth=sizes)


@pytest.mark.parametrize(
    ("other_box", "overlaps", "touches", "aisle", "reason"),
    [
        (Box(4, 0, 3, 3), False, False, False, "one metre between"),
        (Box(3, 0, 3, 3), False, True, True, "side by side"),
        (Box(3, 2, 3, 3), False, True, True, "one metre of side in common"),
        (Box(3, 3, 3, 3), False, False, True, "a corner in common: no passage, and no wall"),
        (Box(2.99, 0, 3, 3), True, False, True, "a centimetre too far"),
        (Box(3.004, 0, 3, 3), False, True, True, "four millimetres are none"),
        (Box(6, 0, 3, 3), False, False, True, "exactly an aisle"),
        (Box(5.99, 0, 3, 3), False, False, False, "an aisle short of a centimetre"),
        (Box(5, 6, 3, 3), False, False, True, "an aisle along the other axis"),
        (Box(5, 5, 3, 3), False, False, False, "too near across the corner"),
        (Box(1, 1, 1, 1), True, False, True, "inside the other"),
    ],
)
def test_two_stands(
    other_box: Box, overlaps: bool, touches: bool, aisle: bool, reason: str
) -> None:
    box = Box(0, 0, 3, 3)
    for pair in ((box, other_box), (other_box, box)):
        assert overlap(*pair) is overlaps, reason
        assert touch(*pair) is touches, reason
        if not overlaps:
            assert leaves_aisle(*pair, 3) is aisle, reason


@given(boxes, boxes)
def test_an_overlap_is_an_area_in_common(box: Box, other_box: Box) -> None:
    across, down = gaps(box, other_box)
    assert overlap(box, other_box) == (max(-across, 0) * max(-down, 0) > 0)
    assert overlap(box, other_box) == overlap(other_box, box)
    assert not (overlap(box, other_box) and touch(box, other_box))
    if overlap(box, other_box) or touch(box, other_box):
        assert leaves_aisle(box, other_box, 3)


@given(st.lists(boxes, max_size=25), st.sampled_from([0.0, 1.5, 3.0]))
def test_the_sweep_finds_every_near_pair_once(drawn_boxes: list[Box], reach: float) -> None:
    swept = sorted(tuple(sorted(pair)) for pair in pairs_within(drawn_boxes, reach))
    near = [
        (i, j)
        for i, j in combinations(range(len(drawn_boxes)), 2)
        if max(gaps(drawn_boxes[i], drawn_boxes[j])) <= reach
    ]
    assert swept == near


@given(boxes, st.lists(boxes, max_size=6))
def test_an_open_side_touches_nobody_and_has_its_aisle(box: Box, others: list[Box]) -> None:
    sides = open_sides(box, others, 40, 40, 3)
    alone = open_sides(box, [], 40, 40, 3)
    assert sides <= alone
    if Side.NORTH in sides:
        assert box.y >= 3
        assert not any(
            touch(box, other_box) and other_box.y + other_box.depth == box.y for other_box in others
        )


def test_what_lies_between_two_stands_may_be_filled() -> None:
    row = [Box(0, 0, 2, 2), Box(2, 0, 2, 2), Box(4, 0, 2, 2)]
    assert between(row[0], row[2]) == Box(2, 0, 2, 2)
    assert is_filled(between(row[0], row[2]), [row[1]])
    assert not is_filled(between(row[0], row[2]), [Box(2, 0, 2, 1)])
    assert not is_filled(between(row[0], row[2]), [])
    lower = Box(4, 2, 2, 2)
    assert is_filled(between(row[0], lower), [row[1]]), "one of the two runs along the line"


@pytest.mark.parametrize(
    ("sides", "corner"),
    [
        ({Side.NORTH}, False),
        ({Side.NORTH, Side.SOUTH}, False),
        ({Side.NORTH, Side.EAST}, True),
        ({Side.NORTH, Side.SOUTH, Side.WEST}, True),
        (set(), False),
    ],
)
def test_a_corner_has_two_neighbouring_open_sides(sides: set[Side], corner: bool) -> None:
    assert is_corner(frozenset(sides)) is corner


@given(boxes)
def test_inside_is_all_four_sides(box: Box) -> None:
    assert inside(box, 30, 30) == (box.x + box.width <= 30 and box.y + box.depth <= 30)
    assert not inside(Box(-0.5, 0, 1, 1), 30, 30)
