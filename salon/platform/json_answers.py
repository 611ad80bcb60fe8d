"""JSON responses to devices: French unescaped, not cacheable."""

import json
from collections.abc import Mapping

from flask import Response

from salon.platform.clock import local, now

write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_answer(content: Mapping[str, object], status: int = 200) -> Response:
    """Return the response to a call of a device."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def fair_clock() -> str:
    """Return the fair's time, by which a device sets its own: ISO 8601 with its offset, to the
    ms."""
    return local(now()).isoformat(timespec="milliseconds")
