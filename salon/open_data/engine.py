"""A dataset: its fields, its rows, and what a reader has to know of it; what its files count."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salon.platform.words.small_counts import REST, TimeCount, moves_of_groups, moves_of_times

DAYS = "frequentation-jours"
QUARTERS = "frequentation-quarts-d-heure"
CATEGORIES = "frequentation-categories"
EPCIS = "frequentation-epci"
THEMES = "themes"
ENTERED = "visiteurs"
"""The column of the people counted in each of these files, but THEMES."""
ATTENDANCE = {f"{key}.csv": key for key in (QUARTERS, CATEGORIES, EPCIS)}
"""Keys of the datasets whose rows count the same people, by the name of their file. DAYS count who
came on two days twice."""


@dataclass(frozen=True)
class Field:
    """A column, as its Table Schema describes it. `type` and `format` are words of Table Schema."""

    name: str
    title: str
    type: str = "string"
    format: str = ""
    description: str = ""
    is_required: bool = False

    def descriptor(self) -> dict[str, object]:
        """Return the field of a Table Schema (specs.frictionlessdata.io/table-schema)."""
        facts = {"name": self.name, "title": self.title, "description": self.description}
        kind = {"type": self.type, "format": self.format}
        constraints = {"constraints": {"required": True}} if self.is_required else {}
        filled = {name: text for name, text in {**facts, **kind}.items() if text}
        return {**filled, **constraints}


@dataclass(frozen=True)
class Dataset:
    """A table to publish. `key` names its file; a cell is a text, a whole number, "" if unknown.

    `masked`: what is left out or merged, told to the organiser and to readers. `absence`: why
    there is no row.
    """

    key: str
    title: str
    description: str
    keywords: Sequence[str]
    fields: Sequence[Field]
    rows: Sequence[Sequence[str | int]]
    masked: str
    absence: str

    @property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def heads(self) -> list[str]:
        return [column.name for column in self.fields]

    def schema(self) -> dict[str, object]:
        """Return its Table Schema."""
        return {
            "name": self.key,
            "title": self.title,
            "description": self.description,
            "fields": [column.descriptor() for column in self.fields],
            "missingValues": [""],
        }


@dataclass(frozen=True)
class ReleaseFile:
    """A file to publish; `row_count` is None for a schema or a catalogue."""

    name: str
    media_type: str
    content: bytes
    title: str = ""
    description: str = ""
    row_count: int | None = None


@dataclass(frozen=True)
class Addresses:
    """Absolute addresses of a site: of the catalogue, of each theme, of the page of open data."""

    catalogue: str
    page: str
    theme_pages: Mapping[str, str] = field(default_factory=dict)

    def file(self, number: int, name: str) -> str:
        """Return the permanent address of a file of a version."""
        return f"{self.page}/{number}/{name}"


def read_table(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a published table, by the names of its fields."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def count_moves(
    former_name: str, former_content: bytes, current_name: str, current_content: bytes
) -> list[int]:
    """Return by how many people what two published tables both count moves; empty if nothing."""
    former, current = read_table(former_content), read_table(current_content)
    if former_name == current_name == f"{THEMES}.csv":
        return _moves_of_themes(former, current)
    if former_name == current_name == f"{DAYS}.csv":
        return moves_of_groups(_groups(former, "jour"), _groups(current, "jour"), REST)
    if {former_name, current_name} == {f"{DAYS}.csv", f"{QUARTERS}.csv"}:
        return [_people_of_first_day(current) - _people_of_first_day(former)]
    keys = {ATTENDANCE.get(former_name), ATTENDANCE.get(current_name)}
    if None in keys:
        return []
    if keys == {QUARTERS}:
        return moves_of_times(_times(former), _times(current))
    if keys == {CATEGORIES} or keys == {EPCIS}:
        column = "categorie" if keys == {CATEGORIES} else "intercommunalite"
        return moves_of_groups(_groups(former, column), _groups(current, column), REST)
    return [_total(current) - _total(former)]


def _people_of_first_day(rows: Sequence[Mapping[str, str]]) -> int:
    """Return the people of the first day, who all entered for the first time, of either table."""
    days = [(row.get("jour") or row["debut"][:10], int(row[ENTERED])) for row in rows]
    first = min((day for day, _ in days), default="")
    return sum(people for day, people in days if day == first)


def _moves_of_themes(
    former: Sequence[Mapping[str, str]], current: Sequence[Mapping[str, str]]
) -> list[int]:
    """Return the moves of the themes whose appointments both tables tell."""
    counts = [
        {row["identifiant"]: int(row["rendez_vous"]) for row in rows if row["rendez_vous"]}
        for rows in (former, current)
    ]
    return [counts[1][theme] - counts[0][theme] for theme in counts[0].keys() & counts[1].keys()]


def _times(rows: Sequence[Mapping[str, str]]) -> list[TimeCount]:
    return [
        TimeCount(
            datetime.fromisoformat(row["debut"]),
            datetime.fromisoformat(row["fin"]),
            int(row[ENTERED]),
        )
        for row in rows
    ]


def _groups(rows: Sequence[Mapping[str, str]], column: str) -> dict[str, int]:
    return {row[column]: int(row[ENTERED]) for row in rows}


def _total(rows: Sequence[Mapping[str, str]]) -> int:
    return sum(int(row[ENTERED]) for row in rows)
