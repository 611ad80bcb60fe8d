"""Walking (temps de marche) between two places of the park. Metres and minutes."""

from collections.abc import Sequence
from math import ceil

from salon.fair.models import Hall, Stand

METRES_A_MINUTE = 4.0 * 1000 / 60
"""In a crowd: 4 km/h."""

Spot = tuple[float, float]
"""Where something is on the plan of the park."""


def hall_spot(hall: Hall) -> Spot:
    """The middle of a hall."""
    return hall.x + hall.width / 2, hall.y + hall.depth / 2


def stand_spot(stand: Stand) -> Spot:
    """The middle of a stand."""
    return stand.hall.x + stand.x + stand.width / 2, stand.hall.y + stand.y + stand.depth / 2


def metres_between(one: Spot, other: Spot) -> float:
    """Along the aisles: across, then along."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def minutes_between(one: Spot, other: Spot) -> int:
    """Whole minutes on foot; none where one is already."""
    return ceil(metres_between(one, other) / METRES_A_MINUTE)


def walks_to(hall: Hall, halls: Sequence[Hall]) -> list[tuple[int, list[str]]]:
    """(minutes, names of the other halls from which it takes them), the nearest first."""
    found: dict[int, list[str]] = {}
    for other in halls:
        if other.id != hall.id:
            minutes = minutes_between(hall_spot(other), hall_spot(hall))
            found.setdefault(minutes, []).append(other.name)
    return sorted(found.items())
