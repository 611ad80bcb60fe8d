"""Conflicts: what a station could not say, and how a person settles it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from salon.db import transaction
from salon.entrance.models import Conflict, ConflictKind
from salon.entrance.rules.conflicts import Settlement, check_is_open, check_settlement
from salon.fair.models import Edition
from salon.identity import Identity
from salon.journal import write_entry


@dataclass(frozen=True, slots=True)
class Oddity:
    """What the API refused of a device: its scan, as text, and why."""

    scan_id: str
    sent: str
    problem: str


def record_oddities(
    edition: Edition, station_id: int, oddities: Sequence[Oddity], now: datetime
) -> int:
    """Keeps each for the conflict inbox, once; answers how many were new."""
    with transaction(edition) as writing:
        wanted = [one.scan_id for one in oddities]
        known = set(
            writing.scalars(
                select(Conflict.scan_id).where(
                    Conflict.scan_id.in_(wanted), Conflict.kind == ConflictKind.UNREADABLE
                )
            )
        )
        new = {one.scan_id: one for one in oddities if one.scan_id not in known}
        writing.add_all(
            Conflict(
                edition_id=edition.id,
                kind=ConflictKind.UNREADABLE,
                scan_id=one.scan_id,
                station_id=station_id,
                detail={"sent": one.sent, "problem": one.problem},
                raised_at=now,
            )
            for one in new.values()
        )
    return len(new)


def settle_conflict(
    conflict: Conflict, settlement: Settlement, note: str, by: Identity, now: datetime
) -> None:
    """Settles it for everybody. Raises ConflictSettled, SettlementNotOffered."""
    with transaction(conflict) as writing:
        check_is_open(conflict.settlement)
        check_settlement(conflict.kind, settlement)
        conflict.settlement, conflict.note = settlement.value, note
        conflict.settled_by, conflict.settled_at = by.display_name, now
        write_entry(
            writing, by, "conflict.settled", f"conflict:{conflict.id}", settlement=settlement.value
        )
