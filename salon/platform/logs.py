"""Failures in the log: place and kind, never values.

The text of an exception repeats its input: an address, a private link, a row (the DETAIL of
PostgreSQL). So the log has its type, its place in the code and the codes of the database.
"""

import logging
import traceback
from types import TracebackType

from sqlalchemy.exc import DBAPIError

log = logging.getLogger("salon")


def describe_failure(error: BaseException) -> str:
    """Return the traceback of an exception and of its causes, without their texts."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        parts.append(_frames(current.__traceback__) + _kind(current))
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "\n".join(reversed(parts))


def _frames(place: TracebackType | None) -> str:
    return "Traceback (most recent call last):\n" + "".join(traceback.format_tb(place))


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if not isinstance(error, DBAPIError):
        return name
    diagnosis = getattr(error.orig, "diag", None)
    codes = [
        getattr(error.orig, "sqlstate", None),
        getattr(error.orig, "sqlite_errorname", None),
        getattr(diagnosis, "table_name", None),
        getattr(diagnosis, "constraint_name", None),
    ]
    return " ".join([name, *(code for code in codes if code)])


class WithoutValues(logging.Filter):
    """Replaces the exception of a record by its description."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = describe_failure(record.exc_info[1])
            record.exc_info = None
        return True


log.addFilter(WithoutValues())
