"""Frames of the drawn plans, in metres: the park with its halls, a hall around its stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from salon.fair.models import Hall

MARGIN = 3.0
"""Metres of floor left visible around what is drawn."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of floor."""

    x: float
    y: float
    width: float
    depth: float

    @property
    def view_box(self) -> str:
        return f"{self.x:g} {self.y:g} {self.width:g} {self.depth:g}"


def park_frame(halls: Iterable[Hall]) -> Frame:
    """All the halls where they stand in the park."""
    return _around([(hall.x, hall.y, hall.width, hall.depth) for hall in halls])


def stands_frame(hall: Hall) -> Frame:
    """The stands of a hall, from the corner of the hall; the whole hall when it has none."""
    boxes = [(stand.x, stand.y, stand.width, stand.depth) for stand in hall.stands]
    return _around(boxes or [(0, 0, hall.width, hall.depth)])


def _around(boxes: list[tuple[float, float, float, float]]) -> Frame:
    left = min((x for x, _, _, _ in boxes), default=0.0) - MARGIN
    top = min((y for _, y, _, _ in boxes), default=0.0) - MARGIN
    right = max((x + width for x, _, width, _ in boxes), default=0.0) + MARGIN
    bottom = max((y + depth for _, y, _, depth in boxes), default=0.0) + MARGIN
    return Frame(left, top, right - left, bottom - top)
