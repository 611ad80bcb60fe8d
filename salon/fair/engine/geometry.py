"""Rectangles on the floor of a hall: overlaps, contacts, aisles. Metres."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from salon.platform.words.labels import LabelledEnum

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


class Side(LabelledEnum):
    NORTH = "north", "nord"
    EAST = "east", "est"
    SOUTH = "south", "sud"
    WEST = "west", "ouest"


def gaps(first: Rectangle, second: Rectangle) -> tuple[float, float]:
    """Return the gaps between two rectangles along x and y; negative where they overlap."""
    along_x = max(first.x, second.x) - min(first.x + first.width, second.x + second.width)
    along_y = max(first.y, second.y) - min(first.y + first.depth, second.y + second.depth)
    return along_x, along_y


def overlap(first: Rectangle, second: Rectangle) -> bool:
    """Return whether they share some floor; sides that touch share none."""
    along_x, along_y = gaps(first, second)
    return along_x < -EPSILON and along_y < -EPSILON


def touch(first: Rectangle, second: Rectangle) -> bool:
    """Return whether they share a length of side; a corner alone does not count."""
    along_x, along_y = gaps(first, second)
    return (abs(along_x) <= EPSILON and along_y < -EPSILON) or (
        abs(along_y) <= EPSILON and along_x < -EPSILON
    )


def leaves_aisle(first: Rectangle, second: Rectangle, aisle: float) -> bool:
    """Return whether they touch, or are `aisle` apart or more along one axis."""
    along_x, along_y = gaps(first, second)
    if max(along_x, along_y) <= EPSILON:
        return True
    return max(along_x, along_y) >= aisle - EPSILON


def pairs_within(boxes: Sequence[Rectangle], reach: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs of indexes of boxes less than `reach` apart along both axes.

    Sweep line from west to east: a hall of 400 stands has 79,800 pairs, few of them neighbours.
    """
    reach = reach + EPSILON
    order = sorted(range(len(boxes)), key=lambda place: boxes[place].x)
    edges = [(b.x, b.x + b.width + reach, b.y, b.y + b.depth + reach) for b in boxes]
    near_indexes: list[int] = []
    for place in order:
        left, _, top, bottom = edges[place]
        near_indexes = [neighbour for neighbour in near_indexes if edges[neighbour][1] >= left]
        for neighbour in near_indexes:
            _, _, its_top, its_bottom = edges[neighbour]
            if top <= its_bottom and its_top <= bottom:
                yield neighbour, place
        near_indexes.append(place)


def between(first: Rectangle, second: Rectangle) -> Box:
    """Return the floor between two separate rectangles, possibly of no width or depth."""
    left, right = sorted(
        (max(first.x, second.x), min(first.x + first.width, second.x + second.width))
    )
    top, bottom = sorted(
        (max(first.y, second.y), min(first.y + first.depth, second.y + second.depth))
    )
    return Box(left, top, right - left, bottom - top)


def is_filled(box: Rectangle, neighbours: Iterable[Rectangle]) -> bool:
    """Return whether the neighbours, which do not overlap, cover the box.

    A box of no width or depth is filled when a neighbour runs along it.
    """
    width, depth = max(box.width, 2 * EPSILON), max(box.depth, 2 * EPSILON)
    left = box.x - (width - box.width) / 2
    top = box.y - (depth - box.depth) / 2
    flat = width > box.width or depth > box.depth
    covered = 0.0
    for neighbour in neighbours:
        across = min(left + width, neighbour.x + neighbour.width) - max(left, neighbour.x)
        down = min(top + depth, neighbour.y + neighbour.depth) - max(top, neighbour.y)
        covered += max(across, 0) * max(down, 0)
    return covered >= width * depth * (0.45 if flat else 0.99)


def inside(box: Rectangle, width: float, depth: float) -> bool:
    """Return whether the rectangle lies in a hall of width × depth."""
    return (
        box.x >= -EPSILON
        and box.y >= -EPSILON
        and box.x + box.width <= width + EPSILON
        and box.y + box.depth <= depth + EPSILON
    )


def open_sides(
    box: Rectangle, neighbours: Iterable[Rectangle], width: float, depth: float, aisle: float
) -> frozenset[Side]:
    """Return the sides along an aisle: `aisle` of floor before the wall, and no contact.

    `neighbours` are the other stands of a hall of width × depth.
    """
    free = {
        Side.NORTH: box.y,
        Side.WEST: box.x,
        Side.SOUTH: depth - box.y - box.depth,
        Side.EAST: width - box.x - box.width,
    }
    open_now = {side for side, room in free.items() if room >= aisle - EPSILON}
    for neighbour in neighbours:
        if not touch(box, neighbour):
            continue
        along_x, _ = gaps(box, neighbour)
        if abs(along_x) <= EPSILON:
            open_now.discard(Side.EAST if neighbour.x > box.x else Side.WEST)
        else:
            open_now.discard(Side.SOUTH if neighbour.y > box.y else Side.NORTH)
    return frozenset(open_now)


def is_corner(sides: Sequence[Side] | frozenset[Side]) -> bool:
    """Return whether two adjacent sides are open."""
    return bool({Side.NORTH, Side.SOUTH} & set(sides)) and bool({Side.EAST, Side.WEST} & set(sides))
