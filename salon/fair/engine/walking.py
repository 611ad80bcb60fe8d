"""Walking (temps de marche) between two places of the park. Metres and minutes."""

from collections.abc import Sequence
from math import ceil

from salon.fair.models import Hall, Stand

METRES_A_MINUTE = 4.0 * 1000 / 60
"""In a crowd: 4 km/h."""

Spot = tuple[float, float]
"""A position on the plan of the park."""


def hall_spot(hall: Hall) -> Spot:
    """Return the middle of a hall."""
    return hall.x + hall.width / 2, hall.y + hall.depth / 2


def stand_spot(stand: Stand) -> Spot:
    """Return the middle of a stand."""
    return stand.hall.x + stand.x + stand.width / 2, stand.hall.y + stand.y + stand.depth / 2


def metres_between(start: Spot, end: Spot) -> float:
    """Return the distance along the aisles (Manhattan distance)."""
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def minutes_between(start: Spot, end: Spot) -> int:
    """Return whole minutes on foot; 0 at the same place."""
    return ceil(metres_between(start, end) / METRES_A_MINUTE)


def walks_to(hall: Hall, halls: Sequence[Hall]) -> list[tuple[int, list[str]]]:
    """Return (minutes, names of the halls at that walking time), the nearest first."""
    halls_by_minutes: dict[int, list[str]] = {}
    for other_hall in halls:
        if other_hall.id != hall.id:
            minutes = minutes_between(hall_spot(other_hall), hall_spot(hall))
            halls_by_minutes.setdefault(minutes, []).append(other_hall.name)
    return sorted(halls_by_minutes.items())
