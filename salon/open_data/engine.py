"""A dataset: its fields, its rows, and what a reader has to know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


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

    def schema(self) -> dict[str, Any]:
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
