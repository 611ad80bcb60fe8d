"""Frames of the drawn plans, in metres: the park with its halls, a hall around its stands."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from salon.fair.engine import geometry
from salon.fair.engine.geometry import Rectangle, Side
from salon.fair.models import Hall

MARGIN = 3.0
"""Metres of floor left visible around a drawing."""
WALL = 0.5

SQUARE = 5
"""Side, in metres, of the squares drawn on the floor of a hall."""

ROW_TOLERANCE = 0.25
Placed = TypeVar("Placed", bound=Rectangle)


@dataclass(frozen=True)
class Frame:
    """A rectangle of floor."""

    x: float
    y: float
    width: float
    depth: float

    @property
    def view_box(self) -> str:
        return f"{self.x:g} {self.y:g} {self.width:g} {self.depth:g}"


def open_sides(hall: Hall, boxes: Sequence[Rectangle]) -> list[frozenset[Side]]:
    """Return the open sides of each stand of a hall; `boxes` are all its stands."""
    touching: list[list[Rectangle]] = [[] for _ in boxes]
    for i, j in geometry.pairs_within(boxes, 0):
        touching[i].append(boxes[j])
        touching[j].append(boxes[i])
    return [
        geometry.open_sides(box, neighbours, hall.width, hall.depth, hall.aisle)
        for box, neighbours in zip(boxes, touching, strict=True)
    ]


def squares(length: float) -> range:
    """Return the positions of the grid lines along a side of a hall, walls excluded."""
    return range(SQUARE, math.ceil(length), SQUARE)


def rows_of(stands: Sequence[Placed]) -> list[list[Placed]]:
    """Return the rows of a hall, north to south: stands whose north sides are aligned."""
    rows: dict[float, list[Placed]] = {}
    for stand in sorted(stands, key=lambda placed: (placed.y, placed.x)):
        line = next((y for y in rows if abs(y - stand.y) <= ROW_TOLERANCE), stand.y)
        rows.setdefault(line, []).append(stand)
    return list(rows.values())


def numbered(keys: Sequence[int], first: int, step: int) -> dict[int, str]:
    """Return the number of each key of a row, in its order."""
    return {key: str(first + place * step) for place, key in enumerate(keys)}


def name_place(
    width: float, depth: float, stands: Iterable[Rectangle], across: float, down: float
) -> tuple[float, float]:
    """Return the middle of a hall's name (across × down) that covers the least of its stands."""
    boxes = list(stands)
    places = [(width * x, depth * y) for y in (0.5, 0, 1) for x in (0.5, 0, 1)]
    middles = [
        (
            min(max(x, across / 2 + 1), width - across / 2 - 1),
            min(max(y, down / 2 + 0.5), depth - down / 2 - 0.5),
        )
        for x, y in places
    ]

    def hidden(middle: tuple[float, float]) -> float:
        left, top = middle[0] - across / 2, middle[1] - down / 2
        return sum(
            max(0.0, min(left + across, box.x + box.width) - max(left, box.x))
            * max(0.0, min(top + down, box.y + box.depth) - max(top, box.y))
            for box in boxes
        )

    return min(middles, key=hidden)


def park_frame(halls: Iterable[Hall], outdoors: Iterable[tuple[float, float]] = ()) -> Frame:
    """Return the frame of all the halls at their place in the park, and of points outside."""
    boxes = [(hall.x, hall.y, hall.width, hall.depth) for hall in halls]
    return _around([*boxes, *((x, y, 0.0, 0.0) for x, y in outdoors)])


def stands_frame(stands: Iterable[Rectangle]) -> Frame:
    """Return the frame of some stands, from the corner of their hall."""
    return _around([(stand.x, stand.y, stand.width, stand.depth) for stand in stands])


def hall_frame(hall: Hall) -> Frame:
    """Return the frame of a whole hall, from its corner, with its walls."""
    return Frame(-WALL, -WALL, hall.width + 2 * WALL, hall.depth + 2 * WALL)


def _around(boxes: list[tuple[float, float, float, float]]) -> Frame:
    left = min((x for x, _, _, _ in boxes), default=0.0) - MARGIN
    top = min((y for _, y, _, _ in boxes), default=0.0) - MARGIN
    right = max((x + width for x, _, width, _ in boxes), default=0.0) + MARGIN
    bottom = max((y + depth for _, y, _, depth in boxes), default=0.0) + MARGIN
    return Frame(left, top, right - left, bottom - top)
