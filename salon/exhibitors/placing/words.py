"""What a plan says in French: wishes met or not, and why somebody has no stand."""

from collections.abc import Mapping, Sequence

from salon.exhibitors.placing.exchanging import Slot
from salon.exhibitors.placing.filling import Filling, front_of, is_deep
from salon.exhibitors.placing.problem import Problem, Room, Wishes
from salon.exhibitors.placing.rows import ROW, Segment


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
        say(other in close, f"près de {names[other]}")
    for other in sorted(mine.apart & set(halls)):
        say(other not in close, f"à l’écart de {names[other]}")
    return met, unmet


def why_unplaced(
    wishes: Wishes, problem: Problem, fillings: Mapping[int, Sequence[Filling]]
) -> str:
    """What is missing for an exhibitor to have a stand."""
    area = _metres(wishes.area)
    strongest = max((room.power_kw for room in problem.rooms), default=0)
    powered = [room for room in problem.rooms if room.power_kw >= wishes.power_kw]
    if not problem.rooms:
        return "Aucun hall n’est décrit pour cette édition."
    if not powered:
        return f"{wishes.power_kw} kW demandés : les halls fournissent au plus {strongest} kW."
    able = [room for room in powered if room.has_water or not wishes.water]
    if not able:
        with_power = f" avec {wishes.power_kw} kW" if wishes.power_kw else ""
        return f"De l’eau est demandée : aucun hall{with_power} n’en a."
    rows = [one for room in able for one in fillings.get(room.id, ())]
    largest = max((_largest(one.segment) for one in rows), default=0.0)
    if wishes.area > largest + 0.05:
        return (
            f"{area} demandés d’un seul tenant : le plus grand emplacement à dessiner "
            f"{_where(able)} fait {_metres(largest)}."
        )
    best, need = min(
        ((one, front_of(wishes, one.segment)) for one in rows),
        key=lambda it: it[1] - (it[0].segment.length - it[0].length),
    )
    free = best.segment.length - best.length
    depth = ROW * (2 if is_deep(wishes, best.segment.rows) else 1)
    there, missing = _metres(free * depth / 100), _metres((need - free) * depth / 100)
    return (
        f"{area} demandés : il n’y a plus la place {_where(able)}. "
        f"Le plus grand emplacement restant fait {there} : il en manque {missing}."
    )


def _largest(segment: Segment) -> float:
    return segment.length * ROW * segment.rows / 100


def _where(rooms: Sequence[Room]) -> str:
    names = [room.name for room in rooms]
    if len(names) == 1:
        return f"dans le hall {names[0]}"
    return f"dans les halls {', '.join(names[:-1])} et {names[-1]}"


def _metres(area: float) -> str:
    return f"{round(area, 1):g} m²".replace(".", ",")
