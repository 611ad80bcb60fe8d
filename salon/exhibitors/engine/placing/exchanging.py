"""Exhibitors of equal stands are exchanged as long as a wish is better met. Metres."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salon.exhibitors.engine.placing.filling import front_of
from salon.exhibitors.engine.placing.problem import Drawn, Room, Wishes, can_supply, suits
from salon.exhibitors.engine.placing.rows import Segment
from salon.exhibitors.engine.placing.weighing import (
    APART,
    CORNER,
    HALL,
    NEAR,
    PAVILION,
    RIVALS,
    THEME,
)
from salon.fair.engine import geometry
from salon.fair.engine.geometry import Box

NEIGHBOURS = 6.0
"""Two stands this close are neighbours: side by side, back to back, or across an aisle."""
ROUNDS = 6
MOST_TRIES = 60_000


@dataclass
class Slot:
    """A stand of the plan, drawn or to draw, and who is on it."""

    room: Room
    box: Box
    wishes: Wishes | None
    drawn: Drawn | None = None
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
        mine = self.wishes
        return mine is not None and (
            mine.area == wishes.area
            or (
                front_of(mine, self.segment) == front_of(wishes, self.segment)
                and wishes.area <= self.box.width * self.box.depth + 0.001
                and mine.area > 9
                and wishes.area > 9
            )
        )


def link(slots: Sequence[Slot], stands: Sequence[Drawn]) -> None:
    """Finds the corners and the neighbours of each slot; `stands` also hold the empty ones."""
    for room_id in sorted({slot.room.id for slot in slots}):
        here = [slot for slot in slots if slot.room.id == room_id]
        mine = {slot.drawn.id for slot in here if slot.drawn is not None}
        boxes = [slot.box for slot in here]
        boxes += [one.box for one in stands if one.room_id == room_id and one.id not in mine]
        touching: list[list[Box]] = [[] for _ in boxes]
        for i, j in geometry.pairs_within(boxes, NEIGHBOURS):
            beside = geometry.touch(boxes[i], boxes[j])
            if beside:
                touching[i].append(boxes[j])
                touching[j].append(boxes[i])
            if i < len(here) and j < len(here):
                here[i].close.append((here[j], beside))
                here[j].close.append((here[i], beside))
        for slot, others in zip(here, touching, strict=False):
            room = slot.room
            sides = geometry.open_sides(slot.box, others, room.width, room.depth, room.aisle)
            slot.is_corner = geometry.is_corner(sides)


def exchange(slots: Sequence[Slot]) -> None:
    """Makes every exchange that is a gain, round after round, in a fixed order."""
    moving = [slot for slot in slots if not slot.fixed and slot.wishes is not None]
    tries = 0
    for _ in range(ROUNDS):
        gained = False
        for rank, one in enumerate(moving):
            for other in moving[rank + 1 :]:
                if not _could_exchange(one, other):
                    continue
                tries += 1
                if tries > MOST_TRIES:
                    return
                gained = _try(one, other) or gained
        if not gained:
            return


def _could_exchange(one: Slot, other: Slot) -> bool:
    assert one.wishes is not None
    assert other.wishes is not None
    return one.can_hold(other.wishes) and other.can_hold(one.wishes)


def _try(one: Slot, other: Slot) -> bool:
    before = worth_at(one) + worth_at(other)
    one.wishes, other.wishes = other.wishes, one.wishes
    if worth_at(one) + worth_at(other) > before:
        return True
    one.wishes, other.wishes = other.wishes, one.wishes
    return False


def worth_at(slot: Slot) -> int:
    """How well the one on this stand is, with its neighbours."""
    mine = slot.wishes
    if mine is None:
        return 0
    worth = CORNER if mine.corner and slot.is_corner else 0
    worth += HALL if mine.room_id == slot.room.id else 0
    for other, beside in slot.close:
        if other.wishes is not None:
            worth += between(mine, other.wishes, beside)
    return worth


def between(one: Wishes, other: Wishes, beside: bool) -> int:
    """What it is worth that two exhibitors are neighbours."""
    worth = NEAR * ((one.id in other.near) + (other.id in one.near))
    worth -= APART * ((one.id in other.apart) + (other.id in one.apart))
    if _are_together(one, other):
        worth += PAVILION
    elif beside and are_rivals(one, other):
        worth -= RIVALS
    if are_alike(one, other):
        worth += THEME
    return worth


def are_rivals(one: Wishes, other: Wishes) -> bool:
    """Of one sector, and not members of one pavilion."""
    return bool(one.sector) and one.sector == other.sector and not _are_together(one, other)


def are_alike(one: Wishes, other: Wishes) -> bool:
    return bool(set(one.themes) & set(other.themes))


def _are_together(one: Wishes, other: Wishes) -> bool:
    return one.pavilion is not None and one.pavilion == other.pavilion
