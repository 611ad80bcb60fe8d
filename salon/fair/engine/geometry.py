"""Rectangles on the floor of a hall: what overlaps, what touches, what leaves an aisle. Metres."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

EPSILON = 0.005
"""Half a centimetre: two lengths closer than this are the same."""


class Rectangle(Protocol):
    """Anything placed from the north-west corner of its hall."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def depth(self) -> float: ...


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    depth: float


class Side(StrEnum):
    NORTH = "north"
    EAST = "east"
    SOUTH = "south"
    WEST = "west"

    @property
    def label(self) -> str:
        return {"north": "nord", "east": "est", "south": "sud", "west": "ouest"}[self.value]


def gaps(one: Rectangle, other: Rectangle) -> tuple[float, float]:
    """Free lengths between two rectangles along x and along y; negative where they share some."""
    along_x = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    along_y = max(one.y, other.y) - min(one.y + one.depth, other.y + other.depth)
    return along_x, along_y


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether they share a part of the floor; sides that touch share none."""
    along_x, along_y = gaps(one, other)
    return along_x < -EPSILON and along_y < -EPSILON


def touch(one: Rectangle, other: Rectangle) -> bool:
    """Whether they share a length of side (a corner alone is none)."""
    along_x, along_y = gaps(one, other)
    return (abs(along_x) <= EPSILON and along_y < -EPSILON) or (
        abs(along_y) <= EPSILON and along_x < -EPSILON
    )


def leaves_aisle(one: Rectangle, other: Rectangle, aisle: float) -> bool:
    """Whether they touch, or are `aisle` apart or more along one axis."""
    along_x, along_y = gaps(one, other)
    if max(along_x, along_y) <= EPSILON:
        return True
    return max(along_x, along_y) >= aisle - EPSILON


def pairs_within(boxes: Sequence[Rectangle], reach: float) -> Iterator[tuple[int, int]]:
    """Places, in `boxes`, of those less than `reach` apart along both axes.

    Swept from west to east: a hall of 400 stands has 79,800 pairs, of which few are neighbours.
    """
    reach = reach + EPSILON
    order = sorted(range(len(boxes)), key=lambda place: boxes[place].x)
    edges = [(b.x, b.x + b.width + reach, b.y, b.y + b.depth + reach) for b in boxes]
    near: list[int] = []
    for place in order:
        left, _, top, bottom = edges[place]
        near = [other for other in near if edges[other][1] >= left]
        for other in near:
            _, _, its_top, its_bottom = edges[other]
            if top <= its_bottom and its_top <= bottom:
                yield other, place
        near.append(place)


def between(one: Rectangle, other: Rectangle) -> Box:
    """The floor that lies right between two rectangles that are apart, maybe of no depth."""
    left, right = sorted((max(one.x, other.x), min(one.x + one.width, other.x + other.width)))
    top, bottom = sorted((max(one.y, other.y), min(one.y + one.depth, other.y + other.depth)))
    return Box(left, top, right - left, bottom - top)


def is_filled(box: Rectangle, others: Iterable[Rectangle]) -> bool:
    """Whether the others, which do not overlap, leave nothing of the box free.

    A box of no width or depth is filled when one of them runs along it.
    """
    width, depth = max(box.width, 2 * EPSILON), max(box.depth, 2 * EPSILON)
    left = box.x - (width - box.width) / 2
    top = box.y - (depth - box.depth) / 2
    flat = width > box.width or depth > box.depth
    covered = 0.0
    for other in others:
        across = min(left + width, other.x + other.width) - max(left, other.x)
        down = min(top + depth, other.y + other.depth) - max(top, other.y)
        covered += max(across, 0) * max(down, 0)
    return covered >= width * depth * (0.45 if flat else 0.99)


def inside(box: Rectangle, width: float, depth: float) -> bool:
    """Whether the rectangle lies in a hall of width × depth."""
    return (
        box.x >= -EPSILON
        and box.y >= -EPSILON
        and box.x + box.width <= width + EPSILON
        and box.y + box.depth <= depth + EPSILON
    )


def open_sides(
    box: Rectangle, others: Iterable[Rectangle], width: float, depth: float, aisle: float
) -> frozenset[Side]:
    """Sides that an aisle runs along: `aisle` of floor before the wall, and nobody touching.

    `others` are the other stands of a hall of width × depth whose aisles are kept.
    """
    free = {
        Side.NORTH: box.y,
        Side.WEST: box.x,
        Side.SOUTH: depth - box.y - box.depth,
        Side.EAST: width - box.x - box.width,
    }
    found = {side for side, room in free.items() if room >= aisle - EPSILON}
    for other in others:
        if not touch(box, other):
            continue
        along_x, _ = gaps(box, other)
        if abs(along_x) <= EPSILON:
            found.discard(Side.EAST if other.x > box.x else Side.WEST)
        else:
            found.discard(Side.SOUTH if other.y > box.y else Side.NORTH)
    return frozenset(found)


def is_corner(sides: Sequence[Side] | frozenset[Side]) -> bool:
    """Whether two neighbouring sides are open."""
    return bool({Side.NORTH, Side.SOUTH} & set(sides)) and bool({Side.EAST, Side.WEST} & set(sides))
