"""Public pages that are the same for all: rendered once, until what they show may differ.

A process stores such a page under the revision of the public tables and the minute of the fair.
The revision is a mark that each transaction which writes one of these tables replaces at its
commit; every process, on every machine, reads it before it answers. Words that depend on the hour
turn with the minute. Whoever is signed in, or whose session says more than its forms need, gets a
page of their own. The token and the key of a form are filled in at each answer. Flask-Caching
forgets a page by its age, or when told to: neither follows the commit that changed it.
"""

import gzip
import hashlib
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, Engine, UpdateBase, event

from salon.platform.database.db import (
    Model,
    current_session,
    db,
    is_writing,
    read_in_transaction,
    upsert,
)
from salon.platform.database.demonstration_state import shows_demonstration
from salon.platform.database.marks import Mark
from salon.platform.pages.forms import new_submission_key
from salon.platform.settings.clock import now, real_now
from salon.platform.settings.edition import forget_time_zones
from salon.platform.settings.prefixes import requested_slug
from salon.platform.web.access import find_identity
from salon.platform.words.typography import unbreakable_page

REVISION = "public_pages"
READ = "revisions"
"""Name of the revisions among the reads of a transaction."""
WRITTEN = "written_revisions"
"""Key of a connection: the revisions of the tables that its transaction wrote."""
MOST_PAGES = 100
"""Pages that a process stores at a time: about 3 MB."""
OF_FORMS = {"csrf_token"}
"""Keys of the session of a visitor who has seen a form."""
UNSEEN = "salon_unseen"
"""Execution option of a write whose columns no stored page reads: it replaces no revision."""
TOKEN, KEY = "\0token\0", "\0key\0"
"""Placeholders of the token and the key of a form in a stored page."""
NOTICE = "\0notice\0"
"""Placeholder, in a stored page, of the notice of one answer."""

MARKS = f"SELECT name, value FROM {Mark.__tablename__}"
"""Each page asks it: a dozen rows, read by the driver alone."""
Pages = dict[Hashable, tuple[Hashable, "PublicPage"]]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page as it is answered, or with a form to fill in: then `digest` is empty."""

    content: bytes
    compressed: bytes = b""
    digest: str = ""

    @staticmethod
    def of(text: str) -> "PublicPage":
        filled = text
        for name, place in (("csrf_token", TOKEN), ("submission_key", KEY)):
            if value := g.get(name):
                filled = filled.replace(value, place)
        content = filled.encode()
        if filled != text or NOTICE in text:
            return PublicPage(content)
        compressed = gzip.compress(content, mtime=0)
        return PublicPage(content, compressed, hashlib.sha256(content).hexdigest()[:20])

    def answer(self, notice: str = "") -> Response:
        if not self.digest:
            content = self.content.replace(TOKEN.encode(), generate_csrf().encode())
            content = content.replace(NOTICE.encode(), unbreakable_page(notice).encode())
            return _answer(content.replace(KEY.encode(), new_submission_key().encode()))
        is_compressed = request.accept_encodings.quality("gzip") > 0
        response = _answer(self.compressed if is_compressed else self.content)
        response.vary.add("Accept-Encoding")
        response.cache_control.no_cache = True
        response.set_etag(f"{self.digest}-gzip" if is_compressed else self.digest)
        if is_compressed:
            response.content_encoding = "gzip"
        response.make_conditional(request)
        return response


def _answer(content: bytes) -> Response:
    """Return an answer that no filter of pages goes over again."""
    response = Response(content, mimetype="text/html", direct_passthrough=True)
    response.content_length = len(content)
    return response


def register_public_pages(
    app: Flask, hidden_tables: frozenset[str], revisions: Mapping[str, frozenset[str]]
) -> None:
    """`hidden_tables`: those that change no revision of the public tables when they are written.

    `revisions`: name → the hidden tables that have a revision of their own.
    """
    app.extensions["salon_public_pages"] = (None, {})
    app.extensions["salon_revisions"] = dict.fromkeys((REVISION, *revisions))
    of_tables = {
        table.name: [
            *([] if table.name in hidden_tables else [REVISION]),
            *(name for name, tables in revisions.items() if table.name in tables),
        ]
        for table in Model.metadata.tables.values()
    }
    with app.app_context():
        _watch(db.engine, of_tables)


def _watch(engine: Engine, revisions_of: Mapping[str, Sequence[str]]) -> None:
    """Replace the revisions at the end of each transaction that wrote one of their tables."""

    @event.listens_for(engine, "before_execute")
    def note_write(connection: Connection, statement: Any, *_: object) -> None:
        if isinstance(statement, UpdateBase) and not statement.get_execution_options().get(UNSEEN):
            table: Any = statement.table
            # A restored backup writes tables without metadata, the revisions among them.
            is_ours = getattr(table, "metadata", None) is Model.metadata
            if is_ours and (names := revisions_of[table.name]):
                connection.info.setdefault(WRITTEN, set()).update(names)

    @event.listens_for(engine, "rollback")
    def forget_write(connection: Connection) -> None:
        if not connection.invalidated:  # what it knew went with the server's end of it
            connection.info.pop(WRITTEN, None)

    # The last statements: the rows are locked for no longer than the commit lasts.
    @event.listens_for(engine, "commit")
    def replace_revisions(connection: Connection) -> None:
        for name in sorted(connection.info.pop(WRITTEN, ())):
            revision_values = {"value": secrets.token_hex(8), "written_at": real_now()}
            row = upsert(Mark).values(name=name, **revision_values)
            connection.execute(
                row.on_conflict_do_update(index_elements=["name"], set_=revision_values)
            )


def read_revisions() -> Mapping[str, str | None]:
    """Return, by name, words that differ after each commit that wrote a table of the revision.

    A transaction that only reads asks once, until `forget_revisions`; a write asks each time.
    """
    session = current_session()
    reads = read_in_transaction(session, READ)
    if REVISION not in reads or is_writing(session):
        names: Mapping[str, None] = current_app.extensions["salon_revisions"]
        values: dict[str, str] = dict(map(tuple, session.connection().exec_driver_sql(MARKS)))
        reads.update({name: values.get(name) for name in names})
    return reads


def forget_revisions() -> None:
    """Have the revisions read anew by this transaction: others may have written meanwhile."""
    read_in_transaction(current_session(), READ).clear()


def same_for_all(
    *, varies: Callable[..., Hashable] = lambda **values: None
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Store the page of a view that reads the public tables alone.

    `varies` gets the view's arguments, and returns what else the page depends on, such as a count
    of people.
    """

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def answer(**values: Any) -> ResponseReturnValue:
            if request.method not in ("GET", "HEAD"):
                return view(**values)
            return page_for_all(request.path, lambda: varies(**values), lambda: view(**values))

        return answer

    return decorate


def page_for_all(
    key: Hashable,
    varies: Callable[[], Hashable],
    view: Callable[[], ResponseReturnValue],
    notice: Callable[[Any], str] = lambda state: "",
) -> ResponseReturnValue:
    """Return the page that `view` answers, stored under `key` while `varies` returns the same.

    `notice` gets what `varies` returned, and returns the HTML in the place of NOTICE.
    """
    if not _is_for_all():
        return _with_notice(view(), lambda: notice(varies()))
    pages = _pages()
    state = varies()
    stored_state, page = pages.get(key, (None, None))
    if page is None or stored_state != state:
        text = view()
        if not isinstance(text, str) or not session.keys() <= OF_FORMS:
            return _with_notice(text, lambda: notice(state))
        page = PublicPage.of(unbreakable_page(text))
        has_room = key in pages or len(pages) < MOST_PAGES
        forget_revisions()
        if has_room and state == varies():
            pages[key] = state, page
    return page.answer(notice(state))


def _with_notice(answer: ResponseReturnValue, notice: Callable[[], str]) -> ResponseReturnValue:
    if not isinstance(answer, str) or NOTICE not in answer:
        return answer
    return answer.replace(NOTICE, notice())


def _is_for_all() -> bool:
    """Return whether this request gets the page that all get."""
    return (
        not request.query_string
        and requested_slug() is None
        and find_identity() is None
        and session.keys() <= OF_FORMS
        and not shows_demonstration()
    )


def _pages() -> Pages:
    """Return the pages stored for the present revision and minute."""
    state = read_revisions()[REVISION], now().replace(second=0, microsecond=0)
    stored_pages: tuple[tuple[str | None, datetime] | None, Pages]
    stored_pages = current_app.extensions["salon_public_pages"]
    if stored_pages[0] != state:
        forget_time_zones()
        stored_pages = current_app.extensions["salon_public_pages"] = state, {}
    return stored_pages[1]
