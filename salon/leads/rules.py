"""Rules and limits of reading badges at a stand and of its notes."""

import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from salon.leads.models.labels import Field, Purpose
from salon.platform.web.devices.reading import Unreadable
from salon.platform.words.errors import BadInput

LONGEST_NOTE = 2_000
LONGEST_ADDED = 500
LONGEST_FOLLOW_UP = 200
MOST_READINGS = 50
"""Readings in one request."""
SENDINGS_PER_MINUTE = 60
TYPED_PER_MINUTE = 20
"""Short codes typed by a stand: forty bits each, so that none is found by trial."""
CHOICES_PER_HOUR = 30
LINKS_PER_HOUR = 10
OLDEST_READING = timedelta(days=7)
SHORT_CODE = re.compile(r"[A-Z2-7]{8}")

Choice = Mapping[Purpose, frozenset[Field]]


class NothingChosen(BadInput):
    message = "Cochez au moins une chose à donner. Sans cela, rien n’est transmis."


class UnreadableReadings(Unreadable):
    message = "Cet envoi ne se lit pas. Rechargez la page de lecture."


def check_something_is_chosen(choice: Choice, live: Set[Purpose]) -> None:
    """Something is shared, or an earlier consent is withdrawn. Raises NothingChosen."""
    if not any(choice.values()) and not live:
        raise NothingChosen


def is_readable(revoked_at: datetime | None, read_at: datetime) -> bool:
    """Return whether the badge was valid when it was read."""
    return revoked_at is None or read_at < revoked_at


def effective_read_at(read_at: datetime, received_at: datetime) -> datetime:
    """Return the device's time, or the server's if the clock is ahead or a week behind."""
    return read_at if received_at - OLDEST_READING <= read_at <= received_at else received_at


def merged_note(note: str, added: str) -> str:
    """Return the note with the addition, once however often it is sent.

    Nothing is cut, even beyond the length of the form.
    """
    added = added.strip()
    if not added or f"\n{added}\n" in f"\n{note}\n":
        return note
    return f"{note}\n{added}".strip()


def parse_short_code(text: str) -> str | None:
    """Return the eight characters under a badge's QR code, or None when they are not valid."""
    code = re.sub(r"[\s\u00a0-]", "", text).upper()
    return code if SHORT_CODE.fullmatch(code) else None
