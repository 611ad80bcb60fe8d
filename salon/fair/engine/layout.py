"""A layout of a hall as plain values, and what two layouts do not have in common. Metres, kW."""

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from salon.fair.models import Stand, StandCategory


@dataclass(frozen=True)
class NewStand:
    """A stand to be drawn; `x`, `y` from the north-west corner of its hall."""

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
        """Its columns."""
        return {one.name: getattr(self, one.name) for one in fields(NewStand)}


@dataclass(frozen=True)
class PlacedStand(NewStand):
    """A stand of a layout; `id` names the row that it changes, None when it is new."""

    id: int | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        return {**self.values, "id": self.id}


def placed(stands: Iterable[Stand]) -> list[PlacedStand]:
    """Stands as they are in the database."""
    return [
        PlacedStand(
            number=one.number,
            x=one.x,
            y=one.y,
            width=one.width,
            depth=one.depth,
            power_kw=one.power_kw,
            has_water=one.has_water,
            is_accessible=one.is_accessible,
            category=StandCategory(one.category),
            id=one.id,
        )
        for one in stands
    ]


@dataclass(frozen=True)
class Shrunk:
    """A stand that became smaller under whoever is on it. Areas in m²."""

    number: str
    who: str
    before: float
    after: float


def shrunk(rows: Iterable[Stand], wanted: Mapping[Any, NewStand], key: str) -> list[Shrunk]:
    """The occupied stands that `wanted`, by the column `key` of their rows, makes smaller."""
    found = []
    for row in rows:
        after = wanted.get(getattr(row, key))
        if after and after.area < row.area - 0.01 and (row.body or row.exhibitor):
            who = row.body.short_name if row.body else row.exhibitor.name
            found.append(Shrunk(after.number, who, row.area, after.area))
    return found


@dataclass(frozen=True)
class Difference:
    """A stand before and after; None where it does not exist."""

    before: NewStand | None
    after: NewStand | None

    @property
    def stand(self) -> NewStand:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def changed(self) -> list[str]:
        """Names of the columns that differ; empty when the stand comes or goes."""
        if self.before is None or self.after is None:
            return []
        old, new = self.before.values, self.after.values
        return [name for name in old if old[name] != new[name]]


def differences(
    before: Mapping[Any, NewStand], after: Mapping[Any, NewStand]
) -> dict[Any, Difference]:
    """What changed, by the key of the stand: comes, goes, or has another column."""
    found = {}
    for key in [*before, *(key for key in after if key not in before)]:
        one = Difference(before.get(key), after.get(key))
        if one.before is None or one.after is None or one.changed:
            found[key] = one
    return found


def by_id(stands: Sequence[PlacedStand]) -> dict[Any, PlacedStand]:
    """The stands by the row that they change; a new one by its own number."""
    return {one.id if one.id is not None else f"+{one.number}": one for one in stands}


def merged(
    base: Sequence[PlacedStand], mine: Sequence[PlacedStand], theirs: Sequence[PlacedStand]
) -> list[PlacedStand]:
    """`theirs` with what `mine` changed since `base`, column by column.

    A stand that they removed and I changed comes back as a new one.
    """
    found: dict[Any, PlacedStand] = by_id(theirs)
    for key, change in differences(by_id(base), by_id(mine)).items():
        if change.after is None:
            found.pop(key, None)
        elif key in found and change.before is not None:
            new = change.after.values
            found[key] = replace(found[key], **{name: new[name] for name in change.changed})
        else:
            found[key] = PlacedStand(**change.after.values)
    return list(found.values())


def as_json(stands: Iterable[PlacedStand]) -> str:
    return json.dumps([one.as_json for one in stands], ensure_ascii=False)


def from_json(text: str) -> list[PlacedStand]:
    """The stands that an editor sent. Raises ValueError when it is not what `as_json` writes."""
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError("not a list")
    return [_read(row) for row in rows]


def _read(row: Any) -> PlacedStand:
    if not isinstance(row, dict) or set(row) != {one.name for one in fields(PlacedStand)}:
        raise ValueError("not a stand")
    number, key, power = row["number"], row["id"], row["power_kw"]
    x, y, width, depth = (_length(row[name]) for name in ("x", "y", "width", "depth"))
    water, accessible = row["has_water"], row["is_accessible"]
    sound = (
        isinstance(number, str)
        and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in number)
        and all(type(one) is int and abs(one) < 2**31 for one in (power, key or 0))
        and type(water) is type(accessible) is bool
    )
    if not sound:
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
    """Metres, to the centimetre."""
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > 10_000:
        raise ValueError("not a length")
    return round(float(value), 2)
