"""What may be read at a stand, what may be written, and the limits."""

import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from salon.leads.models.labels import Field, Purpose
from salon.platform.errors import BadInput, RuleBroken

LONGEST_NOTE = 2_000
LONGEST_ADDED = 500
LONGEST_FOLLOW_UP = 200
MOST_READINGS = 50
"""Readings in one sending."""
SENDINGS_PER_MINUTE = 60
TYPED_PER_MINUTE = 20
"""Short codes that a stand may type: forty bits each, so that nobody finds one by trying."""
CHOICES_PER_HOUR = 30
LINKS_PER_HOUR = 10
OLDEST_READING = timedelta(days=7)
SHORT_CODE = re.compile(r"[A-Z2-7]{8}")
CODE_HASH = re.compile(r"[0-9a-f]{64}")

Choice = Mapping[Purpose, frozenset[Field]]


class NothingChosen(BadInput):
    message = "Cochez au moins une chose à donner. Sans cela, rien n’est transmis."


class ChangedMeanwhile(RuleBroken):
    message = (
        "Quelqu’un de votre stand vient de modifier ce contact. "
        "Relisez ci-dessous, puis enregistrez de nouveau si votre saisie tient toujours."
    )


class UnreadableReadings(BadInput):
    message = "Cet envoi ne se lit pas. Rechargez la page de lecture."


def check_something_is_chosen(choice: Choice, live: Set[Purpose]) -> None:
    """Something is given, or what was given before is taken back."""
    if not any(choice.values()) and not live:
        raise NothingChosen


def check_version(read: int, current: int) -> None:
    """What was read is still what stands. Raises ChangedMeanwhile."""
    if read != current:
        raise ChangedMeanwhile


def is_readable(revoked_at: datetime | None, read_at: datetime) -> bool:
    """A badge names its holder while it is valid; read before it ended, it did too."""
    return revoked_at is None or read_at < revoked_at


def effective_read_at(read_at: datetime, received_at: datetime) -> datetime:
    """The device's time, unless its clock is off: ahead of ours, or a week behind."""
    return read_at if received_at - OLDEST_READING <= read_at <= received_at else received_at


def merged_note(note: str, added: str) -> str:
    """The note with what was added, once however often it is sent, and whole: what a stand wrote
    is not cut, even when several people wrote more than a form takes."""
    added = added.strip()
    if not added or f"\n{added}\n" in f"\n{note}\n":
        return note
    return f"{note}\n{added}".strip()


def parse_short_code(text: str) -> str | None:
    """The eight characters under a badge's QR, however they are typed; None when it is not one."""
    typed = re.sub(r"[\s\u00a0-]", "", text).upper()
    return typed if SHORT_CODE.fullmatch(typed) else None
