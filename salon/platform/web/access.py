"""Access rights: every view declares who may open it, and a view without declaration is refused.

Organisers have rights by domain, in an edition: a view names the domains that open it.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask.globals import app_ctx, request_ctx
from flask.typing import ResponseReturnValue
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from salon.platform.database.demonstration_state import shows_demonstration
from salon.platform.database.identity import Domain, Identity, Role
from salon.platform.settings.installation import Settings
from salon.platform.settings.prefixes import PREFIX
from salon.platform.web.limits import network_of

LAST_PAGE = 100_000
LAST_ROW = 2**31 - 1
FORM_ROOM = 20_000
"""Bytes that a form may add to the file it carries."""
View = TypeVar("View", bound=Callable[..., object])
Loader = Callable[[], Identity | None]
EditionId = Callable[[], int | None]
READING_METHODS = ("GET", "HEAD", "OPTIONS")


def public(view: View) -> View:
    """Open a view to anybody."""
    view.allowed = "public"  # type: ignore[attr-defined]
    return view


def only(
    *allowed: Role | Domain, kinds: Collection[str] = (), any_organiser: bool = False
) -> Callable[[View], View]:
    """Open a view to these roles only; of stations, only to those of these kinds.

    A domain opens it to the organisers who have this right; `Role.ORGANISER` without a domain, to
    those who have all rights; `any_organiser`, to each, for pages about their own account.
    """
    roles = {member for member in allowed if isinstance(member, Role)}
    domains = {member for member in allowed if isinstance(member, Domain)}

    def mark(view: View) -> View:
        view.allowed = frozenset(roles | ({Role.ORGANISER} if domains else set()))  # type: ignore[attr-defined]
        view.kinds = frozenset(kinds)  # type: ignore[attr-defined]
        view.domains = frozenset(domains or {Domain.ALL})  # type: ignore[attr-defined]
        view.any_organiser = any_organiser  # type: ignore[attr-defined]
        return view

    return mark


def stays_open(view: View) -> View:
    """Keep the forms of a page in a closed edition: they leave a trace, or do what the law asks."""
    view.stays_open = True  # type: ignore[attr-defined]
    return view


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
    values = app_ctx.g
    if "identity" not in values:
        values.identity = current_app.extensions["salon_identity"]()
    identity: Identity | None = values.identity
    return identity


def actor() -> Identity:
    """Return the author for the journal: the signed-in identity, or the public with its address."""
    address = request.remote_addr or ""
    identity = find_identity()
    if identity is None:
        return Identity(role=None, id=None, display_name="public", address=address)
    return replace(identity, address=address)


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


def domains_of(app: Flask, endpoint: str) -> frozenset[Domain] | None:
    """Return the domains that open a view to organisers; None when it is open to each of them."""
    view = app.view_functions[endpoint]
    return None if getattr(view, "any_organiser", False) else getattr(view, "domains", frozenset())


def edition_id() -> int | None:
    """Return the edition of this request, in which organisers have their rights."""
    find_edition_id: EditionId = current_app.extensions["salon_edition_id"]
    return find_edition_id()


def held_domains() -> frozenset[Domain]:
    """Return the rights of the signed-in organiser in the edition of this request."""
    identity = find_identity()
    if identity is None or not identity.rights:
        return frozenset()
    if identity.has_all_rights:
        return frozenset(Domain)
    current_id = edition_id()
    return frozenset(domain for domain, place in identity.rights if place == current_id)


def holds(*domains: Domain) -> bool:
    """Return whether the signed-in organiser has one of these rights, or reads everything."""
    return not held_domains().isdisjoint({*domains, Domain.ALL, Domain.READING})


def lacking_domains(
    app: Flask, endpoint: str, method: str, granted: frozenset[Domain] | None = None
) -> frozenset[Domain]:
    """Return the domains of a view when an organiser has none of them, else ().

    `granted`: the rights of that organiser; those of the signed-in one unless given.
    """
    domains = domains_of(app, endpoint)
    granted = held_domains() if granted is None else granted
    if domains is None or Domain.ALL in granted or not domains.isdisjoint(granted):
        return frozenset()
    is_readable = method in READING_METHODS and domains != {Domain.ALL}
    return frozenset() if is_readable and Domain.READING in granted else domains


def reads_only(app: Flask, endpoint: str) -> bool:
    """Return whether the signed-in organiser opens this page to read it, and changes nothing."""
    return (
        Domain.READING in held_domains()
        and domains_of(app, endpoint) is not None
        and bool(lacking_domains(app, endpoint, "POST"))
    )


def closes_with_edition(app: Flask, endpoint: str) -> bool:
    """Return whether a page has nothing left to change once its edition is closed.

    Not so the pages of every edition, which those with all rights or each organiser open.
    """
    allowed, domains = allowed_of(app, endpoint), domains_of(app, endpoint)
    if getattr(app.view_functions[endpoint], "stays_open", False) or allowed == "demonstration":
        return False
    if not isinstance(allowed, frozenset) or Role.ORGANISER not in allowed:
        return True
    return domains is not None and domains != {Domain.ALL}


def may_open(address: str, method: str = "GET") -> bool:
    """Return whether the signed-in person may open the page of an address or endpoint."""
    identity, endpoint = find_identity(), address
    if address.startswith("/"):
        adapter = request_ctx.url_adapter
        assert adapter is not None
        try:
            path = PREFIX.sub("", urlsplit(address).path, count=1)
            endpoint, _ = adapter.match(path, method=method)
        except (HTTPException, RequestRedirect):
            return False
    allowed = allowed_of(current_app, endpoint)
    if allowed is None or isinstance(allowed, str):
        return allowed == "public" or (allowed == "demonstration" and shows_demonstration())
    return identity is not None and _may_open(identity, endpoint, method)


@pass_context
def _is_openable(_: Context, address: str) -> bool:
    """Answer « is openable » of a template at each page.

    Without the context, Jinja would answer it for everybody where it compiles a constant address.
    """
    return may_open(address)


def _may_open(identity: Identity, endpoint: str, method: str) -> bool:
    if identity.role not in allowed_of(current_app, endpoint):
        return False
    if identity.role == Role.STATION:
        return identity.kind in kinds_of(current_app, endpoint)
    return identity.role != Role.ORGANISER or not lacking_domains(current_app, endpoint, method)


def register_access(app: Flask, loader: Loader, find_edition_id: EditionId) -> None:
    """Check each request before its view.

    `loader` returns the signed-in identity; `find_edition_id`, the edition of the request, in which
    organisers have their rights.
    """
    app.extensions["salon_identity"] = loader
    app.extensions["salon_edition_id"] = find_edition_id
    app.jinja_env.globals.update(
        may_open=may_open,
        holds=lambda *names: holds(*map(Domain, names)),
        lacking_rights=lambda: g.get("lacking_rights", []),
        reads_only=lambda: bool(request.endpoint) and reads_only(app, request.endpoint or ""),
    )
    app.jinja_env.tests["openable"] = _is_openable
    public(app.view_functions["static"])

    @app.before_request
    def check_access() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None:
            return None
        allowed = allowed_of(app, endpoint)
        if allowed == "public":
            return None
        if allowed == "demonstration":
            return None if shows_demonstration() else abort(404)
        if allowed is None:
            abort(403)
        identity = find_identity()
        if identity is not None and _may_open(identity, endpoint, request.method):
            return None
        if request.path.startswith("/api/"):
            abort(403 if identity else 401)
        if identity is not None:
            if identity.role == Role.ORGANISER:
                lacking = lacking_domains(app, endpoint, request.method)
                g.lacking_rights = [domain for domain in Domain if domain in lacking]
            abort(403)
        sign_in: Callable[[], ResponseReturnValue] = app.extensions["salon_signed_out"]
        return sign_in()
