"""Tables of the doors."""

from salon.entrance.models.conflicts import Conflict, ConflictKind
from salon.entrance.models.scans import Presence, Scan, ZonePresence
from salon.entrance.models.stations import EntranceSettings, ListEntry, StationReport

__all__ = [
    "Conflict",
    "ConflictKind",
    "EntranceSettings",
    "ListEntry",
    "Presence",
    "Scan",
    "StationReport",
    "ZonePresence",
]
