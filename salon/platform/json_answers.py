"""JSON responses, to devices (French unescaped, not cacheable) and to screens."""

import json
from collections.abc import Mapping
from hashlib import sha256

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from salon.platform.clock import local, now

write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_answer(content: Mapping[str, object], status: int = 200) -> Response:
    """Return the response to a call of a device."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def polled_json(content: Mapping[str, object]) -> ResponseReturnValue:
    """Return JSON that a screen asks for again and again: 304 while it has not changed."""
    response = jsonify(content)
    response.set_etag(sha256(response.get_data()).hexdigest()[:20])
    return response.make_conditional(request)


def fair_clock() -> str:
    """Return the fair's time, by which a device sets its own: ISO 8601 with its offset, to the
    ms."""
    return local(now()).isoformat(timespec="milliseconds")
