"""Detection of conflicts in scans, and the settlements allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.entrance.models import ConflictKind, Direction, Settlement, Verdict
from salon.platform.settings.clock import local
from salon.platform.words.errors import RuleBroken


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
    ConflictKind.UNHEARD: (Settlement.ALLOWED, Settlement.SENT_OUT, Settlement.NOT_FOUND),
}
"""Settlements offered for each kind, the most likely first."""

AT_ONCE = {
    ConflictKind.DOUBLE: Settlement.SAME_PERSON,
    ConflictKind.CLOCK: Settlement.TIME_ACCEPTED,
    ConflictKind.REVOKED: Settlement.NOT_FOUND,
    ConflictKind.UNKNOWN: Settlement.NOT_FOUND,
    ConflictKind.NOT_ALLOWED: Settlement.NOT_FOUND,
    ConflictKind.UNREADABLE: Settlement.NOT_FOUND,
    ConflictKind.UNHEARD: Settlement.NOT_FOUND,
}
"""Settlement offered for all open conflicts of a kind together."""


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A judged scan. `is_badge`: the text read has the form of one of our codes."""

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
    """A counted scan of a badge. `passed`: the host got no warning that it was already inside."""

    scan_id: str
    station_id: int
    direction: Direction
    happened_at: datetime
    passed: bool


def double_among(passages: Sequence[Passage], late_entry: Passage) -> Passage | None:
    """Return the scan that becomes a double entry when a late entry takes its place among the
    others.

    The first by time is the entry, so the double may be a scan that was already there. A scan with
    a warning to the host is no double; neither is one of another day.
    """
    before = [passage for passage in passages if passage.happened_at <= late_entry.happened_at]
    after = [passage for passage in passages if passage.happened_at > late_entry.happened_at]
    last = max(before, key=lambda passage: passage.happened_at, default=None)
    following = min(after, key=lambda passage: passage.happened_at, default=None)
    if last is not None and _enters_on(last, late_entry):
        return late_entry
    if following is not None and _enters_on(following, late_entry) and following.passed:
        return following
    return None


def _enters_on(passage: Passage, other_passage: Passage) -> bool:
    same_day = local(passage.happened_at).date() == local(other_passage.happened_at).date()
    return same_day and passage.direction == Direction.IN


def was_turned_away(direction: Direction, shown_verdict: str, was_let_in: bool) -> bool:
    """Return whether a device without network refused the person: they did not enter, whatever the
    verdict."""
    return direction == Direction.IN and shown_verdict in TURNED_AWAY and not was_let_in


def conflicts_of(scan: ScanFacts) -> list[tuple[ConflictKind, Settlement | None]]:
    """Return (kind, automatic settlement or None) of each conflict that a scan raises."""
    conflicts: list[tuple[ConflictKind, Settlement | None]] = []
    if scan.happened_at != scan.scanned_at:
        conflicts.append((ConflictKind.CLOCK, None))
    if scan.direction == Direction.OUT:
        return conflicts
    if scan.was_let_in:
        kind = ConflictKind.DOUBLE if scan.is_double else LET_IN.get(scan.verdict)
        if kind is not None and (kind != ConflictKind.UNKNOWN or scan.is_badge):
            conflicts.append((kind, None))
    elif scan.shown == TO_CONFIRM and scan.verdict in (Verdict.INVALID, Verdict.WRONG_EDITION):
        conflicts.append((ConflictKind.UNKNOWN, None))
    if scan.shown == TO_CONFIRM and scan.verdict not in (Verdict.INVALID, Verdict.WRONG_EDITION):
        conflicts.append((ConflictKind.UNKNOWN, Settlement.KNOWN_SINCE))
    return conflicts


TO_CONFIRM = "to_confirm"
"""Answer of a device for a well-formed code that its list does not know."""

TURNED_AWAY = frozenset(
    {
        TO_CONFIRM,
        *(Verdict.REVOKED, Verdict.NOT_ALLOWED_HERE, Verdict.INVALID, Verdict.WRONG_EDITION),
    }
)
"""Answers of a device that refuse the entry."""

LET_IN = {
    Verdict.REVOKED: ConflictKind.REVOKED,
    Verdict.NOT_ALLOWED_HERE: ConflictKind.NOT_ALLOWED,
    Verdict.INVALID: ConflictKind.UNKNOWN,
    Verdict.WRONG_EDITION: ConflictKind.UNKNOWN,
}
"""Kind of the conflict when a person entered against this verdict."""


def check_is_open(settlement: str) -> None:
    """Raise ConflictSettled when a conflict is already settled."""
    if settlement:
        raise ConflictSettled


def check_kind_settlement(kind: ConflictKind, settlement: Settlement) -> None:
    """Raise SettlementNotOffered unless the settlement is the one for several at once."""
    if AT_ONCE[kind] != settlement:
        raise SettlementNotOffered


def check_settlement(kind: ConflictKind, settlement: Settlement) -> None:
    """Raise SettlementNotOffered unless the settlement is offered for this kind."""
    if settlement not in SETTLEMENTS[kind]:
        raise SettlementNotOffered
