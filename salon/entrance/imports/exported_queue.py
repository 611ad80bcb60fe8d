"""Queue of a station exported as a file: format salon-scans-1.

{"format": "salon-scans-1", "station": 12, "scans": [as POST /api/v1/scans takes them], "oddities":
[as POST /api/v1/oddities takes them]}. A file of another format is refused whole; a badly formed
line becomes an oddity, so that nothing read by a station is lost.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import PlainValidator, ValidationError

from salon.entrance.imports.scans import (
    LONGEST_PROBLEM,
    LONGEST_SENT,
    Named,
    find_oddity,
    read_line,
)
from salon.entrance.rules.scans import printable
from salon.entrance.services.conflicts import Oddity
from salon.entrance.services.scan_items import ScanItem
from salon.platform.web.access import LAST_ROW
from salon.platform.web.devices.reading import Sent, Unreadable, read
from salon.platform.words.errors import BadInput

MOST_LINES = 100_000
ODD = uuid.UUID("0d8a6a1e-6d53-4f0b-9d7a-4b8f2f6d9c11")
"""UUID namespace for lines without a number: the same line gets the same number."""


class NotAnExport(Unreadable):
    message = (
        "Ce fichier n’est pas celui des passages d’une station. Rien n’a été enregistré\u00a0: "
        "choisissez celui que la station a donné par «\u00a0Exporter les passages\u00a0»."
    )


class ExportTooLong(BadInput):
    message = f"Ce fichier a plus de {MOST_LINES} lignes. Rien n’a été enregistré."


@dataclass(frozen=True)
class Export:
    """Content of a file. `station_id` is None when the file does not name it. `wrong`: number of
    badly formed lines; they are among the oddities."""

    station_id: int | None
    items: list[ScanItem]
    oddities: list[Oddity]
    wrong: int

    @property
    def lines(self) -> int:
        return len(self.items) + len(self.oddities)


def _station_in(station: object) -> int | None:
    number = station.get("id") if isinstance(station, dict) else station
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 < number <= LAST_ROW else None


class File(Sent):
    format: Literal["salon-scans-1"]
    station: Annotated[int | None, PlainValidator(_station_in)] = None
    scans: list[object] = []
    oddities: list[object] = []


def read_export(content: bytes) -> Export:
    """Return the queue in a file. Raises NotAnExport, ExportTooLong."""
    file = read(File, content, NotAnExport)
    if len(file.scans) + len(file.oddities) > MOST_LINES:
        raise ExportTooLong
    items: list[ScanItem] = []
    read_oddities: list[Oddity] = []
    for scan in file.scans:
        item_or_problems = read_line(scan)
        if isinstance(item_or_problems, list):
            read_oddities.append(_oddity(scan, " ".join(item_or_problems)))
        else:
            items.append(item_or_problems)
    wrong = len(read_oddities)
    for line in file.oddities:
        oddity = find_oddity(line)
        read_oddities.append(oddity or _oddity(line, "Ligne d’export mal formée."))
        wrong += oddity is None
    return Export(file.station, items, read_oddities, wrong)


def _oddity(line: object, problem: str) -> Oddity:
    text = json.dumps(line, ensure_ascii=True, sort_keys=True)
    try:
        scan_id = Named.model_validate(line).scan_id
    except ValidationError:
        scan_id = str(uuid.uuid5(ODD, text))
    line_text = json.dumps(line, ensure_ascii=False)
    return Oddity(scan_id, printable(line_text, LONGEST_SENT), printable(problem, LONGEST_PROBLEM))
