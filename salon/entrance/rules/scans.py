"""Verdict and effective time of a scan, and the presence that follows."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from salon.entrance.models import Direction, Verdict
from salon.platform.settings.clock import local, paris
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken

TRUSTED_PAST = timedelta(hours=12)
"""Longest time without network before the fair opens; an older time means a wrong clock."""

TRUSTED_FUTURE = timedelta(minutes=2)
LONGEST_KEPT_CODE = 512


class NoEditionOpen(RuleBroken):
    message = "Aucune édition du salon n’est ouverte\u00a0: cette station ne peut rien contrôler."


COUNTED = frozenset({Verdict.ACCEPTED, Verdict.ALREADY_INSIDE, Verdict.RE_ENTRY, Verdict.EXIT})
"""Verdicts that change the presence of a badge."""


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """A badge as read by the verdict."""

    edition_id: int
    category: str
    is_revoked: bool = False
    is_vip: bool = False


@dataclass(frozen=True, slots=True)
class PresenceFacts:
    """Presence of a badge from its counted scans. `first_entry_at` is None while it only went
    out."""

    is_inside: bool
    first_entry_at: datetime | None
    first_door: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DoorTerms:
    """What a door asks of a badge: its edition, and one of the categories that it admits, all of
    them when there is none.

    `is_barred`: the zone behind the door may not be entered with this badge now.
    """

    edition_id: int
    admits: Collection[str] = ()
    is_barred: bool = False


def judge(
    badge: BadgeFacts | None,
    presence: PresenceFacts | None,
    door: DoorTerms,
    direction: Direction,
    happened_at: datetime,
) -> Verdict:
    """Return the verdict of one scan.

    Leaving is never refused: a known badge of this edition that goes out is always an exit. A
    person still inside at the end of an earlier day re-enters, without a double.
    """
    if badge is None:
        return Verdict.INVALID
    if badge.edition_id != door.edition_id:
        return Verdict.WRONG_EDITION
    if direction == Direction.OUT:
        return Verdict.EXIT
    if badge.is_revoked:
        return Verdict.REVOKED
    if door.is_barred or (door.admits and badge.category not in door.admits):
        return Verdict.NOT_ALLOWED_HERE
    if presence is None or presence.first_entry_at is None:
        return Verdict.ACCEPTED
    if presence.is_inside and local(presence.last_at).date() >= local(happened_at).date():
        return Verdict.ALREADY_INSIDE
    return Verdict.RE_ENTRY


def after_scan(
    presence: PresenceFacts | None, direction: Direction, happened_at: datetime, door: str
) -> PresenceFacts:
    """Return the presence of a badge with one more counted scan, in whatever order scans arrive.

    The earliest entry is the first one; the latest scan says whether the badge is inside.
    """
    entered = direction == Direction.IN
    if presence is None:
        first_at = happened_at if entered else None
        return PresenceFacts(entered, first_at, door if entered else "", happened_at)
    first_at, first_door = presence.first_entry_at, presence.first_door
    if entered and (first_at is None or happened_at < first_at):
        first_at, first_door = happened_at, door
    if happened_at < presence.last_at:
        return PresenceFacts(presence.is_inside, first_at, first_door, presence.last_at)
    return PresenceFacts(entered, first_at, first_door, happened_at)


def effective_time(
    scanned_at: datetime, received_at: datetime, first_day_on: date | None
) -> datetime:
    """Return the device's time when it is plausible, else ours.

    Plausible is a time since the first day of the fair, however late the scan comes, or one of the
    last 12 hours; and at most 2 minutes ahead of ours.
    """
    if scanned_at > received_at + TRUSTED_FUTURE:
        return received_at
    is_recent = scanned_at >= received_at - TRUSTED_PAST
    if is_recent or (first_day_on is not None and scanned_at >= paris(first_day_on, time())):
        return scanned_at
    return received_at


def message_for(verdict: Verdict, presence: PresenceFacts | None, at: datetime) -> str:
    """Return the message to the person at the door; `at` is the time of the scan."""
    if verdict in (Verdict.ALREADY_INSIDE, Verdict.RE_ENTRY) and presence is not None:
        first = presence.first_entry_at
        if first is not None:
            entry_text = f"à {formats.hour(first)}, porte {presence.first_door}"
            if local(first).date() != local(at).date():
                entry_text = f"le {local(first):%d/%m} {entry_text}"
            return (
                f"Déjà entré {entry_text}"
                if verdict == Verdict.ALREADY_INSIDE
                else f"De retour. Première entrée {entry_text}"
            )
    return MESSAGES[verdict]


MESSAGES = {
    Verdict.ACCEPTED: "Bienvenue",
    Verdict.ALREADY_INSIDE: "Déjà entré",
    Verdict.RE_ENTRY: "De retour",
    Verdict.EXIT: "Sortie enregistrée",
    Verdict.REVOKED: "Badge annulé ou remplacé. Adressez la personne à l’accueil.",
    Verdict.WRONG_EDITION: "Badge d’une autre édition du salon. Adressez la personne à l’accueil.",
    Verdict.NOT_ALLOWED_HERE: "Ce badge n’entre pas par cette porte. Indiquez l’entrée générale.",
    Verdict.INVALID: "Ce code n’est pas celui d’un badge du salon.",
}


REPLACED = (
    "Badge remplacé",
    "Demandez le badge {}, qui remplace celui-ci. Sinon, adressez la personne à l’accueil.",
)
"""Word and message of a badge whose holder has another one, by the number printed on that one."""


def printable(reading: str, most: int = LONGEST_KEPT_CODE) -> str:
    """Return the text with control characters and lone surrogates escaped, cut short. No-break
    spaces are left as they are."""
    if not reading.isprintable():
        reading = "".join(_visible(character) for character in reading[:most])
    return reading[:most]


def _visible(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")
