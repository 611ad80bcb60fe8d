"""What is odd about a scan, and what a person may decide of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.entrance.models import ConflictKind, Direction, Settlement, Verdict
from salon.platform.clock import local
from salon.platform.errors import RuleBroken


class ConflictSettled(RuleBroken):
    message = "Ce point a déjà été réglé par quelqu’un d’autre\u00a0: rechargez la page."


class SettlementNotOffered(RuleBroken):
    message = "Cette décision ne convient pas à ce point\u00a0: rechargez la page."


SETTLEMENTS = {
    ConflictKind.DOUBLE: (Settlement.SAME_PERSON, Settlement.TWO_PEOPLE),
    ConflictKind.REVOKED: (Settlement.ALLOWED, Settlement.SENT_OUT, Settlement.NOT_FOUND),
    ConflictKind.UNKNOWN: (Settlement.IDENTIFIED, Settlement.SENT_OUT, Settlement.NOT_FOUND),
    ConflictKind.NOT_ALLOWED: (Settlement.ALLOWED, Settlement.SENT_OUT, Settlement.NOT_FOUND),
    ConflictKind.CLOCK: (Settlement.TIME_ACCEPTED,),
    ConflictKind.UNREADABLE: (Settlement.ENTERED_BY_HAND, Settlement.NOT_FOUND),
}
"""What a person may decide, by kind, the most likely first."""

AT_ONCE = {
    ConflictKind.DOUBLE: Settlement.SAME_PERSON,
    ConflictKind.CLOCK: Settlement.TIME_ACCEPTED,
    ConflictKind.REVOKED: Settlement.NOT_FOUND,
    ConflictKind.UNKNOWN: Settlement.NOT_FOUND,
    ConflictKind.NOT_ALLOWED: Settlement.NOT_FOUND,
    ConflictKind.UNREADABLE: Settlement.NOT_FOUND,
}
"""What may be decided of all those of a kind together."""


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A scan once judged. `is_badge`: what was read has the form of one of our codes."""

    verdict: Verdict
    direction: Direction
    is_badge: bool
    shown: str
    was_let_in: bool
    scanned_at: datetime
    happened_at: datetime
    is_double: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A counted scan of a badge. `passed`: nobody at the door was told that it was inside."""

    scan_id: str
    station_id: int
    direction: Direction
    happened_at: datetime
    passed: bool


def double_among(passages: Sequence[Passage], one: Passage) -> Passage | None:
    """Which scan enters twice now that a late entry takes its place among the others, if any.

    The first by time is the entry, so it may be a scan that was already there. One that the host
    was warned of is no double; neither is one of another day.
    """
    before = [it for it in passages if it.happened_at <= one.happened_at]
    after = [it for it in passages if it.happened_at > one.happened_at]
    last = max(before, key=lambda it: it.happened_at, default=None)
    following = min(after, key=lambda it: it.happened_at, default=None)
    if last is not None and _enters_on(last, one):
        return one
    if following is not None and _enters_on(following, one) and following.passed:
        return following
    return None


def _enters_on(one: Passage, other: Passage) -> bool:
    same_day = local(one.happened_at).date() == local(other.happened_at).date()
    return same_day and one.direction == Direction.IN


def was_turned_away(direction: Direction, shown: str, was_let_in: bool) -> bool:
    """A device without network kept somebody out: they did not enter, whatever the fair says."""
    return direction == Direction.IN and shown in TURNED_AWAY and not was_let_in


def conflicts_of(scan: ScanFacts) -> list[tuple[ConflictKind, Settlement | None]]:
    """(kind, how it is settled already) of each thing that a person must see of a scan."""
    found: list[tuple[ConflictKind, Settlement | None]] = []
    if scan.happened_at != scan.scanned_at:
        found.append((ConflictKind.CLOCK, None))
    if scan.direction == Direction.OUT:
        return found
    if scan.was_let_in:
        kind = ConflictKind.DOUBLE if scan.is_double else LET_IN.get(scan.verdict)
        if kind is not None and (kind != ConflictKind.UNKNOWN or scan.is_badge):
            found.append((kind, None))
    elif scan.shown == TO_CONFIRM and scan.verdict in (Verdict.INVALID, Verdict.WRONG_EDITION):
        found.append((ConflictKind.UNKNOWN, None))
    if scan.shown == TO_CONFIRM and scan.verdict not in (Verdict.INVALID, Verdict.WRONG_EDITION):
        found.append((ConflictKind.UNKNOWN, Settlement.KNOWN_SINCE))
    return found


TO_CONFIRM = "to_confirm"
"""What a device shows for a well-formed code that its list does not know."""

TURNED_AWAY = frozenset(
    {
        TO_CONFIRM,
        *(Verdict.REVOKED, Verdict.NOT_ALLOWED_HERE, Verdict.INVALID, Verdict.WRONG_EDITION),
    }
)
"""What a device shows when it does not let in."""

LET_IN = {
    Verdict.REVOKED: ConflictKind.REVOKED,
    Verdict.NOT_ALLOWED_HERE: ConflictKind.NOT_ALLOWED,
    Verdict.INVALID: ConflictKind.UNKNOWN,
    Verdict.WRONG_EDITION: ConflictKind.UNKNOWN,
}
"""What it is when somebody passed whom the fair would have stopped."""


def check_is_open(settlement: str) -> None:
    """Raises ConflictSettled when a conflict has its settlement already."""
    if settlement:
        raise ConflictSettled


def check_settled_together(kind: ConflictKind, settlement: Settlement) -> None:
    """Raises SettlementNotOffered unless this is what may be decided of several at once."""
    if AT_ONCE[kind] != settlement:
        raise SettlementNotOffered


def check_settlement(kind: ConflictKind, settlement: Settlement) -> None:
    """Raises SettlementNotOffered unless a person may settle this kind so."""
    if settlement not in SETTLEMENTS[kind]:
        raise SettlementNotOffered
