"""Tables of the doors."""

from salon.entrance.models.conflicts import Conflict, ConflictKind, Settlement
from salon.entrance.models.figures import KeptFigure
from salon.entrance.models.scans import (
    VERDICT_LABELS,
    Direction,
    Presence,
    Scan,
    Verdict,
    ZonePresence,
)
from salon.entrance.models.stations import EntranceSettings, ListEntry, StationReport
