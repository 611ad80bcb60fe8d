"""The log: one line or one JSON object each, with the request's identifier; never a value.

The text of an exception repeats its input: an address, a private link, a row (the DETAIL of
PostgreSQL). So the log has its type, its place in the code and the codes of the database.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType

from sqlalchemy.exc import DBAPIError

log = logging.getLogger("salon")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Identifier of the request that is being answered; empty elsewhere."""


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


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


class TextLines(logging.Formatter):
    """`2026-11-28T09:00:00.000Z INFO 5f0c… request method=GET route=/ status=200 ms=3.1`."""

    def format(self, record: logging.LogRecord) -> str:
        words = [f"{name}={value}" for name, value in fields_of(record).items()]
        identifier = request_id.get() or "-"
        line = " ".join(
            [time_of(record), record.levelname, identifier, record.getMessage(), *words]
        )
        return f"{line}\n{record.exc_text}" if record.exc_text else line


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time_of(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if identifier := request_id.get():
            line["request_id"] = identifier
        if record.exc_text:
            line["failure"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


FORMATTERS = {LogFormat.TEXT: TextLines, LogFormat.JSON: JsonLines}


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """Return what `extra={"fields": …}` adds to a message."""
    fields: dict[str, object] = getattr(record, "fields", {})
    return fields


def time_of(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def configure_logs(log_format: LogFormat) -> None:
    """Write every log of this process on its standard error, in this format."""
    handler = logging.StreamHandler()
    handler.addFilter(WithoutValues())
    handler.setFormatter(FORMATTERS[log_format]())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)


log.addFilter(WithoutValues())
