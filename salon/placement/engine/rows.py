"""Cut the free floor of a hall into rows of stands with an aisle all round. Decimetres.

`u` runs along a row and `v` across it: x and y, exchanged where rows run from north to south.
Shelf packing: Lodi, Martello & Monaci (2002), Two-dimensional packing problems: A survey.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from salon.fair.engine.geometry import Box, Rectangle
from salon.placement.engine.problem import Room

ROW = 30
"""Depth of a row."""
STEP = 5
"""Stands begin and end on half-metres."""
PASSES = 6
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Segment:
    """A row, or two back to back, of `length`. `back` of a single row: 0 low `v`, 1 high `v`."""

    room: Room
    u: int
    v: int
    length: int
    rows: int
    vertical: bool
    back: int = 1

    def box(self, u: int, v: int, width: int, depth: int) -> Box:
        """Return a box of the row in metres, from the corner of the hall."""
        if self.vertical:
            u, v, width, depth = v, u, depth, width
        return Box(u / 10, v / 10, width / 10, depth / 10)

    @property
    def area(self) -> Area:
        return (self.u, self.v, self.u + self.length, self.v + ROW * self.rows)


@dataclass(frozen=True)
class Band:
    """Rows at one place across the hall, with the free spans along it."""

    v: int
    rows: int
    back: int
    worth: float
    spans: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        return self.v + ROW * self.rows


def aisle_of(room: Room) -> int:
    return ceil(room.aisle * 10 - 0.01)


def least_front(room: Room) -> int:
    """Return the least frontage: neighbours of a narrower stand would be too close."""
    return round_up(max(aisle_of(room), 20))


def round_up(length: float) -> int:
    return ceil((length - 0.001) / STEP) * STEP


def rows_of(
    room: Room, taken_boxes: Sequence[Rectangle], target: int, long_lengths: Sequence[int]
) -> list[Segment]:
    """Return free segments of about `target`, and one for each length of `long_lengths`."""
    along, across = floor(room.width * 10 + 0.01), floor(room.depth * 10 + 0.01)
    blocks = [_area_of(box) for box in taken_boxes]
    wanted_lengths = sorted(long_lengths, reverse=True)
    segments: list[Segment] = []
    for _ in range(PASSES):
        lying = _best_bands(room, along, across, blocks)
        upright = _best_bands(room, across, along, [_turned(block) for block in blocks])
        vertical = _worth(upright) > _worth(lying)
        bands = upright if vertical else lying
        if not bands:
            break
        for band in bands:
            for start, end in band.spans:
                for u, length in _split_span(start, end, target, aisle_of(room), wanted_lengths):
                    segment = Segment(room, u, band.v, length, band.rows, vertical, band.back)
                    segments.append(segment)
                    blocks.append(_turned(segment.area) if vertical else segment.area)
    return segments


def _split_span(
    start: int, end: int, target: int, aisle: int, wanted_lengths: list[int]
) -> list[tuple[int, int]]:
    """Return (start, length) of the pieces of a span.

    Lengths served are removed from `wanted_lengths`.
    """
    pieces = []
    while wanted_lengths and (
        fitting := next(
            (candidate for candidate in wanted_lengths if candidate <= end - start), None
        )
    ):
        wanted_lengths.remove(fitting)
        pieces.append((start, fitting))
        start += fitting + aisle
    length = end - start
    if length < aisle:
        return pieces
    count = max(1, round((length + aisle) / (target + aisle)))
    piece_length = (length - (count - 1) * aisle) // count // STEP * STEP
    if count > 1 and piece_length < 2 * ROW:
        count, piece_length = 1, length // STEP * STEP
    return pieces + [(start + rank * (piece_length + aisle), piece_length) for rank in range(count)]


def _best_bands(room: Room, along: int, across: int, blocks: Sequence[Area]) -> list[Band]:
    """Return the bands, an aisle apart, that give the longest rows."""
    aisle = aisle_of(room)
    places = [
        *((v, 2, 1, 1.0) for v in range(round_up(aisle), across - aisle - 2 * ROW + 1, STEP)),
        *((v, 1, 1, 0.9) for v in range(round_up(aisle), across - aisle - ROW + 1, STEP)),
    ]
    if across >= ROW + aisle:
        places += [(0, 1, 0, 0.95), ((across - ROW) // STEP * STEP, 1, 1, 0.95)]
    bands = []
    for v, rows, back, worth in places:
        spans = _free_spans(room, along, v, v + ROW * rows, blocks)
        if spans:
            total = sum(end - start for start, end in spans) * rows * worth
            bands.append(Band(v, rows, back, total, spans))
    return _best_compatible(sorted(bands, key=lambda band: (band.end, band.v)), aisle)


def _best_compatible(bands: Sequence[Band], aisle: int) -> list[Band]:
    """Return the compatible bands of greatest worth: weighted interval scheduling."""
    ends = [band.end for band in bands]
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for rank, band in enumerate(bands):
        before = best[bisect_right(ends, band.v - aisle, hi=rank)]
        taking = (before[0] + band.worth, (*before[1], rank))
        best.append(max(best[-1], taking, key=lambda choice: choice[0]))
    return [bands[rank] for rank in best[-1][1]]


def _free_spans(
    room: Room, along: int, low: int, high: int, blocks: Sequence[Area]
) -> tuple[tuple[int, int], ...]:
    aisle = aisle_of(room)
    spans, at, last = [], round_up(aisle), along - aisle
    stops = sorted(
        (left - aisle, right + aisle)
        for left, top, right, bottom in blocks
        if top - aisle < high and bottom + aisle > low
    )
    for stop, go in [*stops, (last, last)]:
        end = min(stop, last) // STEP * STEP
        if end - at >= least_front(room):
            spans.append((at, end))
        at = max(at, round_up(go))
    return tuple(spans)


def _worth(bands: Sequence[Band]) -> float:
    return sum(band.worth for band in bands)


def _area_of(box: Rectangle) -> Area:
    return (
        floor(box.x * 10 + 0.01),
        floor(box.y * 10 + 0.01),
        ceil((box.x + box.width) * 10 - 0.01),
        ceil((box.y + box.depth) * 10 - 0.01),
    )


def _turned(area: Area) -> Area:
    return (area[1], area[0], area[3], area[2])
