"""Maintenance of the list of badges that stations use without network."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, or_, select

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries import short_code
from salon.badges.queries.holders import HOLDER, SUCCESSOR, with_holder
from salon.entrance.engine.offline_list import digest_of, seal
from salon.entrance.models import ListEntry
from salon.entrance.queries.names import label_of
from salon.fair.queries import live_editions
from salon.platform.database.db import current_session, transaction
from salon.platform.database.edition_walls import retention

AT_ONCE, WRITTEN_AT_ONCE = 2_000, 200
"""Entries that are read and sealed, and those that one transaction writes."""
KEPT = timedelta(days=1)
REVOKED: ColumnElement[bool] = or_(
    Badge.revoked_at.is_not(None), Attendee.status != AttendeeStatus.REGISTERED
)


def update_list(now: datetime) -> int:
    """Bring the lists of the fairs to come up to date; return how many entries changed.

    The lists of other editions, closed ones too, are deleted once another fair is to come; until
    then a fair that is given another date goes on with its serials. One worker runs it, so that
    these are seen in order.
    """
    current_session().rollback()
    ids = [
        edition.id for edition in live_editions() if edition.days and now <= edition.ends_at + KEPT
    ]
    updated_count = 0
    for edition_id in ids:
        while chunk_count := _update_chunk(edition_id):
            updated_count += chunk_count
    if ids and _has_others(ids):
        with transaction() as session, retention(session):
            session.execute(delete(ListEntry).where(ListEntry.edition_id.not_in(ids)))
    return updated_count


def _update_chunk(edition_id: int) -> int:
    """Seal labels, then write their entries: scans wait for SQLite's lock while these are written.

    A badge that changes in between is outdated again, and comes with the next ones.
    """
    rows = current_session().execute(_stale(edition_id).limit(AT_ONCE)).all()
    entries = [_entry(row) for row in rows]
    for start in range(0, len(entries), WRITTEN_AT_ONCE):
        _write_entries(edition_id, entries[start : start + WRITTEN_AT_ONCE])
    return len(rows)


def _write_entries(edition_id: int, entries: Sequence[dict[str, object]]) -> None:
    with transaction() as session:
        newest = select(func.max(ListEntry.serial)).where(ListEntry.edition_id == edition_id)
        serial = (session.scalar(newest) or 0) + 1
        ids = [entry["badge_id"] for entry in entries]
        session.execute(delete(ListEntry).where(ListEntry.badge_id.in_(ids)))
        session.execute(insert(ListEntry), [{**entry, "serial": serial} for entry in entries])


def _has_others(edition_ids: Sequence[int]) -> bool:
    statement = select(ListEntry.badge_id).where(ListEntry.edition_id.not_in(edition_ids)).limit(1)
    return current_session().scalar(statement) is not None


def _stale(edition_id: int) -> Select[*tuple[object, ...]]:
    """Return the badges whose entry is missing or outdated."""
    is_revoked = REVOKED.label("is_revoked")
    badges = select(
        Badge.id,
        Badge.edition_id,
        Badge.code,
        Badge.code_hash,
        is_revoked,
        Attendee.version,
        SUCCESSOR,
        *HOLDER,
    )
    return (
        with_holder(badges)
        .outerjoin(ListEntry, ListEntry.badge_id == Badge.id)
        .where(
            Badge.edition_id == edition_id,
            or_(
                ListEntry.badge_id.is_(None),
                and_(REVOKED, ~ListEntry.is_revoked),
                and_(~REVOKED, ListEntry.is_revoked),
                and_(~REVOKED, ListEntry.attendee_version != Attendee.version),
                and_(REVOKED, ListEntry.successor != SUCCESSOR),
            ),
        )
        .order_by(Badge.id)
    )


def _entry(row: Row[*tuple[object, ...]]) -> dict[str, object]:
    """Return the columns of a badge's entry, but its serial."""
    return {
        "badge_id": row.id,
        "edition_id": row.edition_id,
        "is_revoked": bool(row.is_revoked),
        "attendee_version": row.version,
        "digest": digest_of(row.code_hash),
        "box": _box(row),
        "successor": row.successor,
    }


def _box(row: Row[*tuple[object, ...]]) -> bytes:
    """Return the sealed label of a valid badge, or of one that another replaces; else nothing."""
    if not row.is_revoked:
        return seal(row.code, label_of(row))
    if not row.successor:
        return b""
    name_alone = replace(label_of(row), function="", on_behalf_of="", needs=())
    return seal(row.code, name_alone, short_code(row.successor))
