"""Read the readings that a scanning page sends: all are valid, or none is recorded."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from salon.leads.models import Interest
from salon.leads.rules import (
    CODE_HASH,
    LONGEST_ADDED,
    MOST_READINGS,
    UnreadableReadings,
    parse_short_code,
)
from salon.leads.services.reading import ReadItem

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]")


def read_readings(body: bytes) -> list[ReadItem]:
    """Return the readings of a request. Raises UnreadableReadings, also for a repeated id."""
    try:
        content = json.loads(body)
        sent = content["readings"]
        items = [_item(reading) for reading in sent] if isinstance(sent, list) else []
    except (ValueError, RecursionError, KeyError, TypeError, OverflowError):
        raise UnreadableReadings from None
    numbers = {item.reading_id for item in items}
    if not 1 <= len(items) <= MOST_READINGS or len(numbers) != len(items):
        raise UnreadableReadings
    return items


def _item(sent: Any) -> ReadItem:
    """Return one reading. Raises KeyError, TypeError or ValueError when it is not valid."""
    reading_id, read_at = str(sent["reading_id"]).lower(), datetime.fromisoformat(sent["read_at"])
    code_hash, typed = sent.get("code_hash", ""), sent.get("short_code", "")
    note, interest = sent.get("note", ""), sent.get("interest", "") or Interest.UNSAID
    if not UUID.fullmatch(reading_id) or read_at.tzinfo is None:
        raise ValueError
    if (code_hash and typed) or (code_hash and not CODE_HASH.fullmatch(code_hash)):
        raise ValueError
    short_code = parse_short_code(typed) if typed else ""
    if short_code is None or len(note) > LONGEST_ADDED or UNPRINTABLE.search(note):
        raise ValueError
    return ReadItem(
        reading_id=reading_id,
        read_at=read_at.astimezone(UTC),
        code_hash=code_hash,
        short_code=short_code,
        note=note,
        interest=Interest(interest),
    )
