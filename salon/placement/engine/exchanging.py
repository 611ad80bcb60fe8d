"""Improve a plan by pairwise exchange: two exhibitors change stands while a wish is better met.

Distances in metres. Armour & Buffa (1963), A heuristic algorithm and simulation approach to
relative location of facilities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salon.fair.engine import geometry
from salon.fair.engine.geometry import Box
from salon.placement.engine.filling import front_of
from salon.placement.engine.problem import DrawnStand, Room, Wishes, can_supply, suits
from salon.placement.engine.rows import Segment
from salon.placement.engine.weighing import APART, CORNER, HALL, NEAR, PAVILION, RIVALS, THEME

NEIGHBOURS = 6.0
"""Two stands this close are neighbours: side by side, back to back, or across an aisle."""
ROUNDS = 6
MOST_TRIES = 60_000


@dataclass
class Slot:
    """A stand of the plan, drawn or to draw, with its exhibitor."""

    room: Room
    box: Box
    wishes: Wishes | None
    drawn: DrawnStand | None = None
    segment: Segment | None = None
    number: str = ""
    fixed: bool = False
    is_corner: bool = False
    close: list[tuple["Slot", bool]] = field(default_factory=list)

    def can_hold(self, wishes: Wishes) -> bool:
        if self.drawn is not None:
            return suits(self.drawn, wishes)
        assert self.segment is not None
        if not can_supply(self.room, wishes):
            return False
        # A new stand is as large as its exhibitor asks: equals only.
        occupant = self.wishes
        return occupant is not None and (
            occupant.area == wishes.area
            or (
                front_of(occupant, self.segment) == front_of(wishes, self.segment)
                and wishes.area <= self.box.width * self.box.depth + 0.001
                and occupant.area > 9
                and wishes.area > 9
            )
        )


def link_neighbours(slots: Sequence[Slot], stands: Sequence[DrawnStand]) -> None:
    """Set the corner and the neighbours of each slot. `stands` includes the empty ones."""
    for room_id in sorted({slot.room.id for slot in slots}):
        hall_slots = [slot for slot in slots if slot.room.id == room_id]
        used_stand_ids = {slot.drawn.id for slot in hall_slots if slot.drawn is not None}
        boxes = [slot.box for slot in hall_slots]
        boxes += [
            stand.box
            for stand in stands
            if stand.room_id == room_id and stand.id not in used_stand_ids
        ]
        touching: list[list[Box]] = [[] for _ in boxes]
        for i, j in geometry.pairs_within(boxes, NEIGHBOURS):
            beside = geometry.touch(boxes[i], boxes[j])
            if beside:
                touching[i].append(boxes[j])
                touching[j].append(boxes[i])
            if i < len(hall_slots) and j < len(hall_slots):
                hall_slots[i].close.append((hall_slots[j], beside))
                hall_slots[j].close.append((hall_slots[i], beside))
        for slot, neighbours in zip(hall_slots, touching, strict=False):
            room = slot.room
            sides = geometry.open_sides(slot.box, neighbours, room.width, room.depth, room.aisle)
            slot.is_corner = geometry.is_corner(sides)


def exchange_pairs(slots: Sequence[Slot]) -> None:
    """Make every exchange that is a gain, round after round, in a fixed order."""
    moving = [slot for slot in slots if not slot.fixed and slot.wishes is not None]
    tries = 0
    for _ in range(ROUNDS):
        gained = False
        for rank, first in enumerate(moving):
            for second in moving[rank + 1 :]:
                if not _could_exchange(first, second):
                    continue
                tries += 1
                if tries > MOST_TRIES:
                    return
                gained = _try_exchange(first, second) or gained
        if not gained:
            return


def _could_exchange(first: Slot, second: Slot) -> bool:
    assert first.wishes is not None
    assert second.wishes is not None
    return first.can_hold(second.wishes) and second.can_hold(first.wishes)


def _try_exchange(first: Slot, second: Slot) -> bool:
    before = slot_weight(first) + slot_weight(second)
    first.wishes, second.wishes = second.wishes, first.wishes
    if slot_weight(first) + slot_weight(second) > before:
        return True
    first.wishes, second.wishes = second.wishes, first.wishes
    return False


def slot_weight(slot: Slot) -> int:
    """Return the weight of the wishes met for the exhibitor of a slot, neighbours included."""
    occupant = slot.wishes
    if occupant is None:
        return 0
    worth = CORNER if occupant.corner and slot.is_corner else 0
    worth += HALL if occupant.room_id == slot.room.id else 0
    for neighbour, beside in slot.close:
        if neighbour.wishes is not None:
            worth += neighbour_weight(occupant, neighbour.wishes, beside)
    return worth


def neighbour_weight(first: Wishes, second: Wishes, beside: bool) -> int:
    """Return the weight of two exhibitors being neighbours."""
    worth = NEAR * ((first.id in second.near) + (second.id in first.near))
    worth -= APART * ((first.id in second.apart) + (second.id in first.apart))
    if _are_together(first, second):
        worth += PAVILION
    elif beside and are_rivals(first, second):
        worth -= RIVALS
    if are_alike(first, second):
        worth += THEME
    return worth


def are_rivals(first: Wishes, second: Wishes) -> bool:
    """Return whether two exhibitors share a sector without sharing a pavilion."""
    return bool(first.sector) and first.sector == second.sector and not _are_together(first, second)


def are_alike(first: Wishes, second: Wishes) -> bool:
    return bool(set(first.themes) & set(second.themes))


def _are_together(first: Wishes, second: Wishes) -> bool:
    return first.pavilion is not None and first.pavilion == second.pavilion
