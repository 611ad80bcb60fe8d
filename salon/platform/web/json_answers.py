"""JSON responses, to devices (French unescaped, not cacheable) and to screens."""

import json
from collections.abc import Mapping
from hashlib import sha256

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from salon.platform.settings.clock import local, now

write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_answer(content: Mapping[str, object], status: int = 200) -> Response:
    """Return the response to a call of a device."""
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def polled_json(content: Mapping[str, object]) -> ResponseReturnValue:
    """Return JSON that a screen asks for again and again: 304 while it has not changed."""
    return _revalidated(jsonify(content))


def read_json_answer(content: Mapping[str, object], links: Mapping[str, str]) -> Response:
    """Return the response to a read by another service: 304 while it has not changed.

    `links`: address by relation (RFC 8288). Only the reader may store it, and asks before each use.
    """
    response = Response(write_json(content), mimetype="application/json")
    response.cache_control.private = True
    response.cache_control.no_cache = True
    for relation, address in links.items():
        response.headers.add("Link", f'<{address}>; rel="{relation}"')
    return _revalidated(response)


def _revalidated(response: Response) -> Response:
    """Return the response with a strong ETag, or the 304 of a request that has it already."""
    response.set_etag(sha256(response.get_data()).hexdigest()[:20])
    response.make_conditional(request)
    return response


def fair_clock() -> str:
    """Return the fair's time, by which a device sets its own: ISO 8601 with its offset, to the
    ms."""
    return local(now()).isoformat(timespec="milliseconds")
