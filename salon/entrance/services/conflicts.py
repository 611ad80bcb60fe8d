"""Recording and settlement of conflicts."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.entrance.actions import EntranceAction
from salon.entrance.models import Conflict, ConflictKind, Direction, Scan, Settlement
from salon.entrance.rules.conflicts import check_is_open, check_kind_settlement, check_settlement
from salon.entrance.services.scan_items import Reading, ScanItem
from salon.entrance.services.scans import apply_scans
from salon.entrance.services.situation import place_of
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.prepared_statements import driver_of

EXITS = uuid.UUID("5f3c1b52-9d0e-4a37-8f55-3d1c6a2e7b90")
"""UUID namespace of the exits recorded by a settlement: one scan per conflict."""


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What a device answered by itself, the server's answer not having come in time."""

    shown: str
    was_let_in: bool


@dataclass(frozen=True, slots=True)
class Oddity:
    """A scan that the API refused: its id, the text sent, the reason.

    `unheard`: the API had taken it, and the device did the contrary of what it did not hear.
    """

    scan_id: str
    sent: str
    problem: str
    unheard: OwnAnswer | None = None

    @property
    def kind(self) -> ConflictKind:
        return ConflictKind.UNHEARD if self.unheard else ConflictKind.UNREADABLE

    @property
    def detail(self) -> dict[str, object]:
        if self.unheard:
            return asdict(self.unheard)
        return {"sent": self.sent, "problem": self.problem}


def record_oddities(
    edition: Edition, station_id: int, oddities: Sequence[Oddity], now: datetime
) -> int:
    """Record each refused or unheard scan once as a conflict; return how many were new."""
    with transaction(edition) as session:
        scan_ids = [oddity.scan_id for oddity in oddities]
        former = select(Conflict.scan_id, Conflict.kind).where(Conflict.scan_id.in_(scan_ids))
        recorded = {(scan_id, kind) for scan_id, kind in session.execute(former)}
        scans = select(Scan.scan_id, Scan.badge_id).where(
            Scan.scan_id.in_(scan_ids), Scan.edition_id == edition.id
        )
        badge_ids = {row.scan_id: row.badge_id for row in session.execute(scans)}
        new_oddities = {
            (oddity.scan_id, oddity.kind): oddity
            for oddity in oddities
            if (oddity.scan_id, oddity.kind) not in recorded
        }
        session.add_all(
            Conflict(
                edition_id=edition.id,
                kind=oddity.kind,
                scan_id=oddity.scan_id,
                station_id=station_id,
                badge_id=badge_ids.get(oddity.scan_id) if oddity.unheard else None,
                detail=oddity.detail,
                raised_at=now,
            )
            for oddity in new_oddities.values()
        )
    return len(new_oddities)


def settle_conflict(act: Act, conflict: Conflict, settlement: Settlement, note: str) -> None:
    """Settle a conflict; the first settlement wins.

    SENT_OUT also records an exit. Raises ConflictSettled, SettlementNotOffered.
    """
    with act.transaction(conflict) as session:
        check_is_open(conflict.settlement)
        check_settlement(conflict.kind, settlement)
        _settle(act, conflict, settlement, note)
        if settlement == Settlement.SENT_OUT:
            _record_exit(session, conflict, act.now)
        write_entry(
            session,
            act.actor,
            EntranceAction.CONFLICT_SETTLED,
            f"conflict:{conflict.id}",
            settlement=settlement.value,
        )


def settle_kind(act: FairAct, kind: ConflictKind, settlement: Settlement, up_to: int) -> int:
    """Settle the open conflicts of a kind up to the id `up_to`; return how many.

    `up_to` is the last one on the page. Raises SettlementNotOffered.
    """
    check_kind_settlement(kind, settlement)
    with act.transaction() as session:
        statement = (
            select(Conflict)
            .where(
                Conflict.edition_id == act.edition.id,
                Conflict.kind == kind,
                Conflict.settlement == "",
                Conflict.id <= up_to,
            )
            .order_by(Conflict.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        conflicts = session.scalars(statement).all()
        for conflict in conflicts:
            _settle(act, conflict, settlement, "")
            write_entry(
                session,
                act.actor,
                EntranceAction.CONFLICT_SETTLED,
                f"conflict:{conflict.id}",
                settlement=settlement.value,
                together=len(conflicts),
            )
    return len(conflicts)


def _settle(act: Act, conflict: Conflict, settlement: Settlement, note: str) -> None:
    conflict.settlement, conflict.note = settlement.value, note
    conflict.settled_by, conflict.settled_at = act.actor.display_name, act.now


def _record_exit(session: Session, conflict: Conflict, now: datetime) -> None:
    """Record an exit by the same door for a person whose entry was counted."""
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
    with driver_of(session) as connection:
        place = place_of(connection, conflict.station_id, conflict.edition_id, [scan.door])
        apply_scans(connection, place, [Reading(item, conflict.badge.code_hash, at)], now)
