"""Errors, as pages a person can read."""

import sqlalchemy.exc
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from salon.platform.database.db import current_session
from salon.platform.settings.logs import log, request_id
from salon.platform.storage.store import FilesUnreachable
from salon.platform.words.errors import RuleBroken
from salon.platform.words.typography import unbreakable
from salon.platform.work.sentry import report_failure

DISK_FULL = ("database or disk is full", "No space left", "disk I/O error", "could not extend")
READ_ONLY = ("readonly database", "read-only transaction", "Read-only file system")
STORAGE = {
    DISK_FULL: "L’espace de stockage est plein : rien n’a été enregistré. Prévenez l’accueil.",
    READ_ONLY: (
        "Le stockage est en lecture seule\u00a0: les pages se lisent, mais rien n’a été "
        "enregistré. Prévenez l’accueil."
    ),
}
"""Messages when nothing can be stored, by the text of the database's error."""


def error_page(status: int, message: str | None = None, retry_after: int | None = None) -> Response:
    """Return the French page (or, under /api/, the JSON) of an HTTP status.

    The page of a failure says the identifier of the request, which its lines of the log bear.
    """
    g.failing = status >= 500
    if request.path.startswith("/api/"):
        words = unbreakable(message or MESSAGES.get(status, MESSAGES[400]))
        body = {"status": status, "message": words}
        response = make_response(jsonify(body), status)
    else:
        page_status = status if status in PAGES else (500 if status >= 500 else 400)
        g.is_error_page = True
        page = render_template(
            f"errors/{page_status}.html",
            message=message,
            retry_after=retry_after,
            incident=request_id.get() if g.failing else "",
        )
        response = make_response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == 401:
        # RFC 6750, 3: a token that was sent and is not good is said to be the reason.
        fault = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="salon"{fault}'
    return response


def _storage_page(error: Exception) -> Response | None:
    """Return the page of a database that cannot store anything, None when it fails otherwise."""
    text = str(error)
    for words, message in STORAGE.items():
        if any(word in text for word in words):
            return error_page(507, message)
    return None


PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
PAGES = (400, 403, 404, 409, 410, 413, 422, 429, 500, 503)
MESSAGES = {
    400: "La demande est incomplète ou mal formée.",
    401: "Jeton absent, arrivé à son terme ou révoqué.",
    403: "Cette action ne vous est pas ouverte.",
    404: "Cette adresse n’existe pas.",
    405: "Cette méthode n’est pas admise ici.",
    406: "Cette adresse ne répond qu’en JSON (Accept: application/json).",
    413: "L’envoi est trop volumineux.",
    415: "Envoyez du JSON (Content-Type: application/json).",
    429: "Trop de demandes en peu de temps. Attendez un instant, puis recommencez.",
    500: "Un incident est survenu. Rien n’a été perdu de ce qui était confirmé.",
    503: "Le service reprend dans un instant. Recommencez.",
}


def register_errors(app: Flask) -> None:
    @app.errorhandler(RuleBroken)
    def rule_broken(error: RuleBroken) -> Response:
        return error_page(error.status, error.message, getattr(error, "retry_after", None))

    @app.errorhandler(SecurityError)
    def foreign_host(error: SecurityError) -> Response:
        # No page: its links would be built on a host that is not ours.
        return make_response("Ce nom de serveur n’est pas celui du salon.\n", 400, PLAIN)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        response = error_page(error.code)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(sqlalchemy.exc.NoResultFound)
    def absent(error: sqlalchemy.exc.NoResultFound) -> Response:
        return error_page(404)

    @app.errorhandler(sqlalchemy.exc.OperationalError)
    @app.errorhandler(sqlalchemy.exc.InterfaceError)
    @app.errorhandler(sqlalchemy.exc.TimeoutError)
    def database_away(error: sqlalchemy.exc.SQLAlchemyError) -> Response:
        log.error("database unavailable: %s", type(error).__name__, exc_info=error)
        return _storage_page(error) or error_page(503, retry_after=2)

    @app.errorhandler(FilesUnreachable)
    def files_away(error: FilesUnreachable) -> Response:
        log.error("files unreachable: %s", error)
        return error_page(503, retry_after=2)

    @app.errorhandler(sqlalchemy.exc.InternalError)
    def not_written(error: sqlalchemy.exc.InternalError) -> Response:
        # PostgreSQL that became a standby, or was set to read only.
        if page := _storage_page(error):
            log.error("nothing can be stored", exc_info=error)
            return page
        raise error

    @app.errorhandler(sqlalchemy.exc.DataError)
    def not_storable(error: sqlalchemy.exc.DataError) -> Response:
        # PostgreSQL refuses NUL in a text, a number beyond its column; SQLite finds nothing.
        current_session().rollback()  # until then PostgreSQL answers nothing, and the page reads
        return error_page(400)

    @app.errorhandler(500)
    def failure(error: HTTPException) -> Response:
        cause = getattr(error, "original_exception", error)
        log.error("incident %s, %s", request_id.get(), request.endpoint, exc_info=cause)
        report_failure(cause, str(request.endpoint))
        return error_page(500)
