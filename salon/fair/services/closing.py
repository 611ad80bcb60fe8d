"""A closed edition is read-only: the session refuses any change of its rows, in this one place.

Rows belong to an edition by their foreign keys. Erasure and retention go on in a closed edition;
what only records that something was read, printed, given to the public, or who may read it, changes
nothing of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from salon.fair.models import Edition, EditionState
from salon.fair.rules.lifecycle import EditionIsClosed
from salon.platform.database.db import current_session, read_in_transaction
from salon.platform.database.foreign_keys import owner_key, path_to

EDITIONS: Table = Edition.metadata.tables["editions"]
CLOSED_IDS = select(EDITIONS.c.id).where(EDITIONS.c.state == EditionState.CLOSED)
TRACES = frozenset(
    {
        *("data_releases", "data_files"),
        *("lead_readings", "printings", "print_runs", "kept_figures"),
        "read_tokens",
        *("paper_packs", "paper_pages", "plan_proposals", "rota_runs"),
    }
)


@contextmanager
def retention() -> Iterator[None]:
    """Let the law change rows of closed editions: erasure, purge, consents withdrawn."""
    info = current_session().info
    info["is_retention"] = True
    try:
        yield
    finally:
        info["is_retention"] = False


@event.listens_for(Session, "after_flush")
def refuse_changes_of_closed_editions(session: Session, context: UOWTransaction) -> None:
    """Raise EditionIsClosed when a row of a closed edition was added, changed or deleted."""
    if session.info.get("is_retention"):
        return
    changed_rows = [row for row in session.dirty if session.is_modified(row)]
    if any(isinstance(row, Edition) and _stays_closed(row) for row in changed_rows):
        raise EditionIsClosed
    reads = read_in_transaction(session, "closed_editions")
    if any(isinstance(row, Edition) for row in (*session.new, *changed_rows)):
        reads.clear()
    rows = [row for row in (*session.new, *session.deleted, *changed_rows) if _counts(row)]
    if not rows:
        return
    connection = session.connection()
    if "ids" not in reads:
        reads["ids"] = set(connection.scalars(CLOSED_IDS))
    ids = reads["ids"]
    if ids and any(_edition_id_of(connection, row) in ids for row in rows):
        raise EditionIsClosed


def _stays_closed(edition: Edition) -> bool:
    return edition.state == EditionState.CLOSED and not inspect(edition).attrs.state.history.added


def _counts(row: Any) -> bool:
    table: Table = inspect(row).mapper.local_table
    return (
        table is not EDITIONS and table.name not in TRACES and path_to(table, EDITIONS) is not None
    )


def _edition_id_of(connection: Any, row: Any) -> int | None:
    mapper = inspect(row).mapper
    path = path_to(mapper.local_table, EDITIONS)
    assert path
    first = path[0]
    value = getattr(row, mapper.get_property_by_column(first.parent).key)
    if len(path) == 1:
        return int(value)
    parents = owner_key(first.column.table, EDITIONS).where(first.column == value)
    edition_id: int | None = connection.scalar(parents)
    return edition_id
