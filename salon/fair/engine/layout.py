"""A layout of a hall as plain values, and the difference of two layouts. Metres, kW."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from salon.fair.models import Stand, StandCategory


@dataclass(frozen=True)
class NewStand:
    """A stand to draw; `x`, `y` from the north-west corner of its hall."""

    number: str
    x: float
    y: float
    width: float
    depth: float
    power_kw: int = 0
    has_water: bool = False
    is_accessible: bool = True
    category: StandCategory = StandCategory.STANDARD

    @property
    def area(self) -> float:
        return self.width * self.depth

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as a dict."""
        return {column.name: getattr(self, column.name) for column in fields(NewStand)}


@dataclass(frozen=True)
class PlacedStand(NewStand):
    """A stand of a layout; `id` is the row that it changes, None when it is new."""

    id: int | None = None

    @property
    def as_json(self) -> dict[str, object]:
        return {**self.values, "id": self.id}


def placed(stands: Iterable[Stand]) -> list[PlacedStand]:
    """Return rows of the database as values."""
    return [
        PlacedStand(
            number=stand.number,
            x=stand.x,
            y=stand.y,
            width=stand.width,
            depth=stand.depth,
            power_kw=stand.power_kw,
            has_water=stand.has_water,
            is_accessible=stand.is_accessible,
            category=StandCategory(stand.category),
            id=stand.id,
        )
        for stand in stands
    ]


@dataclass(frozen=True)
class ShrunkStand:
    """An occupied stand that became smaller. Areas in m²."""

    number: str
    occupant: str
    before: float
    after: float


Key = TypeVar("Key")


def shrunk_stands(
    rows: Iterable[Stand], layout: Mapping[Key, NewStand], key: str
) -> list[ShrunkStand]:
    """Return the occupied stands that `layout`, keyed by the column `key`, makes smaller."""
    smaller = []
    for row in rows:
        after = layout.get(getattr(row, key))
        if after and after.area < row.area - 0.01 and (row.body or row.exhibitor):
            occupant = row.body.short_name if row.body else row.exhibitor.name
            smaller.append(ShrunkStand(after.number, occupant, row.area, after.area))
    return smaller


@dataclass(frozen=True)
class Difference:
    """A stand before and after; None where it does not exist."""

    before: NewStand | None
    after: NewStand | None

    @property
    def stand(self) -> NewStand:
        present = self.after or self.before
        assert present is not None
        return present

    @property
    def changed(self) -> list[str]:
        """Return the names of the columns that differ; empty when the stand is added or removed."""
        if self.before is None or self.after is None:
            return []
        old_values, new_values = self.before.values, self.after.values
        return [name for name in old_values if old_values[name] != new_values[name]]


def differences(
    before: Mapping[Key, NewStand], after: Mapping[Key, NewStand]
) -> dict[Key, Difference]:
    """Return the stands added, removed or changed, by their key."""
    changes = {}
    for key in [*before, *(key for key in after if key not in before)]:
        difference = Difference(before.get(key), after.get(key))
        if difference.before is None or difference.after is None or difference.changed:
            changes[key] = difference
    return changes


def by_id(stands: Sequence[PlacedStand]) -> dict[int | str, PlacedStand]:
    """Return the stands by the row that they change; new ones by « + » and their number."""
    return {stand.id if stand.id is not None else f"+{stand.number}": stand for stand in stands}


def merge_layouts(
    base: Sequence[PlacedStand],
    own_stands: Sequence[PlacedStand],
    their_stands: Sequence[PlacedStand],
) -> list[PlacedStand]:
    """Return `their_stands` with the changes of `own_stands` since `base`: a three-way merge.

    Column by column. A stand removed on one side and changed on the other comes back as a new one.
    """
    result = by_id(their_stands)
    for key, change in differences(by_id(base), by_id(own_stands)).items():
        if change.after is None:
            result.pop(key, None)
        elif key in result and change.before is not None:
            new_values = change.after.values
            result[key] = replace(
                result[key], **{name: new_values[name] for name in change.changed}
            )
        else:
            result[key] = PlacedStand(**change.after.values)
    return list(result.values())


def as_json(stands: Iterable[PlacedStand]) -> str:
    return json.dumps([stand.as_json for stand in stands], ensure_ascii=False)


def from_json(text: str) -> list[PlacedStand]:
    """Return the stands that an editor sent. Raises ValueError on any other content."""
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError("not a list")
    return [_read(row) for row in rows]


def _read(row: object) -> PlacedStand:
    if not isinstance(row, dict) or set(row) != {column.name for column in fields(PlacedStand)}:
        raise ValueError("not a stand")
    number, key, power = row["number"], row["id"], row["power_kw"]
    x, y, width, depth = (_length(row[name]) for name in ("x", "y", "width", "depth"))
    water, accessible = row["has_water"], row["is_accessible"]
    is_sound = (
        isinstance(number, str)
        and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in number)
        and all(
            type(integer) is int and abs(integer) < 2**31
            for integer in (power, 0 if key is None else key)
        )
        and type(water) is type(accessible) is bool
    )
    if not is_sound:
        raise ValueError("not a stand")
    return PlacedStand(
        number=number.strip(),
        x=x,
        y=y,
        width=width,
        depth=depth,
        power_kw=power,
        has_water=water,
        is_accessible=accessible,
        category=StandCategory(row["category"]),
        id=key,
    )


def _length(value: Any) -> float:
    """Return metres, rounded to the centimetre."""
    if type(value) not in (int, float) or not abs(value) <= 10_000:  # NaN compares as False
        raise ValueError("not a length")
    return round(float(value), 2)
