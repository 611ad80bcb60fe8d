"""Validation of the body of POST /api/v1/scans: everything is valid, or nothing is written."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from salon.entrance.models import Direction
from salon.entrance.rules.scans import printable
from salon.entrance.services.conflicts import Oddity
from salon.entrance.services.scans import ScanItem
from salon.entrance.services.stations import DeviceReport
from salon.platform.access import LAST_ROW
from salon.platform.errors import BadInput

MOST_SCANS = 500
LONGEST_CODE = 4_296
"""Characters that the largest QR code can hold (version 40, alphanumeric)."""

LONGEST_DOOR = 20
LONGEST_SHOWN = 20
LONGEST_SENT = 2_000
LONGEST_PROBLEM = 500
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
INSTANT = re.compile(
    r"(19|2[01])\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)",
    re.ASCII,
)
"""The description of the API publishes these expressions."""
DOOR = re.compile(rf"[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027]{{1,{LONGEST_DOOR}}}")
SHOWN = re.compile(rf"[ -~]{{0,{LONGEST_SHOWN}}}")

Problem = dict[str, str | int]


class UnreadableScans(BadInput):
    """The body does not follow the API's description; `errors` gives the item, the field and the
    reason."""

    def __init__(self, message: str, errors: list[Problem] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableScans("Le corps de la demande n’est pas du JSON lisible.") from None
    return content if isinstance(content, dict) else {}


def read_scans(body: bytes) -> list[ScanItem]:
    """Return the scans of a request. Raises UnreadableScans."""
    scans = _read_object(body).get("scans")
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


def read_item(scan: Any) -> ScanItem | list[str]:
    """Return one scan, or the messages of its errors."""
    return [message for _, message in _problems(scan)] or _item(scan)


def _problems(scan: Any) -> list[tuple[str, str]]:
    """Return (field, message) of each error of a scan."""
    if not isinstance(scan, dict):
        return [("", "Un passage est un objet.")]
    problems = []
    scan_id, code, door = scan.get("scan_id"), scan.get("code"), scan.get("door")
    if not (isinstance(scan_id, str) and UUID.fullmatch(scan_id)):
        problems.append(("scan_id", "Un UUID est attendu (8-4-4-4-12 chiffres hexadécimaux)."))
    if "code_hash" in scan:
        code_hash = scan["code_hash"]
        if code is not None or not (isinstance(code_hash, str) and HASH.fullmatch(code_hash)):
            problems.append(("code_hash", "Un SHA-256 en hexadécimal est attendu, sans code."))
    elif not (isinstance(code, str) and len(code) <= LONGEST_CODE):
        problems.append(("code", f"Un texte d’au plus {LONGEST_CODE} caractères est attendu."))
    if _instant(scan.get("scanned_at")) is None:
        problems.append(
            ("scanned_at", "Une heure ISO 8601 avec décalage est attendue (…T09:12:00+02:00).")
        )
    if not (isinstance(door, str) and DOOR.fullmatch(door)):
        problems.append(("door", f"Une porte de 1 à {LONGEST_DOOR} caractères est attendue."))
    shown = scan.get("shown", "")
    if not (isinstance(shown, str) and SHOWN.fullmatch(shown)):
        problems.append(("shown", "Le verdict donné sans réseau est attendu, ou rien."))
    if not isinstance(scan.get("let_in", False), bool):
        problems.append(("let_in", "Vrai ou faux est attendu."))
    if scan.get("direction") not in ("in", "out"):
        problems.append(("direction", "«\u00a0in\u00a0» ou «\u00a0out\u00a0» est attendu."))
    return problems


def _instant(text: Any) -> datetime | None:
    """Return the instant of an ISO 8601 text with an offset, as UTC, else None.

    A wrong clock is accepted; an instant outside local time is not.
    """
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _item(scan: dict[str, Any]) -> ScanItem:
    scanned_at = _instant(scan["scanned_at"])
    assert scanned_at is not None
    return ScanItem(
        scan_id=scan["scan_id"].lower(),
        code=scan.get("code") or "",
        scanned_at=scanned_at,
        door=scan["door"],
        direction=Direction(scan["direction"]),
        code_hash=scan.get("code_hash", ""),
        shown=scan.get("shown", ""),
        was_let_in=scan.get("let_in", False),
    )


def read_oddities(body: bytes) -> list[Oddity]:
    """Return the refused scans sent by a device. Raises UnreadableScans."""
    oddities = _read_object(body).get("oddities")
    if not isinstance(oddities, list) or not 1 <= len(oddities) <= MOST_SCANS:
        raise UnreadableScans(f'Envoyez {{"oddities": [ … ]}}, de 1 à {MOST_SCANS}.')
    errors: list[Problem] = []
    read: list[Oddity] = []
    for index, line in enumerate(oddities):
        oddity = find_oddity(line)
        if oddity is None:
            message = "Un UUID (scan_id) et deux textes (sent, problem) sont attendus."
            errors.append({"index": index, "field": "", "message": message})
        else:
            read.append(oddity)
    if errors:
        raise UnreadableScans("Des passages sont mal formés\u00a0: rien n’a été gardé.", errors)
    return read


def find_oddity(line: Any) -> Oddity | None:
    """Return a refused scan sent by a device; None when it is badly formed itself."""
    if not isinstance(line, dict) or not UUID.fullmatch(str(line.get("scan_id"))):
        return None
    sent, problem = line.get("sent"), line.get("problem")
    if not isinstance(sent, str) or not isinstance(problem, str):
        return None
    return Oddity(
        str(line["scan_id"]).lower(),
        printable(sent, LONGEST_SENT),
        printable(problem, LONGEST_PROBLEM),
    )


def read_report(body: bytes) -> DeviceReport:
    """Return a device's report of its health. Raises UnreadableScans."""
    content = _read_object(body)
    if not content:
        raise UnreadableScans("Un objet est attendu.")
    battery = _number(content, "battery")
    return DeviceReport(
        waiting=_number(content, "waiting") or 0,
        to_check=_number(content, "to_check") or 0,
        clock_offset_ms=_number(content, "clock_offset_ms", -LAST_ROW),
        battery=None if battery is None else min(battery, 100),
        is_charging=_flag(content, "is_charging"),
        storage_left=_number(content, "storage_left", most=2**53),
        is_persisted=_flag(content, "is_persisted"),
        list_serial=_number(content, "list_serial") or 0,
        pages_version=printable(str(content.get("pages_version", "")), 20),
    )


def _number(content: dict[str, Any], name: str, least: int = 0, most: int = LAST_ROW) -> int | None:
    """Return a number clamped to its bounds; None when absent."""
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(min(max(value, least), most))


def _flag(content: dict[str, Any], name: str) -> bool | None:
    value = content.get(name)
    return value if isinstance(value, bool) else None
