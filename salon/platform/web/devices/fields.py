"""Types of the fields of devices' JSON, checked and described by the same declaration."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, PlainValidator, StrictBool, StrictInt, StringConstraints

from salon.platform.web.access import LAST_ROW

Json = dict[str, Any]
"""A JSON object."""
INSTANT = re.compile(
    r"(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])",
    re.ASCII,
)


def spelt(expression: str) -> object:
    """Return the constraint that a text matches `expression` from end to end."""
    return Field(pattern=re.compile(rf"^(?:{expression})$(?!\n)", re.ASCII))


def _read_instant(value: object) -> datetime:
    """Return an ISO 8601 text with an offset as UTC. Raises ValueError, also outside local time."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except OverflowError:
        raise ValueError from None


Instant = Annotated[
    datetime,
    PlainValidator(_read_instant, json_schema_input_type=Annotated[str, spelt(INSTANT.pattern)]),
]
CodeHash = Annotated[str, spelt("[0-9a-f]{64}")]
"""SHA-256 of a badge's code."""
Uuid = Annotated[
    str,
    spelt("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    StringConstraints(to_lower=True),
    Field(json_schema_extra={"format": "uuid"}),
]
Flag = StrictBool
RowNumber = Annotated[StrictInt, Field(gt=0, le=LAST_ROW)]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant in an answer."""
