"""The trace of each request: an identifier, one line of the log, its count and its duration.

The line names the address as the code writes it (`/badge/<token>`), never as it was typed.
"""

import logging
import re
import secrets
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING

from flask import Flask, Response
from flask.globals import request_ctx

from salon.platform.settings.installation import Settings
from salon.platform.settings.logs import log, request_id
from salon.platform.work.metrics import count_request
from webserver import RECEIVED_AT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[0-9A-Za-z_-]{8,64}")
OWN_BYTES = 6
BEGAN_AT = "salon.began_at"
UNKNOWN = "other"
"""The route or the method of a request that the application does not have."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")


def register_requests(app: Flask, settings: Settings) -> None:
    """Give each request its identifier, which its answer bears, and log it once it is answered."""
    answer, trusts_header = app.wsgi_app, settings.trusted_proxies > 0

    def answer_identified(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        environ[BEGAN_AT] = environ.get(RECEIVED_AT) or monotonic()
        own_id = secrets.token_hex(OWN_BYTES)
        received_id = environ.get("HTTP_X_REQUEST_ID", "") if trusts_header else ""
        mark = request_id.set(received_id if WELL_FORMED.fullmatch(received_id) else own_id)
        try:
            return answer(environ, start)
        finally:
            request_id.reset(mark)

    app.wsgi_app = answer_identified  # type: ignore[method-assign, assignment]

    @app.after_request
    def note_answer(response: Response) -> Response:
        current_request = request_ctx.request
        response.headers[HEADER] = request_id.get()
        route = current_request.url_rule.rule if current_request.url_rule else UNKNOWN
        method = current_request.method if current_request.method in METHODS else UNKNOWN
        ended_at = monotonic()
        seconds = ended_at - current_request.environ.get(BEGAN_AT, ended_at)
        count_request(route, method, response.status_code, seconds)
        if log.isEnabledFor(logging.INFO):
            fields = {
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round(1000 * seconds, 1),
            }
            log.info("request", extra={"fields": fields})
        return response
