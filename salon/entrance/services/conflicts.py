"""Conflicts: what a station could not say, and how a person settles it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.entrance.models import Conflict, ConflictKind, Direction, Scan, Settlement
from salon.entrance.rules.conflicts import check_is_open, check_settled_together, check_settlement
from salon.entrance.services.scans import Reading, ScanItem, apply_scans
from salon.entrance.services.situation import place_of
from salon.fair.models import Edition
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.prepared_statements import driver_of

EXITS = uuid.UUID("5f3c1b52-9d0e-4a37-8f55-3d1c6a2e7b90")
"""The space of names of exits that a settlement records: the same conflict, the same scan."""


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
    with transaction(edition) as session:
        wanted = [one.scan_id for one in oddities]
        known = set(
            session.scalars(
                select(Conflict.scan_id).where(
                    Conflict.scan_id.in_(wanted), Conflict.kind == ConflictKind.UNREADABLE
                )
            )
        )
        new = {one.scan_id: one for one in oddities if one.scan_id not in known}
        session.add_all(
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
    """Settles it for everybody: the first who does has settled it.

    Who was accompanied out is not inside any more: an exit is recorded. Raises ConflictSettled,
    SettlementNotOffered.
    """
    with transaction(conflict) as session:
        check_is_open(conflict.settlement)
        check_settlement(conflict.kind, settlement)
        _settle(conflict, settlement, note, by, now)
        if settlement == Settlement.SENT_OUT:
            _record_exit(session, conflict, now)
        write_entry(
            session, by, "conflict.settled", f"conflict:{conflict.id}", settlement=settlement.value
        )


def settle_together(
    edition: Edition,
    kind: ConflictKind,
    settlement: Settlement,
    up_to: int,
    by: Identity,
    now: datetime,
) -> int:
    """Settles those of a kind that are still open, none raised after the one numbered `up_to`
    (the last that was seen); answers how many. Raises SettlementNotOffered."""
    check_settled_together(kind, settlement)
    with transaction() as session:
        wanted = (
            select(Conflict)
            .where(
                Conflict.edition_id == edition.id,
                Conflict.kind == kind,
                Conflict.settlement == "",
                Conflict.id <= up_to,
            )
            .order_by(Conflict.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found = session.scalars(wanted).all()
        for conflict in found:
            _settle(conflict, settlement, "", by, now)
            write_entry(
                session,
                by,
                "conflict.settled",
                f"conflict:{conflict.id}",
                settlement=settlement.value,
                together=len(found),
            )
    return len(found)


def _settle(
    conflict: Conflict, settlement: Settlement, note: str, by: Identity, now: datetime
) -> None:
    conflict.settlement, conflict.note = settlement.value, note
    conflict.settled_by, conflict.settled_at = by.display_name, now


def _record_exit(session: Session, conflict: Conflict, now: datetime) -> None:
    """Records that whom a counted scan let in went out again, by the same door."""
    scan = session.scalars(select(Scan).where(Scan.scan_id == conflict.scan_id)).one_or_none()
    if scan is None or conflict.badge is None or not scan.is_counted:
        return
    at = max(now, scan.happened_at)
    item = ScanItem(
        scan_id=str(uuid.uuid5(EXITS, f"{conflict.scan_id}:{conflict.kind.value}")),
        code="",
        scanned_at=at,
        door=scan.door,
        direction=Direction.OUT,
        code_hash=conflict.badge.code_hash,
    )
    with driver_of(session) as on:
        place = place_of(on, conflict.station_id, conflict.edition_id)
        apply_scans(on, place, [Reading(item, conflict.badge.code_hash, at)], now)
