"""First choice, by CP-SAT: who takes which free drawn stand, who goes to which hall."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from salon.exhibitors.engine.placing.filling import front_of, is_deep
from salon.exhibitors.engine.placing.fitting import corners_of
from salon.exhibitors.engine.placing.problem import Drawn, Problem, Room, Wishes, can_supply, suits
from salon.exhibitors.engine.placing.rows import Segment
from salon.exhibitors.engine.placing.weighing import (
    CORNER,
    HALL,
    NEAR,
    PAVILION,
    PLACED,
    RIVALS,
    fewest,
    solved,
)
from salon.fair.engine import geometry

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

FULL = 0.95
"""Share of the rows of a hall that is counted on when halls are chosen."""
HALL_TIME = 0.4


def choose_halls(
    problem: Problem, segments: Mapping[int, Sequence[Segment]]
) -> tuple[dict[int, Drawn], dict[int, list[Wishes]]]:
    """Who takes which free drawn stand, and who goes to a new stand of which hall."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    free = [stand for stand in problem.stands if stand.is_free]
    into = {
        (wishes.id, room.id): model.new_bool_var("")
        for wishes in problem.wishes
        for room in problem.rooms
        if segments[room.id] and can_supply(room, wishes)
    }
    onto = {
        (wishes.id, stand.id): model.new_bool_var("")
        for wishes in problem.wishes
        for stand in free
        if suits(stand, wishes)
    }
    corners = corners_of(problem.rooms, problem.stands)
    gain: list[Any] = []
    for wishes in problem.wishes:
        options = [
            into[key] for key in ((wishes.id, room.id) for room in problem.rooms) if key in into
        ]
        options += [onto[key] for key in ((wishes.id, stand.id) for stand in free) if key in onto]
        model.add_at_most_one(options)
        gain += [PLACED * one for one in options]
        if wishes.room_id is not None and (wishes.id, wishes.room_id) in into:
            gain.append(HALL * into[wishes.id, wishes.room_id])
    for stand in free:
        takers = [
            (wishes, onto[wishes.id, stand.id])
            for wishes in problem.wishes
            if (wishes.id, stand.id) in onto
        ]
        model.add_at_most_one(var for _, var in takers)
        gain += [_worth_of(stand, wishes, stand.id in corners) * var for wishes, var in takers]
    for room in problem.rooms:
        gain += _capacity(model, room, segments[room.id], problem.wishes, into)
    gain += _companions(model, problem, into, onto, free)
    gain += _rivals(model, problem, onto, free)
    model.maximize(sum(gain))
    first_into, first_onto = _first_choice(problem, segments, into, onto)
    for key, var in into.items():
        model.add_hint(var, key in first_into)
    for key, var in onto.items():
        model.add_hint(var, key in first_onto)
    solver = solved(model, HALL_TIME)
    if solver is not None:
        first_into = {key for key, var in into.items() if solver.value(var)}
        first_onto = {key for key, var in onto.items() if solver.value(var)}
    stands = {one.id: one for one in free}
    drawn = {who: stands[stand] for who, stand in first_onto}
    by_id = {one.id: one for one in problem.wishes}
    halls: dict[int, list[Wishes]] = defaultdict(list)
    for who, room_id in sorted(first_into):
        halls[room_id].append(by_id[who])
    return drawn, halls


def _first_choice(
    problem: Problem,
    segments: Mapping[int, Sequence[Segment]],
    into: Mapping[tuple[int, int], Any],
    onto: Mapping[tuple[int, int], Any],
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Where to start from: the smallest first, on a drawn stand, else in the wished hall."""
    left = {room_id: int(_rows_of(them) * FULL) for room_id, them in segments.items()}
    halls: set[tuple[int, int]] = set()
    stands: set[tuple[int, int]] = set()
    taken: set[int] = set()
    for one in sorted(problem.wishes, key=lambda w: (w.area, w.id)):
        options = [stand for stand in problem.stands if (one.id, stand.id) in onto]
        stand = next((it for it in options if it.id not in taken), None)
        if stand is not None:
            taken.add(stand.id)
            stands.add((one.id, stand.id))
            continue
        able = [room for room in problem.rooms if (one.id, room.id) in into]
        able.sort(key=lambda room: (room.id != one.room_id, -left[room.id]))
        for room in able:
            need = _need(one, segments[room.id])
            if need <= left[room.id]:
                left[room.id] -= need
                halls.add((one.id, room.id))
                break
    return halls, stands


def _rows_of(segments: Sequence[Segment]) -> int:
    return sum(one.length * one.rows for one in segments)


def _need(wishes: Wishes, segments: Sequence[Segment]) -> int:
    """Length of row that an exhibitor takes in a hall, both rows counted."""
    kind = next((one for one in segments if one.rows == 2), segments[0])
    return front_of(wishes, kind) * (2 if is_deep(wishes, kind.rows) else 1)


def _worth_of(stand: Drawn, wishes: Wishes, is_corner: bool) -> int:
    worth = 20 + (HALL if stand.room_id == wishes.room_id else 0)
    if wishes.corner:
        worth += 0 if is_corner else -CORNER
    elif is_corner:
        worth -= 15
    return worth - round(2 * max(0.0, stand.area - wishes.area))


def _capacity(
    model: "CpModel",
    room: Room,
    segments: Sequence[Segment],
    everyone: Sequence[Wishes],
    into: Mapping[tuple[int, int], Any],
) -> list[Any]:
    """The rows of a hall bound who goes there; beyond its row ends, a corner costs."""
    if not segments:
        return []
    there = [(one, into[one.id, room.id]) for one in everyone if (one.id, room.id) in into]
    needed = sum(_need(one, segments) * var for one, var in there)
    model.add(needed <= int(_rows_of(segments) * FULL))
    ends = sum(2 * one.rows for one in segments)
    over = model.new_int_var(0, len(everyone), "")
    model.add(sum(var for one, var in there if one.corner) <= ends + over)
    return [-CORNER * over]


def _companions(
    model: "CpModel",
    problem: Problem,
    into: Mapping[tuple[int, int], Any],
    onto: Mapping[tuple[int, int], Any],
    free: Sequence[Drawn],
) -> list[Any]:
    """Members of a pavilion, and who wishes to be near whom, go to the same hall."""
    here: dict[tuple[int, int], Any] = {}
    for wishes in problem.wishes:
        for room in problem.rooms:
            terms = [into[wishes.id, room.id]] if (wishes.id, room.id) in into else []
            terms += [
                onto[wishes.id, one.id]
                for one in free
                if one.room_id == room.id and (wishes.id, one.id) in onto
            ]
            if terms:
                here[wishes.id, room.id] = sum(terms)
    gain: list[Any] = []
    known = {one.id for one in problem.wishes}
    settled_in = {one.occupant: one.room_id for one in problem.stands if one.occupant is not None}
    for wishes in problem.wishes:
        for other in sorted(wishes.near):
            for room in problem.rooms:
                if (wishes.id, room.id) not in here:
                    continue
                if other in known and (other, room.id) in here:
                    both = model.new_bool_var("")
                    model.add(both <= here[wishes.id, room.id])
                    model.add(both <= here[other, room.id])
                    gain.append(NEAR * both)
                elif settled_in.get(other) == room.id:
                    gain.append(NEAR * here[wishes.id, room.id])
    pavilions = {one.pavilion for one in problem.wishes if one.pavilion is not None}
    for pavilion in sorted(pavilions):
        gain += fewest(
            model,
            [
                [
                    here[one.id, room.id]
                    for one in problem.wishes
                    if one.pavilion == pavilion and (one.id, room.id) in here
                ]
                for room in problem.rooms
            ],
            2 * PAVILION,
        )
    return gain


def _rivals(
    model: "CpModel", problem: Problem, onto: Mapping[tuple[int, int], Any], free: Sequence[Drawn]
) -> list[Any]:
    """Competitors are not given drawn stands side by side."""
    sectors = sorted({one.sector for one in problem.wishes if one.sector})
    settled = {one.id: one for one in problem.settled}
    cost: list[Any] = []
    for stand in free:
        for other in problem.stands:
            if other.room_id != stand.room_id or not geometry.touch(stand.box, other.box):
                continue
            if other.is_free and other.id < stand.id:
                continue
            for sector in sectors:
                takers = [
                    onto[one.id, stand.id]
                    for one in problem.wishes
                    if one.sector == sector and (one.id, stand.id) in onto
                ]
                there = [
                    onto[one.id, other.id]
                    for one in problem.wishes
                    if one.sector == sector and (one.id, other.id) in onto
                ]
                fixed = (
                    settled[other.occupant].sector == sector if other.occupant in settled else False
                )
                if takers and (there or fixed):
                    beside = model.new_bool_var("")
                    model.add(sum(takers) + sum(there) + int(fixed) <= 1 + beside)
                    cost.append(-RIVALS * beside)
    return cost
