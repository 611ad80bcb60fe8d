"""A scan as a station sends it, as it is judged, and its answer."""

from dataclasses import dataclass, field
from datetime import datetime

from salon.entrance.models import Direction, Verdict
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.scans import PresenceFacts
from salon.entrance.rules.zones import Barred, ZoneFacts


@dataclass(frozen=True, slots=True)
class ScanItem:
    """A scan as sent by a station; `scanned_at` has a zone.

    `code_hash`: the SHA-256 of the badge's code (hexadecimal), sent instead of `code` by a device
    that stores no code. `shown`: its verdict without network, else empty.
    """

    scan_id: str
    code: str
    scanned_at: datetime
    door: str
    direction: Direction
    code_hash: str = ""
    shown: str = ""
    was_let_in: bool = False


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan. `holder` is None when the code is no badge of any edition.

    `barred`: why the zone may not be entered; a warning with a verdict that lets in. `is_new`: the
    scan was not sent before.
    """

    scan_id: str
    verdict: Verdict
    happened_at: datetime
    presence: PresenceFacts | None
    holder: BadgeRow | None
    barred: Barred | None = None
    zone: ZoneFacts | None = None
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan with the hash of its badge code and its effective time."""

    item: ScanItem
    code_hash: str | None
    happened_at: datetime
