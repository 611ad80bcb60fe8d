"""Changes of the fair that features follow: recorded in the journal, and undone from there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.rules.days import ChangeNoLongerUndone, check_change_is_the_last
from salon.platform.database.consequences import (
    Change,
    Consequences,
    Facts,
    Follower,
    follow,
    followers_of,
)
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalAction, JournalEntry, entries, write_entry
from salon.platform.database.undo import keep_undo, undo_of
from salon.platform.mail import outbox
from salon.platform.words.errors import RuleBroken


def gates_of(kind: type[Change], edition: Edition) -> list[object]:
    """Return the rows that the followers of a kind of change lock before it."""
    tables = [follower.gate for follower in followers_of(kind) if follower.gate is not None]
    rows = (current_session().get(table, edition.id) for table in tables)
    return [row for row in rows if row is not None]


def carry_out(
    change: Change,
    action: JournalAction,
    subject: str,
    own: Sequence[Follower[Any]] = (),
    facts: Mapping[str, Facts] | None = None,
    undone: JournalEntry | None = None,
    **details: object,
) -> Consequences:
    """Let `own` followers, then every feature, follow a change, and write its journal entry.

    Return what was done. What undoing needs is kept with the entry, here and nowhere else: what the
    followers return, and more `facts`; of an undoing, what stays pending of the `undone` one.
    """
    session = current_session()
    consequences, kept = follow(session, change, own)
    followed = ", ".join(
        f"{consequence.label} : {consequence.count}"
        for consequence in consequences
        if consequence.count
    )
    former = kept | dict(facts or {})
    entry = write_entry(session, change.actor, action, subject, followed=followed, **details)
    if undone is not None:
        left = {name: rows for name, rows in former.items() if rows}
        keep_undo(session, entry, change.edition_id, left, undone=undone)
    elif former and not change.is_undo:
        keep_undo(session, entry, change.edition_id, former, outbox.act_key(session))
    return consequences


def last_undoable(subject: str, *actions: str) -> JournalEntry | None:
    """Return the latest entry of these actions, when it is of a change that can be undone."""
    statement = entries(subject=subject).where(JournalEntry.action.in_(actions)).limit(1)
    entry = current_session().scalar(statement)
    return entry if entry is not None and undo_of(entry) else None


def entry_to_undo(
    entry: JournalEntry | None, entry_id: int, refusal: type[RuleBroken] = ChangeNoLongerUndone
) -> JournalEntry:
    """Return the latest entry, which a page offered to undo. Raises `refusal` for another one."""
    check_change_is_the_last(entry.id if entry else None, entry_id, refusal)
    assert entry is not None
    return entry


@contextmanager
def messages_called_off(
    session: Session, entry: JournalEntry, days_moved: bool = False
) -> Iterator[None]:
    """Call off the messages of a change that have not left, and those that would undo them.

    Who received one receives the other. `days_moved`: what comes back does so on another day than
    the one people know, so that the messages that say it leave.
    """
    latest_id = session.scalar(select(func.max(outbox.Message.id))) or 0
    record = undo_of(entry)
    act = record.act if record is not None else ""
    called_off = outbox.call_off(session, outbox.Message.act == act) if act else []
    yield
    if days_moved:
        return
    session.flush()
    unread = {(message.recipient, message.about) for message in called_off}
    newer = select(outbox.Message).where(outbox.Message.id > latest_id)
    for message in session.scalars(newer).all():
        if (message.recipient, message.about) in unread:
            message.status = outbox.MessageStatus.CALLED_OFF
    rehearsed = session.info.get("rehearsed_messages", [])
    rehearsed[:] = [
        message for message in rehearsed if (message.recipient, message.about) not in unread
    ]
