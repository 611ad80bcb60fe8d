"""Journal of acts: rows that are added and never changed (OWASP ASVS 16.2).

Entries are written in the transaction of the act, so that the act and its trace stand together.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import Model, UtcDateTime, transaction
from salon.platform.database.identity import Identity
from salon.platform.settings.clock import real_now
from salon.platform.settings.logs import request_id
from salon.platform.words.labels import LabelledEnum


class JournalAction(LabelledEnum):
    """What the journal notes: its name in the table, its French label.

    Each feature has its own, in its room `actions`.
    """


class JournalEntry(Model):
    """`actor` did `action` on `subject` (such as `attendee:12`), at a real time."""

    __tablename__ = "journal_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(index=True)
    actor_name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(default="")
    """Identifier of the request that wrote it, which the log bears; empty elsewhere."""


def journal_actions() -> Iterator[JournalAction]:
    """Yield the actions of every feature."""
    for actions in JournalAction.__subclasses__():
        yield from actions


def action_named(name: str) -> JournalAction:
    """Return the action of a name such as « badge.printed ». Raises KeyError."""
    return {action.value: action for action in journal_actions()}[name]


def action_label(name: str) -> str:
    """Return the French label of an action as an entry names it; the name of one that is gone."""
    return next((action.label for action in journal_actions() if action == name), name)


def write_entry(
    session: Session, actor: Identity, action: JournalAction, subject: str = "", **details: object
) -> JournalEntry:
    """Add an entry inside the caller's transaction; return it."""
    entry = JournalEntry(
        at=real_now(),
        actor=actor.key,
        actor_name=actor.display_name,
        address=actor.address,
        action=action.value,
        subject=subject,
        details=details,
        request_id=request_id.get(),
    )
    session.add(entry)
    return entry


def note(actor: Identity, action: JournalAction, subject: str = "", **details: object) -> None:
    """Add an entry on its own: a reading, an export, a refused sign-in."""
    with transaction() as session:
        write_entry(session, actor, action, subject, **details)


def entries(action: str = "", subject: str = "") -> Select[JournalEntry]:
    """Return the entries, newest first, of one action or subject where given."""
    statement = select(JournalEntry).order_by(JournalEntry.id.desc())
    if action:
        statement = statement.where(JournalEntry.action == action)
    if subject:
        statement = statement.where(JournalEntry.subject == subject)
    return statement
