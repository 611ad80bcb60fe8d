"""Read the readings that a scanning page sends: all are valid, or none is recorded."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from salon.leads.models import Interest
from salon.leads.rules import LONGEST_ADDED, MOST_READINGS, UnreadableReadings, parse_short_code
from salon.leads.services.reading import ReadItem
from salon.platform.web.devices.fields import CodeHash, Instant, Uuid, spelt
from salon.platform.web.devices.reading import Batch, Sent, read


def _short_code(value: object) -> str:
    """Return a typed code, empty when none is. Raises ValueError."""
    code = parse_short_code(value) if value and isinstance(value, str) else value or ""
    if not isinstance(code, str):
        raise ValueError
    return code


class Reading(Sent):
    reading_id: Uuid
    read_at: Instant
    code_hash: Annotated[CodeHash | Literal[""], BeforeValidator(lambda value: value or "")] = ""
    short_code: Annotated[str, PlainValidator(_short_code)] = ""
    note: Annotated[
        str,
        spelt(
            rf"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]{{0,{LONGEST_ADDED}}}"
        ),
    ] = ""
    interest: Annotated[Interest, BeforeValidator(lambda value: value or Interest.UNSAID)] = (
        Interest.UNSAID
    )

    @model_validator(mode="after")
    def name_one_badge(self) -> "Reading":
        if self.code_hash and self.short_code:
            raise ValueError
        return self


class Readings(Batch):
    line = Reading
    readings: Annotated[list[Reading], Field(min_length=1, max_length=MOST_READINGS)]


def read_readings(body: bytes) -> list[ReadItem]:
    """Return the readings of a request. Raises UnreadableReadings, also for a repeated id."""
    readings = read(Readings, body, UnreadableReadings).readings
    if len({reading.reading_id for reading in readings}) != len(readings):
        raise UnreadableReadings
    return [ReadItem(**dict(reading)) for reading in readings]
