"""The rule of the door: who enters, and what is said to the host.

`static/js/station/judge.js` is the same rule, for a device without network. Both are held to
`tests/entrance/door_cases.json`: a change begins there.
"""

from dataclasses import dataclass
from datetime import datetime

from salon.entrance.models import Direction, Verdict
from salon.entrance.rules.scans import (
    REPLACED,
    BadgeFacts,
    DoorTerms,
    PresenceFacts,
    judge,
    message_for,
)
from salon.entrance.rules.zones import (
    Barred,
    DoorFacts,
    ZoneFacts,
    barred_from,
    barred_message,
    occupies_zone,
)

ENTERED = frozenset({Verdict.ACCEPTED, Verdict.ALREADY_INSIDE, Verdict.RE_ENTRY})
"""Verdicts on a person who is inside afterwards."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A badge presented at a door of an edition.

    `inside`: people in the zone behind the door, since the midnight `since`.
    """

    edition_id: int
    door: DoorFacts
    direction: Direction
    at: datetime
    since: datetime
    inside: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict; `barred`: why the door or its zone may not be entered, which is a warning with a
    verdict that lets in."""

    verdict: Verdict
    barred: Barred | None = None


def decide(badge: BadgeFacts | None, presence: PresenceFacts | None, attempt: Attempt) -> Decision:
    """Return the decision on a badge; None for a code that is no badge of any edition."""
    door = attempt.door
    barred = _barred(badge, presence, attempt)
    is_refused = barred is not None and (
        barred == Barred.CANCELLED or door.zone is None or door.zone.is_strict
    )
    terms = DoorTerms(attempt.edition_id, door.admits, is_refused)
    verdict = judge(badge, presence, terms, attempt.direction, attempt.at)
    is_said = verdict in ENTERED or verdict == Verdict.NOT_ALLOWED_HERE
    return Decision(verdict, barred if is_said else None)


def _barred(
    badge: BadgeFacts | None, presence: PresenceFacts | None, attempt: Attempt
) -> Barred | None:
    """Nobody is kept from leaving."""
    door = attempt.door
    if badge is None or attempt.direction == Direction.OUT:
        return None
    if attempt.is_cancelled:
        return Barred.CANCELLED
    if door.admits and badge.category not in door.admits:
        return Barred.DOOR
    return barred_from(
        door.zone,
        badge.category,
        badge.is_vip,
        attempt.at,
        attempt.inside,
        occupies_zone(presence, attempt.since),
    )


def words_of(
    decision: Decision,
    zone: ZoneFacts | None,
    presence: PresenceFacts | None,
    at: datetime,
    successor: str = "",
) -> tuple[str, str, str]:
    """Return the word and the message to the host, and a warning, "" without one.

    `successor`: the printed number of the badge that the holder of a merged one has instead.
    """
    verdict = decision.verdict
    if verdict == Verdict.REVOKED and successor:
        word, message = REPLACED
        return word, message.format(successor.replace(" ", "\u00a0")), ""
    message = message_for(verdict, presence, at)
    if decision.barred is None:
        return verdict.label, message, ""
    reason = barred_message(decision.barred, zone, at)
    if verdict == Verdict.NOT_ALLOWED_HERE:
        return verdict.label, reason, ""
    return verdict.label, message, reason
