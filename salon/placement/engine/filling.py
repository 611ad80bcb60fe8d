"""Fill a segment of rows: exhibitors at its two ends (corners), and columns between.

In two rows back to back a column holds two stands of one frontage, or one that takes the whole
depth, so that stands back to back begin and end together; only the outer side of an end may be
ragged.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from salon.fair.engine.geometry import Box
from salon.placement.engine.problem import Wishes, can_supply
from salon.placement.engine.rows import ROW, Segment, least_front, round_up

DEEP_AREA = 30.0
"""From this area on, a stand takes the depth of both rows."""
INSIDE = 2
END_COST = 12
"""Decimetres of row worth saving to keep an end for a wish of a corner."""
NO_CORNER = 400


def is_deep(wishes: Wishes, rows: int) -> bool:
    return rows == 2 and (wishes.deep or wishes.area >= DEEP_AREA)


def front_of(wishes: Wishes, segment: Segment) -> int:
    """Return the frontage in decimetres, rounded up to half-metres so that many stands share it."""
    depth = ROW * (2 if is_deep(wishes, segment.rows) else 1)
    return max(least_front(segment.room), round_up(wishes.area * 100 / depth))


@dataclass
class Filling:
    """A segment with its exhibitors.

    `ends` has the west (or north) end first; `columns` groups the others by frontage.
    """

    segment: Segment
    ends: tuple[list[Wishes], list[Wishes]] = field(default_factory=lambda: ([], []))
    columns: dict[int, list[Wishes]] = field(default_factory=lambda: defaultdict(list))
    deep: list[Wishes] = field(default_factory=list)

    @property
    def length(self) -> int:
        return self._length_of(self.ends, self.columns, self.deep)

    def _length_of(
        self,
        ends: Iterable[list[Wishes]],
        columns: dict[int, list[Wishes]],
        deep: Iterable[Wishes],
    ) -> int:
        rows = self.segment.rows
        return (
            sum(max((front_of(wishes, self.segment) for wishes in end), default=0) for end in ends)
            + sum(front * ceil(len(column) / rows) for front, column in columns.items())
            + sum(front_of(wishes, self.segment) for wishes in deep)
        )

    @property
    def inner(self) -> list[Wishes]:
        return [*self.deep, *(wishes for column in self.columns.values() for wishes in column)]

    @property
    def members(self) -> list[Wishes]:
        return [*self.ends[0], *self.ends[1], *self.inner]

    def has_place_at(self, end: int, wishes: Wishes) -> bool:
        end_members = self.ends[end]
        if self.segment.rows == 1 or is_deep(wishes, 2):
            return not end_members
        return len(end_members) < 2 and not any(is_deep(wishes, 2) for wishes in end_members)

    @property
    def left(self) -> int:
        """Return the length still free, in decimetres."""
        return self.segment.length - self.length

    def growth(self, wishes: Wishes, place: int) -> int | None:
        """Return the length that an exhibitor adds there, in decimetres; None if it does not
        fit.
        """
        if not can_supply(self.segment.room, wishes):
            return None
        if place != INSIDE and not self.has_place_at(place, wishes):
            return None
        front = front_of(wishes, self.segment)
        if place != INSIDE:
            width = max((front_of(member, self.segment) for member in self.ends[place]), default=0)
            added_length = max(0, front - width)
        elif is_deep(wishes, self.segment.rows):
            added_length = front
        else:
            added_length = 0 if len(self.columns[front]) % self.segment.rows else front
        return added_length if self.length + added_length <= self.segment.length else None

    def add(self, wishes: Wishes, place: int) -> None:
        if place != INSIDE:
            self.ends[place].append(wishes)
        elif is_deep(wishes, self.segment.rows):
            self.deep.append(wishes)
        else:
            self.columns[front_of(wishes, self.segment)].append(wishes)

    def best_place(self, wishes: Wishes) -> tuple[int, int] | None:
        """Return (cost, place) of the cheapest place; None when full. Corner wishes prefer an
        end.
        """
        choices = []
        for place in (0, 1, INSIDE):
            added_length = self.growth(wishes, place)
            if added_length is None:
                continue
            cost = NO_CORNER if wishes.corner and place == INSIDE else 0
            cost += END_COST if not wishes.corner and place != INSIDE else 0
            choices.append((added_length + cost, place))
        return min(choices, default=None)

    def tighten(self) -> None:
        """Move the odd exhibitor of a frontage to an end, so that no column is half empty."""
        if self.segment.rows == 1:
            return
        for end in self.ends:
            while len(end) < 2 and not any(is_deep(wishes, 2) for wishes in end):
                odd_fronts = [front for front, column in self.columns.items() if len(column) % 2]
                if not odd_fronts:
                    return
                width = front_of(end[0], self.segment) if end else 0
                front = min(odd_fronts, key=lambda candidate: (abs(candidate - width), candidate))
                end.append(self.columns[front].pop())

    def lay_out(self) -> list[tuple[Wishes, Box]]:
        """Return each exhibitor with its stand, from one end to the other."""
        self.tighten()
        placed: list[tuple[Wishes, Box]] = []
        inner = self.segment.u + self._width(self.ends[0])
        placed += self._end(self.ends[0], inner, -1)
        start = inner
        for column in self._columns():
            width = max(front_of(wishes, self.segment) for wishes in column)
            placed += [self._stand(wishes, row, start, width) for row, wishes in enumerate(column)]
            start += width
        return placed + self._end(self.ends[1], start, 1)

    def _columns(self) -> list[list[Wishes]]:
        """Return the deep stands, then those of one frontage back to back, narrowest first."""
        rows = self.segment.rows
        columns = [[wishes] for wishes in self.deep]
        for front in sorted(self.columns):
            members = sorted(
                self.columns[front],
                key=lambda wishes: (wishes.themes[:1], wishes.sector or "", wishes.id),
            )
            half = ceil(len(members) / rows)
            columns += [
                [*members[rank : rank + 1], *members[half + rank : half + rank + 1]][:rows]
                for rank in range(half)
            ]
        return columns

    def _end(self, end: list[Wishes], inner: int, direction: int) -> list[tuple[Wishes, Box]]:
        stands = []
        for row, wishes in enumerate(end):
            width = front_of(wishes, self.segment)
            stands.append(
                self._stand(wishes, row, inner - width if direction < 0 else inner, width)
            )
        return stands

    def _width(self, end: list[Wishes]) -> int:
        return max((front_of(wishes, self.segment) for wishes in end), default=0)

    def _stand(self, wishes: Wishes, row: int, u: int, width: int) -> tuple[Wishes, Box]:
        """Place a stand with its back to the spine (or the wall), its front on the aisle."""
        segment = self.segment
        if is_deep(wishes, segment.rows):
            return wishes, segment.box(u, segment.v, width, 2 * ROW)
        depth = (
            min(ROW, ceil(wishes.area * 100 / width - 0.001))
            if width * ROW > wishes.area * 100 + 150
            else ROW
        )
        against_high = segment.back == 1 if segment.rows == 1 else row == 0
        v = segment.v + row * ROW + (ROW - depth if against_high else 0)
        return wishes, segment.box(u, v, width, depth)
