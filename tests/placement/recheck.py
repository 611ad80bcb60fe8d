"""A checker of what `flask propose-plan` writes: it reads the JSON alone, and nothing of ours."""

from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
Rect = tuple[int, int, int, int]


def faults_of(result: Row, keep: Callable[[Row], bool] = lambda row: True) -> list[str]:
    """Return the faults of the floor, among the rows that `keep` keeps.

    Two stands touch, or leave the aisle of their hall along x or along y.
    """
    results = []
    halls = {hall["hall"]: hall for hall in result["halls"]}
    rows = [row for row in result["placed"] if keep(row)]
    for name, hall in halls.items():
        placed = [(row["stand"], _rect(row)) for row in rows if row["hall"] == name]
        inside = (0, 0, round(hall["width"] * 100), round(hall["depth"] * 100))
        for rank, (number, rect) in enumerate(placed):
            if not (inside[0] <= rect[0] < rect[2] <= inside[2]):
                results.append(f"{number} leaves hall {name} on its sides")
            if not (inside[1] <= rect[1] < rect[3] <= inside[3]):
                results.append(f"{number} leaves hall {name} at its ends")
            for other_number, other_rect in placed[rank + 1 :]:
                free = _free(rect, other_rect)
                if free < 0:
                    results.append(f"{number} overlaps {other_number}")
                elif 0 < free < round(hall["aisle"] * 100):
                    results.append(f"{number} is {free} cm from {other_number}")
    return results + _doubles(row["stand"] for row in rows) + _doubles(row["id"] for row in rows)


def _rect(row: Row) -> Rect:
    x, y = round(row["x"] * 100), round(row["y"] * 100)
    return x, y, x + round(row["width"] * 100), y + round(row["depth"] * 100)


def _free(rect: Rect, other_rect: Rect) -> int:
    """Centimetres between two stands, along the axis where they are farthest; < 0: they overlap."""
    across = max(rect[0], other_rect[0]) - min(rect[2], other_rect[2])
    return max(across, max(rect[1], other_rect[1]) - min(rect[3], other_rect[3]))


def _doubles(values: Iterable[Any]) -> list[str]:
    listed = list(values)
    return [f"{value} is there twice" for value in set(listed) if listed.count(value) > 1]


def share_met(result: Row, wish: str) -> tuple[int, int]:
    """Return how many of the proposed got a wish whose words end so, of how many who have it."""
    rows = [row for row in result["placed"] if row["proposed"]]
    met = sum(item.endswith(wish) for row in rows for item in row["met"])
    return met, met + sum(item.endswith(wish) for row in rows for item in row["unmet"])
