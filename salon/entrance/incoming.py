"""Reads what a station sends to POST /api/v1/scans: all of it is right, or nothing is written."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from salon.entrance.rules import Direction
from salon.entrance.services import ScanItem
from salon.errors import BadInput

MOST_SCANS = 500
LONGEST_CODE = 4_296
"""Characters that the largest QR code can hold (version 40, alphanumeric)."""

LONGEST_DOOR = 20
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

Problem = dict[str, str | int]


class UnreadableScans(BadInput):
    """The body is not what the API describes; `errors` says which item, which field and why."""

    def __init__(self, message: str, errors: list[Problem] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []


def read_scans(body: bytes) -> list[ScanItem]:
    """The scans of a request. Raises UnreadableScans."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableScans("Le corps de la demande n’est pas du JSON lisible.") from None
    scans = content.get("scans") if isinstance(content, dict) else None
    if not isinstance(scans, list):
        raise UnreadableScans('Envoyez un objet {"scans": [ … ]}.')
    if not 1 <= len(scans) <= MOST_SCANS:
        raise UnreadableScans(f"Envoyez de 1 à {MOST_SCANS} passages à la fois.")
    items: list[ScanItem] = []
    errors: list[Problem] = []
    for index, scan in enumerate(scans):
        problems: list[Problem] = [
            {"index": index, "field": field, "message": message}
            for field, message in _problems(scan)
        ]
        if problems:
            errors.extend(problems)
        else:
            items.append(_item(scan))
    if errors:
        raise UnreadableScans(
            "Des passages sont mal formés\u00a0: rien n’a été enregistré.", errors
        )
    return items


def _problems(scan: Any) -> list[tuple[str, str]]:
    """(field, message) of each thing that is wrong with one scan."""
    if not isinstance(scan, dict):
        return [("", "Un passage est un objet.")]
    problems = []
    scan_id, code, door = scan.get("scan_id"), scan.get("code"), scan.get("door")
    if not (isinstance(scan_id, str) and UUID.fullmatch(scan_id)):
        problems.append(("scan_id", "Un UUID est attendu (8-4-4-4-12 chiffres hexadécimaux)."))
    if not (isinstance(code, str) and len(code) <= LONGEST_CODE):
        problems.append(("code", f"Un texte d’au plus {LONGEST_CODE} caractères est attendu."))
    if _instant(scan.get("scanned_at")) is None:
        problems.append(
            ("scanned_at", "Une heure ISO 8601 avec décalage est attendue (…T09:12:00+02:00).")
        )
    if not (isinstance(door, str) and 1 <= len(door) <= LONGEST_DOOR and door.isprintable()):
        problems.append(("door", f"Une porte de 1 à {LONGEST_DOOR} caractères est attendue."))
    if scan.get("direction") not in ("in", "out"):
        problems.append(("direction", "«\u00a0in\u00a0» ou «\u00a0out\u00a0» est attendu."))
    return problems


def _instant(text: Any) -> datetime | None:
    """The instant of an ISO 8601 text with an offset, as UTC, else None."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        read = datetime.fromisoformat(text)
        return None if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _item(scan: dict[str, Any]) -> ScanItem:
    scanned_at = _instant(scan["scanned_at"])
    assert scanned_at is not None
    return ScanItem(
        scan_id=scan["scan_id"].lower(),
        code=scan["code"],
        scanned_at=scanned_at,
        door=scan["door"],
        direction=Direction(scan["direction"]),
    )
