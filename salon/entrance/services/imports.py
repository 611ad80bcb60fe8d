"""Import of a station's queue from a file, when it could not be sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select

from salon.accounts.models import Station
from salon.entrance.actions import EntranceAction
from salon.entrance.models import Conflict, Verdict
from salon.entrance.services.conflicts import Oddity, record_oddities
from salon.entrance.services.scan_items import ScanItem
from salon.entrance.services.scans import record_scans
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session
from salon.platform.database.journal import note

AT_ONCE = 500
Line = TypeVar("Line")


@dataclass
class Imported:
    """Result of a file's import. `to_check`: number of conflicts raised."""

    new: int = 0
    already_received: int = 0
    oddities: int = 0
    to_check: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)


def import_scans(
    act: FairAct, station: Station, items: Sequence[ScanItem], oddities: Sequence[Oddity]
) -> Imported:
    """Record the scans of a file as if the station had sent them. Idempotent."""
    imported = Imported()
    for batch in _in_batches(items):
        results = record_scans(station.id, act.edition.id, batch, act.now)
        # The same scan may be twice in a file.
        fresh = {result.scan_id: result.verdict for result in results if result.is_new}
        imported.new += len(fresh)
        imported.already_received += len(batch) - len(fresh)
        imported.verdicts.update(fresh.values())
        imported.to_check += _count_open(list(fresh))
    for batch_oddities in _in_batches(oddities):
        imported.oddities += record_oddities(act.edition, station.id, batch_oddities, act.now)
    imported.to_check += imported.oddities
    note(
        act.actor,
        EntranceAction.SCANS_IMPORTED,
        f"station:{station.id}",
        added=imported.new,
        found=imported.already_received,
        rows=imported.oddities,
    )
    return imported


def _in_batches(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    for first in range(0, len(lines), AT_ONCE):
        yield lines[first : first + AT_ONCE]


def _count_open(scan_ids: Sequence[str]) -> int:
    current_session().rollback()  # the scans were written beside this session
    statement = select(func.count()).where(
        Conflict.scan_id.in_(scan_ids), Conflict.settlement == ""
    )
    return current_session().scalar(statement) or 0
