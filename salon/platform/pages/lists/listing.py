"""A declared list, and the pages read from its statement or its rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeVarTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnExpressionArgument, Select, func, select
from sqlalchemy.orm.interfaces import ORMOption

from salon.platform.database.db import current_session

CHUNK = 500
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class PageRequest:
    """`sort` is the key of a column, after "-" to reverse its order; "" is the default order."""

    number: int = 1
    sort: str = ""

    @property
    def is_reversed(self) -> bool:
        return self.sort.startswith("-")


FIRST_PAGE = PageRequest()


class Column:
    """A column that sorts a list, by SQL expressions; rows in memory, by a function of a row."""

    def __init__(self, label: str, *expressions: Any) -> None:
        self.label, self.expressions = label, expressions


@dataclass(frozen=True)
class Listing:
    """A list as its feature declares it.

    `sort`: the key of the column that the default order follows, if any. `ties`: SQL that orders
    rows equal in the sorted column, unique at its end. `key`: the id, for exports.
    """

    columns: Mapping[str, Column]
    sort: str = ""
    ties: Sequence[ColumnExpressionArgument[Any]] = ()
    key: Any = None
    length: int = 50

    def column_of(self, request: PageRequest) -> Column | None:
        """Return the column that the request sorts by; None for the default order."""
        return self.columns.get(request.sort.removeprefix("-"))

    def sorted(self, statement: Select[*Columns], request: PageRequest) -> Select[*Columns]:
        """Return the statement in the requested order, empty values last; else in its own."""
        if (column := self.column_of(request)) is None:
            return statement
        parts = (part.desc() if request.is_reversed else part.asc() for part in column.expressions)
        return statement.order_by(None).order_by(*(part.nulls_last() for part in parts), *self.ties)

    def page(
        self,
        statement: Select[*Columns],
        request: PageRequest,
        *options: ORMOption,
        read: Callable[[Select[*Columns]], Sequence[object]] | None = None,
    ) -> "Page":
        """Return a page of the statement, in two SELECT: count and rows.

        `options` load what the rows show. `read` replaces the reading of the limited statement.
        """
        unordered = statement.order_by(None)
        count = unordered.with_only_columns(func.count(), maintain_column_froms=True)
        total = current_session().scalar(count) or 0
        in_order = self.sorted(statement, request).options(*options)

        def rows(first: int) -> Sequence[object]:
            return (read or read_rows)(in_order.limit(self.length).offset(first))

        return Page(self, request, total, rows)

    def page_of_rows(self, rows: Sequence[object], request: PageRequest) -> "Page":
        """Return a page of rows in memory, which come in their default order."""
        if column := self.column_of(request):
            rows = sorted(rows, key=column.expressions[0], reverse=request.is_reversed)
        return Page(self, request, len(rows), lambda first: rows[first : first + self.length])

    def rows(
        self, statement: Select[*Columns], request: PageRequest, *options: ORMOption
    ) -> Iterator[Any]:
        """Yield every row of the list in the requested order, CHUNK in memory at a time."""
        in_order = self.sorted(statement, request)
        ids = in_order.with_only_columns(self.key, maintain_column_froms=True)
        numbers = current_session().scalars(ids).all()
        for start in range(0, len(numbers), CHUNK):
            if start:
                current_session().expunge_all()
            part = numbers[start : start + CHUNK]
            chunk = select(self.key.class_).where(self.key.in_(part)).options(*options)
            by_id = {row.id: row for row in current_session().scalars(chunk).unique()}
            yield from (by_id[number] for number in part if number in by_id)


def read_rows(statement: Select[*Columns]) -> Sequence[object]:
    """Return objects of a statement of one column, tuples of a statement of several."""
    result = current_session().execute(statement).unique()
    return result.all() if len(statement.column_descriptions) > 1 else result.scalars().all()


class Page(Pagination):
    """A page of a list. A number beyond the end is the last page."""

    def __init__(
        self,
        listing: Listing,
        request: PageRequest,
        total: int,
        read: Callable[[int], Sequence[object]],
    ) -> None:
        self.columns = listing.columns
        self.sort = request.sort if listing.column_of(request) else listing.sort
        self._count, self._read = total, read
        last = max(1, ceil(total / listing.length))
        super().__init__(
            page=min(request.number, last),
            per_page=listing.length,
            max_per_page=None,
            error_out=False,
        )

    def direction(self, key: str) -> str:
        """Return "ascending" or "descending" when the column sorts the page, else ""."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def next_sort(self, key: str) -> str:
        """Return the order that a click on the column asks for."""
        return f"-{key}" if self.sort == key else key

    def _query_items(self) -> list[object]:
        return list(self._read((self.page - 1) * self.per_page))

    def _query_count(self) -> int:
        return self._count
