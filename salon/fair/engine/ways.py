"""Find the way (chemin) between two places of a hall, around its stands. Metres.

Breadth-first search over squares of a metre; of the shortest ways, one with few turns.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

from salon.fair.engine.geometry import Rectangle

Square = tuple[int, int]
Point = tuple[float, float]
SIDES: Sequence[Square] = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Headings: east, south, west, north; each is a right turn from the one before."""
AHEAD, RIGHT, BACK, LEFT = range(4)
"""Turns, in quarters to the right."""


def way(
    width: float, depth: float, stands: Iterable[Rectangle], start: Rectangle, end: Rectangle
) -> list[Point]:
    """Return the corners of the way, from beside `start` to beside `end`; empty when it is walled
    in, or when the two are the same.
    """
    floor = {(x, y) for x in range(math.ceil(width)) for y in range(math.ceil(depth))}
    free_squares = floor.difference(*(_covered(box) for box in stands))
    goals = _beside(end, free_squares)
    far = dict.fromkeys(goals, 0)
    waiting = deque(goals)
    while waiting:
        current = waiting.popleft()
        for square in _around(current):
            if square in free_squares and square not in far:
                far[square] = far[current] + 1
                waiting.append(square)
    starts = [
        square_beside for square_beside in _beside(start, free_squares) if square_beside in far
    ]
    if not starts or (start.x, start.y) == (end.x, end.y):
        return []
    return _corners(
        _walk(min(starts, key=lambda square_beside: (far[square_beside], square_beside)), far)
    )


def legs_of(corners: Sequence[Point], heading: int) -> list[tuple[int, int]]:
    """Return (turn, metres) of each straight part of a way, walked on from a heading."""
    legs = []
    for start, end in pairwise(corners):
        right, down = end[0] - start[0], end[1] - start[1]
        new_heading = SIDES.index(((right > 0) - (right < 0), (down > 0) - (down < 0)))
        legs.append(((new_heading - heading) % 4, round(abs(right) + abs(down))))
        heading = new_heading
    return legs


def turn_towards(corners: Sequence[Point], heading: int, end: Rectangle) -> int:
    """Return the turn that faces `end` once a way is walked."""
    heading = (heading + sum(turn for turn, _ in legs_of(corners, heading))) % 4
    x, y = corners[-1]
    across = min(max(x, end.x), end.x + end.width) - x
    down = min(max(y, end.y), end.y + end.depth) - y
    (right, below) = SIDES[heading]
    ahead, aside = across * right + down * below, down * right - across * below
    if abs(aside) > abs(ahead):
        return RIGHT if aside > 0 else LEFT
    return AHEAD if ahead >= 0 else BACK


def inward(door: Rectangle, width: float, depth: float) -> int:
    """Return the heading of who comes in through the nearest wall."""
    rooms = (door.x, door.y, width - door.x, depth - door.y)
    return rooms.index(min(rooms))


def _covered(box: Rectangle) -> set[Square]:
    """Return the squares whose middle a stand covers."""
    columns = range(math.ceil(box.x - 0.5), math.ceil(box.x + box.width - 0.5))
    rows = range(math.ceil(box.y - 0.5), math.ceil(box.y + box.depth - 0.5))
    return {(x, y) for x in columns for y in rows}


def _walk(current: Square, far: dict[Square, int]) -> list[Square]:
    """Return the path downhill to the goal, straight on where that is as short."""
    path, last = [current], (0, 0)
    while far[current]:
        x, y = current
        nearer = [
            (dx, dy) for dx, dy in SIDES if far.get((x + dx, y + dy), far[current]) < far[current]
        ]
        last = last if last in nearer else nearer[0]
        current = (x + last[0], y + last[1])
        path.append(current)
    return path


def _corners(path: Sequence[Square]) -> list[Point]:
    """Return the squares where the way begins, turns and ends, by their middles."""
    turns = [
        square
        for before, square, after in zip((None, *path[:-1]), path, (*path[1:], None), strict=True)
        if before is None
        or after is None
        or (square[0] - before[0], square[1] - before[1])
        != (after[0] - square[0], after[1] - square[1])
    ]
    return [(x + 0.5, y + 0.5) for x, y in turns]


def _beside(box: Rectangle, free_squares: set[Square]) -> list[Square]:
    """Return the free squares that touch a stand."""
    return sorted(
        (x, y)
        for x in range(math.floor(box.x) - 1, math.ceil(box.x + box.width) + 1)
        for y in range(math.floor(box.y) - 1, math.ceil(box.y + box.depth) + 1)
        if (x, y) in free_squares
    )


def _around(square: Square) -> list[Square]:
    return [(square[0] + dx, square[1] + dy) for dx, dy in SIDES]
