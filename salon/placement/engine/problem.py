"""Input and output of the plan solver. Metres, m², kW."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salon.fair.engine.geometry import Box

SPARE_SHARE = 1.25
SPARE_AREA = 3.0
"""A drawn stand suits up to the greater of 1.25 × the area asked and 3 m² more."""


@dataclass(frozen=True)
class Room:
    """A hall: its size, the width of its aisles, its supply of power and water."""

    id: int
    name: str
    width: float
    depth: float
    aisle: float = 3.0
    power_kw: int = 9
    has_water: bool = False


@dataclass(frozen=True)
class DrawnStand:
    """A stand of the plan; `occupant` is an exhibitor id; `reserved` ones are not given."""

    id: int
    room_id: int
    number: str
    box: Box
    power_kw: int = 0
    has_water: bool = False
    occupant: int | None = None
    reserved: bool = False

    @property
    def is_free(self) -> bool:
        return self.occupant is None and not self.reserved

    @property
    def area(self) -> float:
        return self.box.width * self.box.depth


@dataclass(frozen=True)
class Wishes:
    """The wishes of an exhibitor; `near` and `apart` hold ids of exhibitors.

    `deep`: it takes the depth of two rows back to back, whatever its area.
    """

    id: int
    name: str
    area: float
    corner: bool = False
    power_kw: int = 0
    water: bool = False
    room_id: int | None = None
    near: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    sector: str | None = None
    themes: tuple[int, ...] = ()
    pavilion: int | None = None
    deep: bool = False


@dataclass(frozen=True)
class Problem:
    """`wishes` are to be placed; `settled` exhibitors keep the stand they have."""

    rooms: Sequence[Room]
    stands: Sequence[DrawnStand]
    wishes: Sequence[Wishes]
    settled: Sequence[Wishes] = ()


@dataclass(frozen=True)
class ProposedStand:
    """A proposed stand: a drawn one when `stand_id` is set, else one to draw at `box`."""

    exhibitor_id: int
    room_id: int
    box: Box
    number: str
    stand_id: int | None = None
    is_corner: bool = False


@dataclass(frozen=True)
class Unplaced:
    exhibitor_id: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """A proposal; `met` and `unmet` list in French the wishes of each exhibitor.

    `rivals`: pairs of one sector side by side. `alike`: (exhibitors with a neighbour of a shared
    theme, placed exhibitors with a theme).
    """

    places: list[ProposedStand]
    unplaced: list[Unplaced]
    met: dict[int, list[str]] = field(default_factory=dict)
    unmet: dict[int, list[str]] = field(default_factory=dict)
    rivals: int = 0
    alike: tuple[int, int] = (0, 0)


def fits_area(area: float, wished_area: float) -> bool:
    return (
        wished_area - 0.05
        <= area
        <= max(wished_area * SPARE_SHARE, wished_area + SPARE_AREA) + 0.05
    )


def suits(stand: DrawnStand, wishes: Wishes) -> bool:
    """Return whether a drawn stand has the area, the power and the water wished."""
    return (
        fits_area(stand.area, wishes.area)
        and stand.power_kw >= wishes.power_kw
        and (stand.has_water or not wishes.water)
    )


def can_supply(room: Room, wishes: Wishes) -> bool:
    return room.power_kw >= wishes.power_kw and (room.has_water or not wishes.water)
