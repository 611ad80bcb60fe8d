"""What there is to place, where, and what a plan says. Metres, m², kW."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salon.fair.engine.geometry import Box

SPARE_SHARE = 1.25
SPARE_AREA = 3.0
"""A drawn stand suits up to the greater of 1.25 × the area asked and 3 m² more."""


@dataclass(frozen=True)
class Room:
    """A hall: its size, the aisle it keeps, what it can supply."""

    id: int
    name: str
    width: float
    depth: float
    aisle: float = 3.0
    power_kw: int = 9
    has_water: bool = False


@dataclass(frozen=True)
class Drawn:
    """A stand of the plan; `occupant` is the exhibitor on it; `reserved` when it is no one's."""

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
    """An exhibitor as the plan sees it; `near` and `apart` hold ids of exhibitors.

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
    """`wishes` are to be placed; `settled` are the exhibitors who have a stand, which they keep."""

    rooms: Sequence[Room]
    stands: Sequence[Drawn]
    wishes: Sequence[Wishes]
    settled: Sequence[Wishes] = ()


@dataclass(frozen=True)
class Place:
    """A stand proposed: a drawn one when `stand_id` is set, else one to draw at `box`."""

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
    """What is proposed; `met` and `unmet` say in French what each exhibitor gets of its wishes.

    `rivals`: pairs of one sector side by side. `alike`: how many have a neighbour that shares a
    theme with them, among those placed that have a theme.
    """

    places: list[Place]
    unplaced: list[Unplaced]
    met: dict[int, list[str]] = field(default_factory=dict)
    unmet: dict[int, list[str]] = field(default_factory=dict)
    rivals: int = 0
    alike: tuple[int, int] = (0, 0)


def has_the_size(area: float, asked: float) -> bool:
    return asked - 0.05 <= area <= max(asked * SPARE_SHARE, asked + SPARE_AREA) + 0.05


def suits(stand: Drawn, wishes: Wishes) -> bool:
    """Whether a drawn stand has the area, the power and the water that an exhibitor asks."""
    return (
        has_the_size(stand.area, wishes.area)
        and stand.power_kw >= wishes.power_kw
        and (stand.has_water or not wishes.water)
    )


def can_supply(room: Room, wishes: Wishes) -> bool:
    return room.power_kw >= wishes.power_kw and (room.has_water or not wishes.water)
