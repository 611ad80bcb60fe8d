"""Access rights: every view declares its roles, and a view without declaration is refused."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from salon.platform.demonstration_state import shows_demonstration
from salon.platform.identity import Identity, Role
from salon.platform.limits import network_of
from salon.platform.settings import Settings

LAST_PAGE = 100_000
LAST_ROW = 2**31 - 1
FORM_ROOM = 20_000
"""Bytes that a form may add to the file it carries."""
View = TypeVar("View", bound=Callable[..., Any])
Loader = Callable[[], Identity | None]


def public(view: View) -> View:
    """Open a view to anybody."""
    view.allowed = "public"  # type: ignore[attr-defined]
    return view


def only(*roles: Role, kinds: Collection[str] = ()) -> Callable[[View], View]:
    """Open a view to these roles only; of stations, only to those of these kinds."""

    def mark(view: View) -> View:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
        view.kinds = frozenset(kinds)  # type: ignore[attr-defined]
        return view

    return mark


def demonstration_only(view: View) -> View:
    """Open a view in demonstration mode only; elsewhere it is a 404."""
    view.allowed = "demonstration"  # type: ignore[attr-defined]
    return view


def accepts_upload(limit: str, carries_text: bool = False) -> Callable[[View], View]:
    """Let a view take a file: `limit` names the setting that bounds its body, in bytes.

    `carries_text`: a field of the form may hold the content instead.
    """

    def mark(view: View) -> View:
        view.upload_limit = limit  # type: ignore[attr-defined]
        view.carries_text = carries_text  # type: ignore[attr-defined]
        return view

    return mark


def register_uploads(app: Flask) -> None:
    """Bound the body of views that take a file; comes before anything reads the form."""

    @app.before_request
    def bound_body() -> None:
        view = app.view_functions.get(request.endpoint or "")
        limit = getattr(view, "upload_limit", None)
        if limit is not None:
            request.max_content_length = getattr(settings(), limit) + FORM_ROOM
            if getattr(view, "carries_text", False):
                request.max_form_memory_size = request.max_content_length


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast(Settings, current_app.config["SALON"])


def find_identity() -> Identity | None:
    """Return the identity signed in on this request, or None. Read once per request."""
    if "identity" not in g:
        g.identity = current_app.extensions["salon_identity"]()
    return cast(Identity | None, g.identity)


def actor() -> Identity:
    """Return the author for the journal: the signed-in identity, or the public with its address."""
    address = request.remote_addr or ""
    identity = find_identity()
    if identity is None:
        return Identity(role=None, id=None, display_name="public", address=address)
    return Identity(identity.role, identity.id, identity.display_name, address, identity.kind)


def network() -> str:
    """Return the network of the caller, by which tries are counted."""
    return network_of(request.remote_addr or "")


def row_asked(name: str) -> int | None:
    """Return the row number of the address; one that no table can hold is a 404."""
    number = request.args.get(name, type=int)
    if number is not None and not 0 < number <= LAST_ROW:
        abort(404)
    return number


def safe_path(text: str | None) -> str | None:
    """Return `text` when it is a path of this site, else None (ASVS 3.7.2)."""
    if not text or not text.startswith("/") or text.startswith("//") or not text.isprintable():
        return None
    parts = urlsplit(text)
    if (
        parts.scheme
        or parts.netloc
        or "\\" in text
        or "%0d" in text.lower()
        or "%0a" in text.lower()
    ):
        return None
    return None if parts.path.lower().startswith(("/%2f", "/%5c")) else text


def allowed_of(app: Flask, endpoint: str) -> Any:
    """Return 'public', 'demonstration', a set of roles, or None for a view without declaration."""
    return getattr(app.view_functions[endpoint], "allowed", None)


def kinds_of(app: Flask, endpoint: str) -> frozenset[str]:
    """Return the kinds of stations that may open a view."""
    return getattr(app.view_functions[endpoint], "kinds", frozenset())


def _may_open(identity: Identity, allowed: Collection[Role], kinds: Collection[str]) -> bool:
    if identity.role == Role.STATION:
        return Role.STATION in allowed and identity.kind in kinds
    return identity.role in allowed


def register_access(app: Flask, loader: Loader) -> None:
    """Check each request before its view. `loader` returns the signed-in identity."""
    app.extensions["salon_identity"] = loader
    public(app.view_functions["static"])

    @app.before_request
    def check_access() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        allowed = allowed_of(app, request.endpoint)
        if allowed == "public":
            return None
        if allowed == "demonstration":
            return None if shows_demonstration() else abort(404)
        if allowed is None:
            abort(403)
        identity = find_identity()
        kinds = kinds_of(app, request.endpoint)
        if identity is not None and _may_open(identity, allowed, kinds):
            return None
        if request.path.startswith("/api/"):
            abort(403 if identity else 401)
        if identity is not None:
            abort(403)
        sign_in: Callable[[], ResponseReturnValue] = app.extensions["salon_signed_out"]
        return sign_in()
