"""Reads the queue of a station that was exported as a file: salon-scans-1.

{"format": "salon-scans-1", "station": 12, "scans": [as POST /api/v1/scans takes them],
"oddities": [as POST /api/v1/oddities takes them]}. A file that is not that is refused whole; a
line of it that is badly formed becomes an oddity: nothing that a station read is thrown away.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from salon.entrance.imports.scans import LONGEST_PROBLEM, LONGEST_SENT, UUID, find_oddity, read_item
from salon.entrance.rules.scans import printable
from salon.entrance.services.conflicts import Oddity
from salon.entrance.services.scans import ScanItem
from salon.platform.access import LAST_ROW
from salon.platform.errors import BadInput

FORMAT = "salon-scans-1"
MOST_LINES = 100_000
ODD = uuid.UUID("0d8a6a1e-6d53-4f0b-9d7a-4b8f2f6d9c11")
"""The space of names of lines without a number of their own: the same line, the same number."""


class NotAnExport(BadInput):
    message = (
        "Ce fichier n’est pas celui des passages d’une station. Rien n’a été enregistré\u00a0: "
        "choisissez celui que la station a donné par «\u00a0Exporter les passages\u00a0»."
    )


class ExportTooLong(BadInput):
    message = f"Ce fichier a plus de {MOST_LINES} lignes. Rien n’a été enregistré."


@dataclass(frozen=True)
class Export:
    """What a file holds. `station_id` is None when it does not say. `wrong`: how many lines of it
    are badly formed; they are among the oddities."""

    station_id: int | None
    items: list[ScanItem]
    oddities: list[Oddity]
    wrong: int

    @property
    def lines(self) -> int:
        return len(self.items) + len(self.oddities)


def read_export(content: bytes) -> Export:
    """The queue in a file. Raises NotAnExport, ExportTooLong."""
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAnExport from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise NotAnExport
    scans, oddities = read.get("scans", []), read.get("oddities", [])
    if not isinstance(scans, list) or not isinstance(oddities, list):
        raise NotAnExport
    if len(scans) + len(oddities) > MOST_LINES:
        raise ExportTooLong
    items: list[ScanItem] = []
    odd: list[Oddity] = []
    for scan in scans:
        found = read_item(scan)
        if isinstance(found, list):
            odd.append(_oddity(scan, " ".join(found)))
        else:
            items.append(found)
    wrong = len(odd)
    for one in oddities:
        told = find_oddity(one)
        odd.append(told or _oddity(one, "Ligne d’export mal formée."))
        wrong += told is None
    return Export(_station_in(read.get("station")), items, odd, wrong)


def _station_in(said: Any) -> int | None:
    number = said.get("id") if isinstance(said, dict) else said
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 < number <= LAST_ROW else None


def _oddity(line: Any, problem: str) -> Oddity:
    text = json.dumps(line, ensure_ascii=True, sort_keys=True)
    named = line.get("scan_id") if isinstance(line, dict) else None
    is_named = isinstance(named, str) and UUID.fullmatch(named)
    scan_id = named.lower() if is_named and named else str(uuid.uuid5(ODD, text))
    shown = json.dumps(line, ensure_ascii=False)
    return Oddity(scan_id, printable(shown, LONGEST_SENT), printable(problem, LONGEST_PROBLEM))
