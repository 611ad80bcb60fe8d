"""How a drawn stand fits an exhibitor: which are best, and what one lacks."""

from collections.abc import Iterable, Sequence

from salon.exhibitors.engine.placing.problem import Drawn, Room, Wishes, has_the_size, suits
from salon.fair.engine import geometry


def corners_of(rooms: Iterable[Room], stands: Sequence[Drawn]) -> set[int]:
    """The drawn stands whose two neighbouring sides are open."""
    found = set()
    for room in rooms:
        here = [stand for stand in stands if stand.room_id == room.id]
        boxes = [stand.box for stand in here]
        touching: list[list[geometry.Box]] = [[] for _ in here]
        for i, j in geometry.pairs_within(boxes, 0):
            touching[i].append(boxes[j])
            touching[j].append(boxes[i])
        for stand, others in zip(here, touching, strict=True):
            sides = geometry.open_sides(stand.box, others, room.width, room.depth, room.aisle)
            if geometry.is_corner(sides):
                found.add(stand.id)
    return found


def best_first(
    stands: Iterable[Drawn], wishes: Wishes, corners: set[int], limit: int
) -> list[Drawn]:
    """The free stands that suit: in the wished hall, a corner if one is asked, the nearest area."""
    fitting = [stand for stand in stands if stand.is_free and suits(stand, wishes)]
    fitting.sort(
        key=lambda one: (
            wishes.room_id is not None and one.room_id != wishes.room_id,
            wishes.corner != (one.id in corners),
            abs(one.area - wishes.area),
            one.number,
        )
    )
    return fitting[:limit]


def lacks(stand: Drawn, wishes: Wishes, corners: set[int]) -> list[str]:
    """What the exhibitor asks and the stand has not, in French; the hall is not counted."""
    found = []
    if not has_the_size(stand.area, wishes.area):
        difference = stand.area - wishes.area
        word = "de plus" if difference > 0 else "de moins"
        found.append(f"{abs(difference):.3g} m² {word}".replace(".", ","))
    if stand.power_kw < wishes.power_kw:
        found.append(f"{stand.power_kw} kW au lieu de {wishes.power_kw}")
    if wishes.water and not stand.has_water:
        found.append("sans eau")
    if wishes.corner and stand.id not in corners:
        found.append("sans angle")
    return found
