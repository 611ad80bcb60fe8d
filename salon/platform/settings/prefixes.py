"""The first part of an address, `/e/<slug>`, that says which edition the page is about.

It goes from the path into SCRIPT_NAME, so that views see plain paths and `url_for` keeps it in
every link. Cookies, static files and the API have no prefix.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request, url_for
from flask.globals import request_ctx

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = re.compile(r"/e/([a-z0-9][a-z0-9-]*)(?=/|$)(?!/api/|/static/)")
SLUG = "salon.edition"
"""Key of the WSGI environment: the slug that the request is about; absent or None for none."""


def register_prefixes(app: Flask) -> None:
    """Take the prefix off each path, and tell the templates the address of their own page."""
    answer = app.wsgi_app

    def without_prefix(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if match := PREFIX.match(path):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + match[0]
            environ["PATH_INFO"] = path[match.end() :] or "/"
            environ[SLUG] = match[1]
        return answer(environ, start)

    app.wsgi_app = without_prefix  # type: ignore[method-assign, assignment]
    app.jinja_env.globals.update(page_path=page_path, page_address=page_address)


def requested_slug() -> str | None:
    """Return the slug that this request is about; None for the public edition."""
    slug: str | None = request.environ.get(SLUG) if has_request_context() else None
    return slug


def turn_to(slug: str | None) -> None:
    """Make the rest of this request, and the links of its page, be about another slug."""
    adapter = request_ctx.url_adapter
    assert adapter is not None
    adapter.script_name = f"{prefix_of(slug)}/"
    request.environ[SLUG] = slug


def prefix_of(slug: str | None) -> str:
    return f"/e/{slug}" if slug else ""


def page_path() -> str:
    """Return the path of this request, with its prefix and without its query."""
    return request.script_root + request.path


def page_address() -> str:
    """Return the path and query of this request, with its prefix."""
    return request.script_root + request.full_path.rstrip("?")


def plain_url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a view without prefix."""
    return url_for(endpoint, **values).removeprefix(prefix_of(requested_slug()))
