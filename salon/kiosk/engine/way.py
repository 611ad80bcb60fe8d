"""Find the way (chemin) from a stand to another of the same hall, around the stands. Metres.

Breadth-first search over squares of a metre; of the shortest ways, one with few turns.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence

from salon.fair.engine.geometry import Rectangle

Square = tuple[int, int]
Point = tuple[float, float]
SIDES: Sequence[Square] = ((1, 0), (0, 1), (-1, 0), (0, -1))


def way(
    width: float, depth: float, stands: Iterable[Rectangle], start: Rectangle, end: Rectangle
) -> list[Point]:
    """Return the corners of the way, from beside `start` to beside `end`; empty when it is walled
    in, or when the two are the same.
    """
    boxes = list(stands)
    free_squares = {
        (x, y)
        for x in range(math.ceil(width))
        for y in range(math.ceil(depth))
        if not any(
            box.x <= x + 0.5 < box.x + box.width and box.y <= y + 0.5 < box.y + box.depth
            for box in boxes
        )
    }
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
