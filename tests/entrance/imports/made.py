"""Queues as a station exports them."""

import io
import json
import uuid
from typing import Any


def line(code: str, minute: int = 0, **overrides: Any) -> dict[str, Any]:
    """Return a scan as POST /api/v1/scans takes it, some minutes after nine."""
    return {
        "scan_id": str(uuid.uuid4()),
        "code": code,
        "scanned_at": f"2021-10-01T09:{minute:02d}:00+02:00",
        "door": "A",
        "direction": "in",
        "shown": "accepted",
        "let_in": True,
        **overrides,
    }


def queue(station: Any, *scans: Any, oddities: Any = (), **overrides: Any) -> bytes:
    """Return the bytes of a file."""
    content = {
        "format": "salon-scans-1",
        "station": station,
        "scans": list(scans),
        "oddities": list(oddities),
        **overrides,
    }
    return json.dumps(content).encode()


def upload(content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), "passages.json"
