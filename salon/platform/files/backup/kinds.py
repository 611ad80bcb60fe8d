"""Kinds of columns in an archive: how each value is written in JSON, whatever the database.

A null is the absence of a value. A text of JSON is copied as the database holds it.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
)
from sqlalchemy.types import TypeEngine


def _as_it_is(value: object) -> object:
    return value


def _write_instant(value: datetime) -> str:
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant without zone")
    return instant


def _instant_on_sqlite(text: str) -> str:
    instant = _read_instant(text).astimezone(UTC)
    return instant.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _time_on_sqlite(text: str) -> str:
    return time.fromisoformat(text).isoformat(timespec="microseconds")


def _date_on_sqlite(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _write_decimal(value: Decimal) -> str:
    return f"{value:f}"


def _checked_by(read: Callable[[str], object]) -> Callable[[str], str]:
    """Return the text as it is, once `read` accepts it: PostgreSQL takes « yesterday » as well."""

    def check(text: str) -> str:
        read(text)
        return text

    return check


@dataclass(frozen=True)
class Kind:
    """A kind: its column types, its type in JSON, how a value is written and read again.

    `on_sqlite` and `on_postgresql` make, of the value in JSON, what the driver stores.
    """

    types: tuple[type[TypeEngine[Any]], ...]
    in_json: type
    write: Callable[[Any], Any] = _as_it_is
    on_sqlite: Callable[[Any], Any] = _as_it_is
    on_postgresql: Callable[[Any], Any] = _as_it_is


KINDS: Mapping[str, Kind] = {
    "boolean": Kind((Boolean,), bool, on_sqlite=int),
    "integer": Kind((Integer,), int),
    "instant": Kind(
        (DateTime,), str, _write_instant, _instant_on_sqlite, _checked_by(_read_instant)
    ),
    "date": Kind((Date,), str, date.isoformat, _date_on_sqlite, _checked_by(date.fromisoformat)),
    "time": Kind((Time,), str, time.isoformat, _time_on_sqlite, _checked_by(time.fromisoformat)),
    "real": Kind((Float,), float),
    "decimal": Kind((Numeric,), str, _write_decimal, float, _checked_by(float)),
    "bytes": Kind((LargeBinary,), str, _write_bytes, base64.b64decode, base64.b64decode),
    "json": Kind((JSON,), str),
    "text": Kind((String,), str),
}
"""In the order of search: a Float may be a Numeric too."""


def kind_of(column_type: TypeEngine[object]) -> str:
    """Return the kind of a column. Raises LookupError for a type that no table has today."""
    for name, kind in KINDS.items():
        if isinstance(column_type, kind.types):
            return name
    raise LookupError(f"no kind for a column of {column_type!r}")


class UnreadableRow(ValueError):
    """A line of an archive is not a row of its table."""


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def line_of(row: Sequence[object], kinds: list[Kind]) -> str:
    """Return a row as a line of an archive."""
    values = [
        None if value is None else kind.write(value) for value, kind in zip(row, kinds, strict=True)
    ]
    return _encode(values) + "\n"


def values_of(line: bytes, kinds: list[Kind]) -> list[object]:
    """Return the values of a line, still as in JSON. Raises UnreadableRow."""
    try:
        values = json.loads(line)
    except ValueError:
        raise UnreadableRow from None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise UnreadableRow
    for value, kind in zip(values, kinds, strict=True):
        if value is not None and type(value) is not kind.in_json:
            raise UnreadableRow
    return values
