"""Rank the drawn stands that suit an exhibitor, and say what a stand lacks."""

from collections.abc import Iterable, Sequence

from salon.fair.engine import geometry
from salon.placement.engine.problem import DrawnStand, Room, Wishes, fits_area, suits


def corners_of(rooms: Iterable[Room], stands: Sequence[DrawnStand]) -> set[int]:
    """Return the ids of the drawn stands with two adjacent open sides."""
    corner_ids = set()
    for room in rooms:
        hall_stands = [stand for stand in stands if stand.room_id == room.id]
        boxes = [stand.box for stand in hall_stands]
        touching: list[list[geometry.Box]] = [[] for _ in hall_stands]
        for i, j in geometry.pairs_within(boxes, 0):
            touching[i].append(boxes[j])
            touching[j].append(boxes[i])
        for stand, neighbours in zip(hall_stands, touching, strict=True):
            sides = geometry.open_sides(stand.box, neighbours, room.width, room.depth, room.aisle)
            if geometry.is_corner(sides):
                corner_ids.add(stand.id)
    return corner_ids


def rank_stands(
    stands: Iterable[DrawnStand], wishes: Wishes, corners: set[int], limit: int
) -> list[DrawnStand]:
    """Return the free stands that suit: wished hall first, then corner wish, then nearest area."""
    fitting = [stand for stand in stands if stand.is_free and suits(stand, wishes)]
    fitting.sort(
        key=lambda stand: (
            wishes.room_id is not None and stand.room_id != wishes.room_id,
            wishes.corner != (stand.id in corners),
            abs(stand.area - wishes.area),
            stand.number,
        )
    )
    return fitting[:limit]


def shortfalls_of(stand: DrawnStand, wishes: Wishes, corners: set[int]) -> list[str]:
    """Return in French the wishes that the stand does not meet, the hall excepted."""
    shortfalls = []
    if not fits_area(stand.area, wishes.area):
        difference = stand.area - wishes.area
        word = "de plus" if difference > 0 else "de moins"
        shortfalls.append(f"{abs(difference):.3g} m² {word}".replace(".", ","))
    if stand.power_kw < wishes.power_kw:
        shortfalls.append(f"{stand.power_kw} kW au lieu de {wishes.power_kw}")
    if wishes.water and not stand.has_water:
        shortfalls.append("sans eau")
    if wishes.corner and stand.id not in corners:
        shortfalls.append("sans angle")
    return shortfalls
