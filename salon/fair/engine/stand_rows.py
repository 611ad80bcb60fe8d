"""Rows of equal stands laid out in the free floor of a hall. Metres."""

import re
from collections.abc import Sequence
from dataclasses import replace

from salon.fair.engine.geometry import EPSILON, Box, Rectangle, inside, leaves_aisle, overlap
from salon.fair.engine.layout import NewStand
from salon.fair.models import Hall


def lay_out_rows(
    hall: Hall, taken_boxes: Sequence[Rectangle], first: NewStand, count: int
) -> list[NewStand]:
    """Return copies of `first`, numbered on from it, in rows from the north-west corner.

    There are fewer than `count` when the hall has no more room.
    """
    boxes: list[Box] = []
    y = 0.0
    while len(boxes) < count and y + first.depth <= hall.depth + EPSILON:
        row = _row_at(hall, [*taken_boxes, *boxes], first, y, count - len(boxes))
        boxes += row
        ends = [box.y + box.depth + hall.aisle for box in (*taken_boxes, *boxes)]
        y = min((end for end in ends if end > y + EPSILON), default=hall.depth)
    return [
        replace(first, number=number_after(first.number, place), x=box.x, y=box.y)
        for place, box in enumerate(boxes)
    ]


def _row_at(
    hall: Hall, taken_boxes: Sequence[Rectangle], first: NewStand, y: float, count: int
) -> list[Box]:
    """Return the boxes that fit side by side from west to east, their north side at `y`."""
    row: list[Box] = []
    x = 0.0
    while len(row) < count and x + first.width <= hall.width + EPSILON:
        box = Box(round(x, 2), round(y, 2), first.width, first.depth)
        obstacles = [
            placed
            for placed in (*taken_boxes, *row)
            if overlap(box, placed) or not leaves_aisle(box, placed, hall.aisle)
        ]
        if not obstacles and inside(box, hall.width, hall.depth):
            row.append(box)
            x += first.width
        else:
            steps = (
                end
                for placed in obstacles
                for end in (placed.x + placed.width, placed.x + placed.width + hall.aisle)
                if end > x + EPSILON
            )
            x = min(steps, default=hall.width)
    return row


def number_after(number: str, steps: int) -> str:
    """Return the number `steps` after this one: its digits go on, its letters stay."""
    match = re.fullmatch(r"(.*?)([0-9]+)", number)
    if match is None:
        return number if steps == 0 else f"{number}{steps + 1}"
    letters, digits = match.groups()
    return f"{letters}{int(digits) + steps:0{len(digits)}}"
