"""A small drawing of the floor around a stand, in metres."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.fair.models import Stand

NARROWEST = 26.0
"""Metres shown at least, so that neighbours give their place."""
MARGIN = 3.0


@dataclass(frozen=True)
class Box:
    number: str
    x: float
    y: float
    width: float
    depth: float
    is_ours: bool

    @property
    def size(self) -> float:
        """Return the letter height at which the number fits in the stand."""
        return round(min(self.width / max(len(self.number), 2) * 1.4, self.depth * 0.6, 2.2), 2)


@dataclass(frozen=True)
class FloorView:
    """Boxes within a window of the hall, at most MARGIN beyond its walls."""

    x: float
    y: float
    width: float
    depth: float
    hall_width: float
    hall_depth: float
    boxes: list[Box]

    @property
    def view_box(self) -> str:
        return f"{self.x:g} {self.y:g} {self.width:g} {self.depth:g}"


def view_around(
    stand: Stand, stands: Sequence[tuple[str, float, float, float, float]]
) -> FloorView:
    """Return the stand amid its neighbours, with the walls of the hall when they are near."""
    hall = stand.hall
    width = min(max(NARROWEST, 2 * stand.width), hall.width) + 2 * MARGIN
    depth = min(max(NARROWEST * 0.6, 2 * stand.depth), hall.depth) + 2 * MARGIN
    return FloorView(
        x=_within(stand.x + stand.width / 2 - width / 2, hall.width - width),
        y=_within(stand.y + stand.depth / 2 - depth / 2, hall.depth - depth),
        width=width,
        depth=depth,
        hall_width=hall.width,
        hall_depth=hall.depth,
        boxes=[Box(*neighbour, is_ours=neighbour[0] == stand.number) for neighbour in stands],
    )


def _within(start: float, last: float) -> float:
    return round(min(max(start, -MARGIN), last + MARGIN), 2)
