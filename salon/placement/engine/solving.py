"""Solve a plan from the free floor to the sentences shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from salon.placement.engine import words
from salon.placement.engine.exchanging import (
    Slot,
    are_alike,
    are_rivals,
    exchange_pairs,
    link_neighbours,
)
from salon.placement.engine.filling import Filling, is_deep
from salon.placement.engine.halls import choose_halls
from salon.placement.engine.problem import (
    DrawnStand,
    Plan,
    Problem,
    ProposedStand,
    Room,
    Unplaced,
    Wishes,
    can_supply,
    suits,
)
from salon.placement.engine.rows import ROW, Segment, round_up, rows_of
from salon.placement.engine.segments import choose_rows, fill_greedily

TARGETS = ((0.3, 120), (0.55, 180), (1.0, 300))
"""Share of the rows that is asked, and the length in decimetres of the pieces they are cut into.

Short pieces have more ends, hence corners; long ones waste less floor.
"""
LONGEST = 480
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def solve(problem: Problem) -> Plan:
    """Return a plan that places as many exhibitors as the floor holds. Changes nothing."""
    wishes = sorted(problem.wishes, key=lambda candidate: candidate.id)
    problem = Problem(problem.rooms, problem.stands, wishes, problem.settled)
    segments = cut_floor(problem)
    drawn_stands, by_hall = choose_halls(problem, segments)
    fillings: dict[int, list[Filling]] = {}
    for room in problem.rooms:
        fillings[room.id] = (
            choose_rows(by_hall[room.id], segments[room.id])
            if by_hall[room.id]
            else [Filling(segment) for segment in segments[room.id]]
        )
    _place_left_over(problem, drawn_stands, fillings)
    slots = _slots(problem, drawn_stands, fillings)
    link_neighbours(slots, problem.stands)
    exchange_pairs(slots)
    return _plan(problem, slots, fillings)


def cut_floor(problem: Problem) -> dict[int, list[Segment]]:
    """Lay out rows of stands in each hall; row length follows demand."""
    taken_boxes = {
        room.id: [stand.box for stand in problem.stands if stand.room_id == room.id]
        for room in problem.rooms
    }
    long_lengths = _long_row_lengths(problem)
    longest_rows = {
        room.id: rows_of(room, taken_boxes[room.id], LONGEST, ()) for room in problem.rooms
    }
    available = sum(
        segment.length * segment.rows
        for hall_rows in longest_rows.values()
        for segment in hall_rows
    )
    needed = sum(candidate.area * 100 / ROW for candidate in problem.wishes)
    share = needed / available if available else 1.0
    target = next((length for limit, length in TARGETS if share <= limit), TARGETS[-1][1])
    return {
        room.id: rows_of(
            room,
            taken_boxes[room.id],
            target,
            [length for length in long_lengths[room.id] if length > target],
        )
        for room in problem.rooms
    }


def _long_row_lengths(problem: Problem) -> Mapping[int, list[int]]:
    """Return the row lengths that the largest stands need, by wished hall or largest able hall."""
    lengths: dict[int, list[int]] = defaultdict(list)
    for wishes in problem.wishes:
        able = [room for room in problem.rooms if can_supply(room, wishes)]
        if able and wishes.area > 0:
            room = max(able, key=lambda r: (r.id == wishes.room_id, r.width * r.depth, -r.id))
            lengths[room.id].append(round_up(wishes.area * 100 / (2 * ROW)))
    return lengths


def _place_left_over(
    problem: Problem, drawn_stands: dict[int, DrawnStand], fillings: Mapping[int, list[Filling]]
) -> None:
    """Place exhibitors left over wherever there is room: drawn stand, row, depth of two rows."""
    placed = {
        wishes.id
        for hall_fillings in fillings.values()
        for filling in hall_fillings
        for wishes in filling.members
    }
    taken_ids = {stand.id for stand in drawn_stands.values()}
    for wishes in sorted(problem.wishes, key=lambda w: (w.area, w.id)):
        if wishes.id in drawn_stands or wishes.id in placed:
            continue
        free_stands = (
            stand for stand in problem.stands if stand.is_free and stand.id not in taken_ids
        )
        if (
            stand := next((option for option in free_stands if suits(option, wishes)), None)
        ) is not None:
            drawn_stands[wishes.id] = stand
            taken_ids.add(stand.id)
        elif not _place_in_a_row(wishes, fillings):
            _place_in_a_row(replace(wishes, deep=True), fillings)


def _place_in_a_row(wishes: Wishes, fillings: Mapping[int, list[Filling]]) -> bool:
    """Add an exhibitor to a row with room, wished hall first; return False if none has."""
    for room_id in sorted(fillings, key=lambda key: (key != wishes.room_id, key)):
        fill_greedily([wishes], fillings[room_id])
        if any(wishes in filling.members for filling in fillings[room_id]):
            return True
    return False


def _slots(
    problem: Problem, drawn_stands: Mapping[int, DrawnStand], fillings: Mapping[int, list[Filling]]
) -> list[Slot]:
    rooms = {room.id: room for room in problem.rooms}
    by_id = {wishes.id: wishes for wishes in (*problem.wishes, *problem.settled)}
    takers = {stand.id: exhibitor_id for exhibitor_id, stand in drawn_stands.items()}
    slots = []
    for stand in problem.stands:
        exhibitor_id = stand.occupant if stand.occupant is not None else takers.get(stand.id)
        if exhibitor_id is not None and exhibitor_id in by_id:
            fixed = stand.occupant is not None
            slots.append(
                Slot(
                    rooms[stand.room_id],
                    stand.box,
                    by_id[exhibitor_id],
                    stand,
                    None,
                    stand.number,
                    fixed,
                )
            )
    taken_numbers = {stand.number for stand in problem.stands}
    for room in problem.rooms:
        slots += _new_slots(room, fillings[room.id], taken_numbers)
    return slots


def _new_slots(room: Room, fillings: Sequence[Filling], taken_numbers: set[str]) -> list[Slot]:
    """Number the stands to draw along the rows: hall, letter of the row, rank in it."""
    laid = []
    for filling in fillings:
        segment = filling.segment
        for wishes, box in filling.lay_out():
            across = box.x if segment.vertical else box.y
            second = (
                segment.rows == 2
                and not is_deep(wishes, 2)
                and across * 10 >= segment.v + ROW - 0.5
            )
            laid.append(
                ((segment.vertical, segment.v + (ROW if second else 0)), segment, wishes, box)
            )
    laid.sort(key=lambda row: (row[0], row[3].y if row[1].vertical else row[3].x))
    letters: dict[tuple[bool, int], str] = {}
    counts: dict[str, int] = defaultdict(int)
    slots = []
    for key, segment, wishes, box in laid:
        if key not in letters:
            letters[key] = row_letters(len(letters))
        letter = letters[key]
        number = ""
        while not number or number in taken_numbers:
            counts[letter] += 1
            number = f"{room.name}-{letter}{counts[letter]:02d}"
        taken_numbers.add(number)
        slots.append(Slot(room, box, wishes, None, segment, number))
    return slots


def row_letters(rank: int) -> str:
    """Return the letters of a row of a hall: A to Z without I and O, then AA, AB."""
    first, last = divmod(rank, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[last]


def _plan(
    problem: Problem, slots: Sequence[Slot], fillings: Mapping[int, Sequence[Filling]]
) -> Plan:
    names = {wishes.id: wishes.name for wishes in (*problem.wishes, *problem.settled)}
    rooms = {room.id: room for room in problem.rooms}
    halls = {slot.wishes.id: slot.room.id for slot in slots if slot.wishes is not None}
    used = {slot.drawn.id for slot in slots if slot.drawn is not None}
    plan = Plan([], [])
    for slot in slots:
        if slot.wishes is None:
            continue
        exhibitor_id = slot.wishes.id
        stand = slot.drawn.id if slot.drawn else None
        plan.places.append(
            ProposedStand(exhibitor_id, slot.room.id, slot.box, slot.number, stand, slot.is_corner)
        )
        plan.met[exhibitor_id], plan.unmet[exhibitor_id] = words.wishes_of(
            slot, names, rooms, halls
        )
    for wishes in problem.wishes:
        if wishes.id not in halls:
            reason = words.why_unplaced(wishes, problem, fillings, used)
            plan.unplaced.append(Unplaced(wishes.id, reason))
    rivals, alike = _neighbour_counts(slots)
    return replace(plan, rivals=rivals, alike=alike)


def _neighbour_counts(slots: Sequence[Slot]) -> tuple[int, tuple[int, int]]:
    """Return pairs of rivals side by side, and (beside a shared theme, with a theme)."""
    rivals = alike = themed = 0
    for slot in slots:
        if (occupant := slot.wishes) is None:
            continue
        neighbours = [
            (neighbour.wishes, beside)
            for neighbour, beside in slot.close
            if neighbour.wishes is not None
        ]
        rivals += sum(
            beside and are_rivals(occupant, neighbour) for neighbour, beside in neighbours
        )
        themed += bool(occupant.themes)
        alike += any(are_alike(occupant, neighbour) for neighbour, _ in neighbours)
    return rivals // 2, (alike, themed)
