"""Rows in an order that people choose: each has its rank, from 0."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Ranked(Protocol):
    rank: int


Row = TypeVar("Row", bound=Ranked)


def put_at(place: int, row: Row, rows: Sequence[Row]) -> None:
    """Put a row at its place, from 1, among the others of `rows`."""
    others = [other for other in rows if other is not row]
    others.insert(max(place - 1, 0), row)
    renumber(others)


def renumber(rows: Sequence[Ranked]) -> None:
    for rank, row in enumerate(rows):
        row.rank = rank
