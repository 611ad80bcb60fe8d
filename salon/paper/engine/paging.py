"""Pagination of rows in groups, each under its heading.

A heading is never the last thing of a page, and is repeated on the next when its group goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Group(Generic[Row]):
    """Rows under a heading; `note` is printed beside it."""

    heading: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a group on a page; `goes_on`: its group began on a page before."""

    words: str
    note: str = ""
    goes_on: bool = False


def paged(
    groups: Iterable[Group[Row]],
    room: float,
    heading_height: float,
    height_of: Callable[[Row], float],
) -> list[list[Heading | Row]]:
    """Return the pages of groups, in their order; `room`: height of a page, in the unit of the
    heights.

    A row higher than a page has a page of its own.
    """
    pages: list[list[Heading | Row]] = []
    page: list[Heading | Row] = []
    left = room
    for group in groups:
        starts = True
        for row in group.rows:
            height = height_of(row)
            needed = height + (heading_height if starts else 0)
            if needed > left and page:
                pages.append(page)
                page, left = [], room
            if starts or not page:
                page.append(Heading(group.heading, group.note, not starts))
                left -= heading_height
                starts = False
            page.append(row)
            left -= height
    if page:
        pages.append(page)
    return pages
