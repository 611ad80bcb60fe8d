"""Scans without network, and the conflicts that they leave."""

from typing import Any

from sqlalchemy import select

from salon.entrance.models import Conflict, ConflictKind, Direction
from salon.entrance.services.scan_items import ScanItem
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from tests.entrance.people import item, make_badge, make_station

NADIA = Identity(Role.ORGANISER, 1, "Nadia Caumette", "")


def let_in(code: str, minutes: float = 0, door: str = "A", **overrides: Any) -> ScanItem:
    """Return a scan of a device without network that let the person in."""
    values = {"shown": "accepted", "was_let_in": True, **overrides}
    return item(code, minutes, door=door, **values)


def gone_out(code: str, minutes: float, door: str = "A") -> ScanItem:
    return item(code, minutes, door=door, direction=Direction.OUT, shown="exit")


def conflicts() -> list[Conflict]:
    """Return every conflict, in the order written."""
    current_session().rollback()
    statement = select(Conflict).order_by(Conflict.id).execution_options(populate_existing=True)
    return list(current_session().scalars(statement))


def kinds() -> list[tuple[ConflictKind, str]]:
    """(kind, scan) of each conflict."""
    return [(conflict.kind, conflict.scan_id) for conflict in conflicts()]


def make_double(edition: Edition) -> Conflict:
    """Make a badge read at two doors, two minutes apart."""
    badge = make_badge(edition)
    first, second = let_in(badge.code, 12), let_in(badge.code, 14, door="B")
    for name, value in (("Entrée A", first), ("Entrée B", second)):
        record_scans(make_station(edition, name), edition.id, [value], value.scanned_at)
    return conflicts()[-1]
