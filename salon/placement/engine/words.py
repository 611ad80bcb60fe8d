"""French sentences of a plan: wishes met or not, and why an exhibitor has no stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from salon.placement.engine.exchanging import Slot
from salon.placement.engine.filling import Filling, front_of, is_deep
from salon.placement.engine.problem import Problem, Room, Wishes, fits_area
from salon.placement.engine.rows import ROW, Segment
from salon.platform.words.typography import of


def wishes_of(
    slot: Slot, names: Mapping[int, str], rooms: Mapping[int, Room], halls: Mapping[int, int]
) -> tuple[list[str], list[str]]:
    """Return the wishes met and those not met; `halls` maps each exhibitor to its hall."""
    wishes = slot.wishes
    assert wishes is not None
    met: list[str] = []
    unmet: list[str] = []

    def say(is_met: bool, words: str) -> None:
        (met if is_met else unmet).append(words)

    if wishes.corner:
        say(slot.is_corner, "angle")
    if wishes.room_id is not None and wishes.room_id in rooms:
        say(wishes.room_id == slot.room.id, f"hall {rooms[wishes.room_id].name}")
    if wishes.power_kw:
        supplied_kw = slot.drawn.power_kw if slot.drawn else slot.room.power_kw
        say(supplied_kw >= wishes.power_kw, f"{wishes.power_kw} kW")
    if wishes.water:
        say(slot.drawn.has_water if slot.drawn else slot.room.has_water, "eau")
    close = {neighbour.wishes.id for neighbour, _ in slot.close if neighbour.wishes is not None}
    for exhibitor_id in sorted(wishes.near):
        say(exhibitor_id in close, f"près {of(names[exhibitor_id])}")
    for exhibitor_id in sorted(wishes.apart & set(halls)):
        say(exhibitor_id not in close, f"à l’écart {of(names[exhibitor_id])}")
    return met, unmet


def why_unplaced(
    wishes: Wishes,
    problem: Problem,
    fillings: Mapping[int, Sequence[Filling]],
    used: Collection[int] = (),
) -> str:
    """Return the reason why an exhibitor has no stand; `used` are the drawn stands given."""
    area = _metres(wishes.area)
    strongest = max((room.power_kw for room in problem.rooms), default=0)
    powered = [room for room in problem.rooms if room.power_kw >= wishes.power_kw]
    if not problem.rooms:
        return "Aucun hall n’est décrit pour cette édition."
    if not powered:
        return f"{wishes.power_kw} kW demandés\u00a0: les halls fournissent au plus {strongest} kW."
    able = [room for room in powered if room.has_water or not wishes.water]
    if not able:
        with_power = f" avec {wishes.power_kw} kW" if wishes.power_kw else ""
        return f"De l’eau est demandée\u00a0: aucun hall{with_power} n’en a."
    rows = [filling for room in able for filling in fillings.get(room.id, ())]
    largest = max((_largest(filling.segment) for filling in rows), default=0.0)
    if wishes.area > largest + 0.05:
        reason = (
            f"{area} demandés d’un seul tenant\u00a0: le plus grand emplacement à dessiner "
            f"{_where(able)} fait {_metres(largest)}."
        )
    else:
        reason = f"{area} demandés\u00a0: {_floor_left(wishes, able, rows)}"
    return " ".join([reason, *_near_miss(wishes, problem, used)])


def _floor_left(wishes: Wishes, able: Sequence[Room], rows: Sequence[Filling]) -> str:
    """Say the floor left where the least is missing, as one row or as two back to back."""
    shapes = [
        (front_of(variant, filling.segment) - filling.left, depth, filling)
        for filling in rows
        for variant in (wishes, replace(wishes, deep=True))
        for depth in [ROW * (2 if is_deep(variant, filling.segment.rows) else 1)]
    ]
    missing, depth, best = min(shapes, key=lambda shape: shape[0] * shape[1])
    no_room = f"il n’y a plus la place {_where(able)}, une allée gardée autour des rangées."
    in_hall = "" if len(able) == 1 else f", dans le hall {best.segment.room.name},"
    lacks = _metres(missing * depth / 100)
    if not best.left:
        return f"{no_room} Il manque {lacks}."
    left = _metres(best.left * depth / 100)
    longest = f"Le plus grand reste de rangée{in_hall} fait {left}"
    return f"{no_room} {longest}\u00a0: il en manque {lacks}."


def _near_miss(wishes: Wishes, problem: Problem, used: Collection[int]) -> list[str]:
    """Say the free drawn stand of the right size that lacks power or water."""
    rooms = {room.id: room for room in problem.rooms}
    free_stands = (stand for stand in problem.stands if stand.is_free and stand.id not in used)
    near_stand = next((stand for stand in free_stands if fits_area(stand.area, wishes.area)), None)
    if near_stand is None:
        return []
    power = f"{near_stand.power_kw} kW au lieu de {wishes.power_kw}"
    lacks = [f"avec {power}"] if near_stand.power_kw < wishes.power_kw else []
    lacks += ["sans eau"] if wishes.water and not near_stand.has_water else []
    hall_name = rooms[near_stand.room_id].name
    return [
        f"Le stand {near_stand.number} du hall {hall_name} est libre, mais {' et '.join(lacks)}."
    ]


def _largest(segment: Segment) -> float:
    return segment.length * ROW * segment.rows / 100


def _where(rooms: Sequence[Room]) -> str:
    names = [room.name for room in rooms]
    if len(names) == 1:
        return f"dans le hall {names[0]}"
    return f"dans les halls {', '.join(names[:-1])} et {names[-1]}"


def _metres(area: float) -> str:
    return f"{round(area, 1):g} m²".replace(".", ",")
