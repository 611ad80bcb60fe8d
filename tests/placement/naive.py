"""A checker of plans that shares nothing with the solver: every pair, in whole centimetres."""

from salon.placement.engine import Plan, Problem

Rect = tuple[int, int, int, int]


def centimetres(box: object) -> Rect:
    x, y, width, depth = (round(getattr(box, side) * 100) for side in ("x", "y", "width", "depth"))
    return x, y, x + width, y + depth


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Return the faults of a plan, in words."""
    results = []
    wishes = {value.id: value for value in (*problem.wishes, *problem.settled)}
    stands = {stand.id: stand for stand in problem.stands}
    seen: set[int] = set()
    for place in plan.places:
        if place.exhibitor_id in seen:
            results.append(f"{place.exhibitor_id} is placed twice")
        seen.add(place.exhibitor_id)
        wish = wishes[place.exhibitor_id]
        if place.stand_id is not None:
            stand = stands[place.stand_id]
            if stand.occupant not in (None, wish.id) or stand.reserved:
                results.append(f"stand {stand.number} is somebody else's")
            if stand.occupant is None and (
                stand.power_kw < wish.power_kw or (wish.water and not stand.has_water)
            ):
                results.append(f"stand {stand.number} lacks power or water")
        if place.box.width * place.box.depth < wish.area - 0.1 and wish in problem.wishes:
            results.append(f"{wish.id} gets less than it asks")
    unplaced = {item.exhibitor_id for item in plan.unplaced}
    if seen & unplaced or seen | unplaced != set(wishes):
        results.append("somebody is neither placed nor unplaced, or both")
    used = [place.stand_id for place in plan.places if place.stand_id is not None]
    if len(used) != len(set(used)):
        results.append("a stand is given twice")
    numbers = [stand.number for stand in problem.stands]
    numbers += [place.number for place in plan.places if place.stand_id is None]
    if len(numbers) != len(set(numbers)):
        results.append("a number is given twice")
    for room in problem.rooms:
        old = [centimetres(stand.box) for stand in problem.stands if stand.room_id == room.id]
        stands_of_hall = [
            place for place in plan.places if place.room_id == room.id and place.stand_id is None
        ]
        new = [centimetres(item.box) for item in stands_of_hall]
        width, depth = round(room.width * 100), round(room.depth * 100)
        aisle = round(room.aisle * 100)
        for place, rect in zip(stands_of_hall, new, strict=True):
            wish = wishes[place.exhibitor_id]
            if wish.power_kw > room.power_kw or (wish.water and not room.has_water):
                results.append(f"hall {room.name} cannot supply {wish.id}")
            if rect[0] < 0 or rect[1] < 0 or rect[2] > width or rect[3] > depth:
                results.append(f"{place.number} leaves hall {room.name}")
        for rank, item in enumerate(new):
            for other_rects in [*new[rank + 1 :], *old]:
                across = max(item[0], other_rects[0]) - min(item[2], other_rects[2])
                down = max(item[1], other_rects[1]) - min(item[3], other_rects[3])
                if across < 0 and down < 0:
                    results.append(f"{item} and {other_rects} overlap in {room.name}")
                elif 0 < max(across, down) < aisle:
                    results.append(f"{item} and {other_rects} are too close in {room.name}")
            if not _is_open(item, [*new, *old], width, depth, aisle):
                results.append(f"{item} has no open side in {room.name}")
    return results


def _is_open(rect: Rect, all_of_them: list[Rect], width: int, depth: int, aisle: int) -> bool:
    """Return whether one side has the aisle's width of floor before it all along."""
    x, y, right, bottom = rect
    strips = ((x, y - aisle, right, y), (x, bottom, right, bottom + aisle))
    strips += ((x - aisle, y, x, bottom), (right, y, right + aisle, bottom))
    return any(
        strip[0] >= 0
        and strip[1] >= 0
        and strip[2] <= width
        and strip[3] <= depth
        and not any(
            other_rect != rect
            and other_rect[0] < strip[2]
            and strip[0] < other_rect[2]
            and other_rect[1] < strip[3]
            and strip[1] < other_rect[3]
            for other_rect in all_of_them
        )
        for strip in strips
    )
