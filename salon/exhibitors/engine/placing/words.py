"""What a plan says in French: wishes met or not, and why somebody has no stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from salon.exhibitors.engine.placing.exchanging import Slot
from salon.exhibitors.engine.placing.filling import Filling, front_of, is_deep
from salon.exhibitors.engine.placing.problem import Problem, Room, Wishes, has_the_size
from salon.exhibitors.engine.placing.rows import ROW, Segment
from salon.platform.typography import of


def wishes_of(
    slot: Slot, names: Mapping[int, str], rooms: Mapping[int, Room], halls: Mapping[int, int]
) -> tuple[list[str], list[str]]:
    """The wishes met and those not met; `halls` says in which hall each exhibitor is."""
    mine = slot.wishes
    assert mine is not None
    met: list[str] = []
    unmet: list[str] = []

    def say(is_met: bool, words: str) -> None:
        (met if is_met else unmet).append(words)

    if mine.corner:
        say(slot.is_corner, "angle")
    if mine.room_id is not None and mine.room_id in rooms:
        say(mine.room_id == slot.room.id, f"hall {rooms[mine.room_id].name}")
    if mine.power_kw:
        given = slot.drawn.power_kw if slot.drawn else slot.room.power_kw
        say(given >= mine.power_kw, f"{mine.power_kw} kW")
    if mine.water:
        say(slot.drawn.has_water if slot.drawn else slot.room.has_water, "eau")
    close = {other.wishes.id for other, _ in slot.close if other.wishes is not None}
    for other in sorted(mine.near):
        say(other in close, f"près {of(names[other])}")
    for other in sorted(mine.apart & set(halls)):
        say(other not in close, f"à l’écart {of(names[other])}")
    return met, unmet


def why_unplaced(
    wishes: Wishes,
    problem: Problem,
    fillings: Mapping[int, Sequence[Filling]],
    used: Collection[int] = (),
) -> str:
    """What is missing for an exhibitor to have a stand; `used` are the drawn stands given."""
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
    rows = [one for room in able for one in fillings.get(room.id, ())]
    largest = max((_largest(one.segment) for one in rows), default=0.0)
    if wishes.area > largest + 0.05:
        reason = (
            f"{area} demandés d’un seul tenant\u00a0: le plus grand emplacement à dessiner "
            f"{_where(able)} fait {_metres(largest)}."
        )
    else:
        reason = f"{area} demandés\u00a0: {_what_is_left(wishes, able, rows)}"
    return " ".join([reason, *_near_miss(wishes, problem, used)])


def _what_is_left(wishes: Wishes, able: Sequence[Room], rows: Sequence[Filling]) -> str:
    """The floor left where it misses least, as one row or as two back to back."""
    shapes = [
        (front_of(one, filling.segment) - filling.left, depth, filling)
        for filling in rows
        for one in (wishes, replace(wishes, deep=True))
        for depth in [ROW * (2 if is_deep(one, filling.segment.rows) else 1)]
    ]
    missing, depth, best = min(shapes, key=lambda it: it[0] * it[1])
    there = f"il n’y a plus la place {_where(able)}, une allée gardée autour des rangées."
    where = "" if len(able) == 1 else f", dans le hall {best.segment.room.name},"
    lacks = _metres(missing * depth / 100)
    if not best.left:
        return f"{there} Il manque {lacks}."
    left = _metres(best.left * depth / 100)
    longest = f"Le plus grand reste de rangée{where} fait {left}"
    return f"{there} {longest}\u00a0: il en manque {lacks}."


def _near_miss(wishes: Wishes, problem: Problem, used: Collection[int]) -> list[str]:
    """The free drawn stand of the size asked that has not the power or the water."""
    rooms = {room.id: room for room in problem.rooms}
    free = (one for one in problem.stands if one.is_free and one.id not in used)
    near = next((one for one in free if has_the_size(one.area, wishes.area)), None)
    if near is None:
        return []
    power = f"{near.power_kw} kW au lieu de {wishes.power_kw}"
    lacks = [f"avec {power}"] if near.power_kw < wishes.power_kw else []
    lacks += ["sans eau"] if wishes.water and not near.has_water else []
    where = rooms[near.room_id].name
    return [f"Le stand {near.number} du hall {where} est libre, mais {' et '.join(lacks)}."]


def _largest(segment: Segment) -> float:
    return segment.length * ROW * segment.rows / 100


def _where(rooms: Sequence[Room]) -> str:
    names = [room.name for room in rooms]
    if len(names) == 1:
        return f"dans le hall {names[0]}"
    return f"dans les halls {', '.join(names[:-1])} et {names[-1]}"


def _metres(area: float) -> str:
    return f"{round(area, 1):g} m²".replace(".", ",")
