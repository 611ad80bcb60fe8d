"""The plan of a fair, from the free floor to the words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from salon.exhibitors.engine.placing import words
from salon.exhibitors.engine.placing.exchanging import Slot, are_alike, are_rivals, exchange, link
from salon.exhibitors.engine.placing.filling import Filling, is_deep
from salon.exhibitors.engine.placing.halls import choose_halls
from salon.exhibitors.engine.placing.problem import (
    Drawn,
    Place,
    Plan,
    Problem,
    Room,
    Unplaced,
    Wishes,
    can_supply,
    suits,
)
from salon.exhibitors.engine.placing.rows import ROW, Segment, rows_of, up
from salon.exhibitors.engine.placing.segments import choose_rows, fill_greedily

TARGETS = ((0.3, 120), (0.55, 180), (1.0, 300))
"""Share of the rows that is asked, and the length in decimetres of the pieces they are cut into.

Short pieces have more ends, hence corners; long ones waste less floor.
"""
LONGEST = 480
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def solve(problem: Problem) -> Plan:
    """A place for as many exhibitors as the floor holds; changes nothing."""
    wishes = sorted(problem.wishes, key=lambda one: one.id)
    problem = Problem(problem.rooms, problem.stands, wishes, problem.settled)
    segments = cut_floor(problem)
    drawn, by_hall = choose_halls(problem, segments)
    fillings: dict[int, list[Filling]] = {}
    for room in problem.rooms:
        fillings[room.id] = (
            choose_rows(by_hall[room.id], segments[room.id])
            if by_hall[room.id]
            else [Filling(one) for one in segments[room.id]]
        )
    _place_the_rest(problem, drawn, fillings)
    slots = _slots(problem, drawn, fillings)
    link(slots, problem.stands)
    exchange(slots)
    return _plan(problem, slots, fillings)


def cut_floor(problem: Problem) -> dict[int, list[Segment]]:
    """Rows of each hall, the shorter the less is asked."""
    taken = {
        room.id: [one.box for one in problem.stands if one.room_id == room.id]
        for room in problem.rooms
    }
    long = _long_ones(problem)
    whole = {room.id: rows_of(room, taken[room.id], LONGEST, ()) for room in problem.rooms}
    there_is = sum(one.length * one.rows for them in whole.values() for one in them)
    asked = sum(one.area * 100 / ROW for one in problem.wishes)
    share = asked / there_is if there_is else 1.0
    target = next((length for limit, length in TARGETS if share <= limit), TARGETS[-1][1])
    return {
        room.id: rows_of(
            room, taken[room.id], target, [one for one in long[room.id] if one > target]
        )
        for room in problem.rooms
    }


def _long_ones(problem: Problem) -> Mapping[int, list[int]]:
    """The lengths that the largest stands need, each in its wished hall or the largest able one."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in problem.wishes:
        able = [room for room in problem.rooms if can_supply(room, one)]
        if able and one.area > 0:
            room = max(able, key=lambda r: (r.id == one.room_id, r.width * r.depth, -r.id))
            found[room.id].append(up(one.area * 100 / (2 * ROW)))
    return found


def _place_the_rest(
    problem: Problem, drawn: dict[int, Drawn], fillings: Mapping[int, list[Filling]]
) -> None:
    """Who found no row goes wherever there is room: a drawn stand, a row, the depth of two rows."""
    placed = {one.id for them in fillings.values() for filling in them for one in filling.members}
    taken = {stand.id for stand in drawn.values()}
    for one in sorted(problem.wishes, key=lambda w: (w.area, w.id)):
        if one.id in drawn or one.id in placed:
            continue
        free = (it for it in problem.stands if it.is_free and it.id not in taken)
        if (stand := next((it for it in free if suits(it, one)), None)) is not None:
            drawn[one.id] = stand
            taken.add(stand.id)
        elif not _place_in_a_row(one, fillings):
            _place_in_a_row(replace(one, deep=True), fillings)


def _place_in_a_row(wishes: Wishes, fillings: Mapping[int, list[Filling]]) -> bool:
    """Adds it where a row has room, in the wished hall first; False when none has."""
    for room_id in sorted(fillings, key=lambda key: (key != wishes.room_id, key)):
        fill_greedily([wishes], fillings[room_id])
        if any(wishes in filling.members for filling in fillings[room_id]):
            return True
    return False


def _slots(
    problem: Problem, drawn: Mapping[int, Drawn], fillings: Mapping[int, list[Filling]]
) -> list[Slot]:
    rooms = {room.id: room for room in problem.rooms}
    by_id = {one.id: one for one in (*problem.wishes, *problem.settled)}
    takers = {stand.id: who for who, stand in drawn.items()}
    slots = []
    for stand in problem.stands:
        who = stand.occupant if stand.occupant is not None else takers.get(stand.id)
        if who is not None and who in by_id:
            fixed = stand.occupant is not None
            slots.append(
                Slot(rooms[stand.room_id], stand.box, by_id[who], stand, None, stand.number, fixed)
            )
    taken = {stand.number for stand in problem.stands}
    for room in problem.rooms:
        slots += _new_slots(room, fillings[room.id], taken)
    return slots


def _new_slots(room: Room, fillings: Sequence[Filling], taken: set[str]) -> list[Slot]:
    """The stands to draw, numbered along the rows: hall, letter of the row, rank in it."""
    laid = []
    for filling in fillings:
        segment = filling.segment
        for one, box in filling.lay_out():
            across = box.x if segment.vertical else box.y
            second = (
                segment.rows == 2 and not is_deep(one, 2) and across * 10 >= segment.v + ROW - 0.5
            )
            laid.append(((segment.vertical, segment.v + (ROW if second else 0)), segment, one, box))
    laid.sort(key=lambda it: (it[0], it[3].y if it[1].vertical else it[3].x))
    letters: dict[tuple[bool, int], str] = {}
    counts: dict[str, int] = defaultdict(int)
    slots = []
    for key, segment, one, box in laid:
        if key not in letters:
            letters[key] = _letter(len(letters))
        letter = letters[key]
        number = ""
        while not number or number in taken:
            counts[letter] += 1
            number = f"{room.name}-{letter}{counts[letter]:02d}"
        taken.add(number)
        slots.append(Slot(room, box, one, None, segment, number))
    return slots


def _letter(rank: int) -> str:
    first, last = divmod(rank, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[last]


def _plan(
    problem: Problem, slots: Sequence[Slot], fillings: Mapping[int, Sequence[Filling]]
) -> Plan:
    names = {one.id: one.name for one in (*problem.wishes, *problem.settled)}
    rooms = {room.id: room for room in problem.rooms}
    halls = {slot.wishes.id: slot.room.id for slot in slots if slot.wishes is not None}
    used = {slot.drawn.id for slot in slots if slot.drawn is not None}
    plan = Plan([], [])
    for slot in slots:
        if slot.wishes is None:
            continue
        who = slot.wishes.id
        stand = slot.drawn.id if slot.drawn else None
        plan.places.append(Place(who, slot.room.id, slot.box, slot.number, stand, slot.is_corner))
        plan.met[who], plan.unmet[who] = words.wishes_of(slot, names, rooms, halls)
    for one in problem.wishes:
        if one.id not in halls:
            reason = words.why_unplaced(one, problem, fillings, used)
            plan.unplaced.append(Unplaced(one.id, reason))
    rivals, alike = _company(slots)
    return replace(plan, rivals=rivals, alike=alike)


def _company(slots: Sequence[Slot]) -> tuple[int, tuple[int, int]]:
    """Pairs of rivals side by side; who is near its like, of how many that have a theme."""
    rivals = alike = themed = 0
    for slot in slots:
        if (mine := slot.wishes) is None:
            continue
        others = [(it.wishes, beside) for it, beside in slot.close if it.wishes is not None]
        rivals += sum(beside and are_rivals(mine, other) for other, beside in others)
        themed += bool(mine.themes)
        alike += any(are_alike(mine, other) for other, _ in others)
    return rivals // 2, (alike, themed)
