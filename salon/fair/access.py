"""The edition that a request is about, whose rows alone it reads.

That of its private link, of its station or of its prefix, else the public one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from salon.fair import queries
from salon.fair.models import Edition, EditionState
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session, read_in_transaction
from salon.platform.database.edition_scope import across_editions, work_in_edition
from salon.platform.database.identity import Domain, Identity, Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.prefixes import (
    plain_url_for,
    prefix_of,
    register_prefixes,
    requested_slug,
    turn_to,
)
from salon.platform.web.access import (
    actor,
    allowed_of,
    closes_with_edition,
    edition_id,
    find_identity,
    kinds_of,
    may_open,
)

STAFF = (Role.ORGANISER, Role.AGENT)
"""Roles that see the public pages of an edition that is not public."""
OF_EVERY_EDITION = ("accounts", "demonstration")
"""Blueprints whose pages are about people, not about an edition."""
OF_NO_EDITION = frozenset(
    {
        *("fair.legal", "dashboard.privacy", "fair.accessibility"),
        *("entrance.enrol", "entrance.use_enrolment"),
    }
)
"""Public pages that say the same of every edition, or find it by a code; those of the accounts are
others."""

Rows = Mapping[str, Sequence[InstrumentedAttribute[object]]]
"""Columns in which the value of an argument of an address is looked for; `blueprint.argument` comes
before `argument`.
"""


def register_editions(app: Flask, rows: Rows) -> None:
    """Find the edition of each request before its access is checked."""
    register_prefixes(app)
    app.jinja_env.globals.update(
        all_editions=queries.editions, same_page_in=same_page_in, is_closed=is_closed
    )

    @app.before_request
    def find_edition() -> ResponseReturnValue | None:
        if request.endpoint is None or request.path.startswith("/api/"):
            return None
        stations_may_open = bool(kinds_of(app, request.endpoint))
        if stations_may_open and (edition := _edition_of_station()) is not None:
            work_in(edition)
            return None
        if (edition := _edition_of_row(rows)) is not None:
            work_in(edition)
            _known_editions()[requested_slug()] = edition
            has_secret = "token" in (request.view_args or {})
            is_hidden = edition.state == EditionState.DRAFT and not has_secret
            return _refuse_hidden(app, edition) if is_hidden else None
        slug = requested_slug()
        if slug is None:
            return None
        edition = find_request_edition()
        if edition is None:
            turn_to(None)
            abort(404)
        return _refuse_hidden(app, edition)


def find_request_edition() -> Edition | None:
    """Return the edition of this request with its days, or None: one SELECT a page.

    It is read anew in each transaction of the database, so after each write too.
    """
    slug, editions = requested_slug(), _known_editions()
    if slug not in editions or _has_left(editions[slug]):
        find = queries.find_public_edition
        editions[slug] = find() if slug is None else queries.find_edition(slug)
    return editions[slug]


def _known_editions() -> dict[str | None, Edition | None]:
    """Return the editions that this transaction has read, by the slug of the request."""
    return read_in_transaction(current_session(), "request_editions")


def _has_left(edition: Edition | None) -> bool:
    return edition is not None and edition not in current_session()


def get_request_edition() -> Edition:
    """Return the edition of this request. Raises NoResultFound before any edition is open."""
    edition = find_request_edition()
    if edition is None:
        raise NoResultFound
    return edition


def fair_act(
    edition: Edition | None = None, *, now: datetime | None = None, actor: Identity | None = None
) -> FairAct:
    """Return the act of this request in an edition: its own, unless another is given."""
    return FairAct.of(request_act(now=now, actor=actor), edition or get_request_edition())


def scope_reads(app: Flask) -> None:
    """Let each request read the rows of its edition alone, once its access is checked.

    A call of the API says its edition by its token.
    """

    @app.before_request
    def stay_in_edition() -> None:
        if not request.path.startswith("/api/"):
            work_in_edition(edition_id)
        elif (identity := find_identity()) is not None:
            work_in_edition(lambda: identity.edition_id or edition_id())

    @app.teardown_request
    def leave_edition(_: BaseException | None) -> None:
        work_in_edition(None)


def work_in(edition: Edition) -> None:
    """Make this request about an edition; its links carry the prefix unless it is public."""
    turn_to(None if edition.is_current else edition.slug)


def is_closed() -> bool:
    """Return whether this page changes nothing, because its edition is closed."""
    endpoint, edition = request.endpoint, find_request_edition()
    if endpoint is None or edition is None or edition.state != EditionState.CLOSED:
        return False
    is_of_edition = request.blueprint not in OF_EVERY_EDITION and endpoint not in OF_NO_EDITION
    return is_of_edition and closes_with_edition(current_app, endpoint)


def turn_to_edition(edition: Edition) -> None:
    """Make the rest of this request, what it reads and its links, be about an edition."""
    work_in(edition)
    work_in_edition(edition_id)


@across_editions()
def readable_editions(domain: Domain) -> list[Edition]:
    """Return the editions of which the signed-in organiser may read a domain, the latest first."""
    identity = actor()
    return [
        edition
        for edition in queries.editions()
        if identity.has_all_rights
        or identity.rights & {(domain, edition.id), (Domain.READING, edition.id)}
    ]


def address_in(edition: Edition, endpoint: str, **values: object) -> str:
    """Return the address of a page in an edition, whichever that of this request is."""
    prefix = prefix_of(None if edition.is_current else edition.slug)
    return prefix + plain_url_for(endpoint, **values)


def same_page_in(edition: Edition) -> str:
    """Return the address of this page in another edition.

    The page of a row leads to the nearest page above it that names no row, else to the overview.
    """
    path = request.path
    while path and not _is_page_of_no_row(path):
        path = path.rpartition("/")[0]
    prefix = prefix_of(None if edition.is_current else edition.slug)
    return prefix + (path or plain_url_for("dashboard.overview"))


def _is_page_of_no_row(path: str) -> bool:
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return not values and may_open(endpoint)


def _edition_of_station() -> Edition | None:
    """Return the edition of the station that asks, whatever the address says; None for people."""
    identity = find_identity()
    if identity is None or identity.role != Role.STATION:
        return None
    if identity.edition_id is None:
        return queries.find_public_edition()
    return queries.get_edition_by_id(identity.edition_id)


def _edition_of_row(rows: Rows) -> Edition | None:
    """Return the edition of the row that the address names: by a private link, or by a number in
    an address that names no edition."""
    for name, value in (request.view_args or {}).items():
        if requested_slug() is not None and name != "token":
            continue
        columns = rows.get(f"{request.blueprint}.{name}") or rows.get(name)
        if columns:
            return queries.find_edition_of_row(columns, value)
    return None


def _refuse_hidden(app: Flask, edition: Edition) -> ResponseReturnValue | None:
    """Show the public pages of an edition that is not public to the staff alone; of a past one,
    everybody else sees the archive.

    """
    identity = find_identity()
    role = identity.role if identity else None
    is_public_page = allowed_of(app, request.endpoint or "") == "public"
    if edition.is_current or not is_public_page or role in STAFF:
        return None
    turn_to(None)
    if request.blueprint in OF_EVERY_EDITION or request.endpoint in OF_NO_EDITION:
        return None
    if edition.state == EditionState.DRAFT or request.method not in ("GET", "HEAD"):
        abort(404)
    return redirect(url_for("exhibitors.past_edition", slug=edition.slug))
