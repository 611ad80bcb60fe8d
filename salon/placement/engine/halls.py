"""First stage, by CP-SAT: assign exhibitors to free drawn stands and to halls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from salon.fair.engine import geometry
from salon.placement.engine.filling import front_of, is_deep
from salon.placement.engine.fitting import corners_of
from salon.placement.engine.problem import DrawnStand, Problem, Room, Wishes, can_supply, suits
from salon.placement.engine.rows import Segment
from salon.placement.engine.weighing import (
    CORNER,
    HALL,
    NEAR,
    PAVILION,
    PLACED,
    RIVALS,
    group_penalties,
    solve_model,
)

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

FULL = 0.95
"""Share of the rows of a hall that is counted on when halls are chosen."""
HALL_TIME = 0.4


def choose_halls(
    problem: Problem, segments: Mapping[int, Sequence[Segment]]
) -> tuple[dict[int, DrawnStand], dict[int, list[Wishes]]]:
    """Return the drawn stand of each exhibitor who takes one, and the others by hall."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    free_stands = [stand for stand in problem.stands if stand.is_free]
    into = {
        (wishes.id, room.id): model.new_bool_var("")
        for wishes in problem.wishes
        for room in problem.rooms
        if segments[room.id] and can_supply(room, wishes)
    }
    onto = {
        (wishes.id, stand.id): model.new_bool_var("")
        for wishes in problem.wishes
        for stand in free_stands
        if suits(stand, wishes)
    }
    corners = corners_of(problem.rooms, problem.stands)
    gain: list[LinearExpr | int] = []
    for wishes in problem.wishes:
        options = [
            into[key] for key in ((wishes.id, room.id) for room in problem.rooms) if key in into
        ]
        options += [
            onto[key] for key in ((wishes.id, stand.id) for stand in free_stands) if key in onto
        ]
        model.add_at_most_one(options)
        gain += [PLACED * option for option in options]
        if wishes.room_id is not None and (wishes.id, wishes.room_id) in into:
            gain.append(HALL * into[wishes.id, wishes.room_id])
    for stand in free_stands:
        takers = [
            (wishes, onto[wishes.id, stand.id])
            for wishes in problem.wishes
            if (wishes.id, stand.id) in onto
        ]
        model.add_at_most_one(var for _, var in takers)
        gain += [_worth_of(stand, wishes, stand.id in corners) * var for wishes, var in takers]
    for room in problem.rooms:
        gain += _capacity(model, room, segments[room.id], problem.wishes, into)
    gain += _companions(model, problem, into, onto, free_stands)
    gain += _rivals(model, problem, onto, free_stands)
    model.maximize(sum(gain))
    first_into, first_onto = _first_choice(problem, segments, into, onto)
    for key, var in into.items():
        model.add_hint(var, key in first_into)
    for key, var in onto.items():
        model.add_hint(var, key in first_onto)
    solver = solve_model(model, HALL_TIME)
    if solver is not None:
        first_into = {key for key, var in into.items() if solver.value(var)}
        first_onto = {key for key, var in onto.items() if solver.value(var)}
    stands = {stand.id: stand for stand in free_stands}
    drawn_stands = {exhibitor_id: stands[stand] for exhibitor_id, stand in first_onto}
    by_id = {wishes.id: wishes for wishes in problem.wishes}
    halls: dict[int, list[Wishes]] = defaultdict(list)
    for exhibitor_id, room_id in sorted(first_into):
        halls[room_id].append(by_id[exhibitor_id])
    return drawn_stands, halls


def _first_choice(
    problem: Problem,
    segments: Mapping[int, Sequence[Segment]],
    into: Mapping[tuple[int, int], "IntVar"],
    onto: Mapping[tuple[int, int], "IntVar"],
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the hint of the solver: smallest first, on a drawn stand, else in the wished hall."""
    left = {
        room_id: int(_rows_of(hall_segments) * FULL) for room_id, hall_segments in segments.items()
    }
    halls: set[tuple[int, int]] = set()
    stands: set[tuple[int, int]] = set()
    taken_ids: set[int] = set()
    for wishes in sorted(problem.wishes, key=lambda w: (w.area, w.id)):
        options = [stand for stand in problem.stands if (wishes.id, stand.id) in onto]
        stand = next((option for option in options if option.id not in taken_ids), None)
        if stand is not None:
            taken_ids.add(stand.id)
            stands.add((wishes.id, stand.id))
            continue
        able = [room for room in problem.rooms if (wishes.id, room.id) in into]
        able.sort(key=lambda room: (room.id != wishes.room_id, -left[room.id]))
        for room in able:
            need = _need(wishes, segments[room.id])
            if need <= left[room.id]:
                left[room.id] -= need
                halls.add((wishes.id, room.id))
                break
    return halls, stands


def _rows_of(segments: Sequence[Segment]) -> int:
    return sum(segment.length * segment.rows for segment in segments)


def _need(wishes: Wishes, segments: Sequence[Segment]) -> int:
    """Return the length of row that an exhibitor takes in a hall, both rows counted."""
    kind = next((segment for segment in segments if segment.rows == 2), segments[0])
    return front_of(wishes, kind) * (2 if is_deep(wishes, kind.rows) else 1)


def _worth_of(stand: DrawnStand, wishes: Wishes, is_corner: bool) -> int:
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
    candidates: Sequence[Wishes],
    into: Mapping[tuple[int, int], "IntVar"],
) -> "list[LinearExpr | int]":
    """Bound a hall by the length of its rows; corner wishes beyond its row ends cost."""
    if not segments:
        return []
    assignments = [
        (wishes, into[wishes.id, room.id]) for wishes in candidates if (wishes.id, room.id) in into
    ]
    needed = sum(_need(wishes, segments) * var for wishes, var in assignments)
    model.add(needed <= int(_rows_of(segments) * FULL))
    ends = sum(2 * segment.rows for segment in segments)
    over = model.new_int_var(0, len(candidates), "")
    model.add(sum(var for wishes, var in assignments if wishes.corner) <= ends + over)
    return [-CORNER * over]


def _companions(
    model: "CpModel",
    problem: Problem,
    into: Mapping[tuple[int, int], "IntVar"],
    onto: Mapping[tuple[int, int], "IntVar"],
    free_stands: Sequence[DrawnStand],
) -> "list[LinearExpr | int]":
    """Reward exhibitors of a pavilion, and those who wish to be neighbours, for sharing a hall."""
    presence: dict[tuple[int, int], LinearExpr | int] = {}
    for wishes in problem.wishes:
        for room in problem.rooms:
            terms = [into[wishes.id, room.id]] if (wishes.id, room.id) in into else []
            terms += [
                onto[wishes.id, stand.id]
                for stand in free_stands
                if stand.room_id == room.id and (wishes.id, stand.id) in onto
            ]
            if terms:
                presence[wishes.id, room.id] = sum(terms)
    gain: list[LinearExpr | int] = []
    wish_ids = {wishes.id for wishes in problem.wishes}
    settled_in = {
        stand.occupant: stand.room_id for stand in problem.stands if stand.occupant is not None
    }
    for wishes in problem.wishes:
        for neighbour_id in sorted(wishes.near):
            for room in problem.rooms:
                if (wishes.id, room.id) not in presence:
                    continue
                if neighbour_id in wish_ids and (neighbour_id, room.id) in presence:
                    together = model.new_bool_var("")
                    model.add(together <= presence[wishes.id, room.id])
                    model.add(together <= presence[neighbour_id, room.id])
                    gain.append(NEAR * together)
                elif settled_in.get(neighbour_id) == room.id:
                    gain.append(NEAR * presence[wishes.id, room.id])
    pavilions = {wishes.pavilion for wishes in problem.wishes if wishes.pavilion is not None}
    for pavilion in sorted(pavilions):
        gain += group_penalties(
            model,
            [
                [
                    presence[wishes.id, room.id]
                    for wishes in problem.wishes
                    if wishes.pavilion == pavilion and (wishes.id, room.id) in presence
                ]
                for room in problem.rooms
            ],
            2 * PAVILION,
        )
    return gain


def _rivals(
    model: "CpModel",
    problem: Problem,
    onto: Mapping[tuple[int, int], "IntVar"],
    free_stands: Sequence[DrawnStand],
) -> "list[LinearExpr]":
    """Penalise competitors on drawn stands side by side."""
    sectors = sorted({wishes.sector for wishes in problem.wishes if wishes.sector})
    settled = {wishes.id: wishes for wishes in problem.settled}
    cost: list[LinearExpr] = []
    for stand in free_stands:
        for neighbour in problem.stands:
            if neighbour.room_id != stand.room_id or not geometry.touch(stand.box, neighbour.box):
                continue
            if neighbour.is_free and neighbour.id < stand.id:
                continue
            for sector in sectors:
                takers = [
                    onto[wishes.id, stand.id]
                    for wishes in problem.wishes
                    if wishes.sector == sector and (wishes.id, stand.id) in onto
                ]
                neighbour_takers = [
                    onto[wishes.id, neighbour.id]
                    for wishes in problem.wishes
                    if wishes.sector == sector and (wishes.id, neighbour.id) in onto
                ]
                fixed = (
                    settled[neighbour.occupant].sector == sector
                    if neighbour.occupant in settled
                    else False
                )
                if takers and (neighbour_takers or fixed):
                    beside = model.new_bool_var("")
                    model.add(sum(takers) + sum(neighbour_takers) + int(fixed) <= 1 + beside)
                    cost.append(-RIVALS * beside)
    return cost
