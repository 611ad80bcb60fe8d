"""What undoing an act needs, beside its journal entry: the journal is read by people alone.

Facts are as the edition was before the act, and name a moment as (day of the edition, wall-clock
time): see `moments.py`. What an undoing could not give back is a record of its own, which the next
undoings take up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from salon.platform.database import moments
from salon.platform.database.db import Model, at_least, current_session
from salon.platform.database.journal import JournalEntry

VERSION = 1
"""Version of the facts that are written now; those of 1.0.0 are 0: instants with their offset."""


class UndoRecord(Model):
    """Undo data of a journal entry, deleted with it.

    `act`: under which its messages are held, "" without. `facts`: by the name of who undoes them.
    `undone_id`: of an undoing that left something, the entry that it undid.
    """

    __tablename__ = "undo_records"
    __table_args__ = (
        *at_least(0, "version"),
        CheckConstraint("undone_id < entry_id", name="undone_before"),
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("journal_entries.id", ondelete="CASCADE"), primary_key=True
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    version: Mapped[int] = mapped_column(default=VERSION)
    act: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_id: Mapped[int | None] = mapped_column(
        ForeignKey("journal_entries.id", ondelete="CASCADE"), index=True
    )

    entry: Mapped[JournalEntry] = relationship(foreign_keys=[entry_id])


def keep_undo(
    session: Session,
    entry: JournalEntry,
    edition_id: int,
    facts: Mapping[str, object],
    act: str = "",
    undone: JournalEntry | None = None,
) -> None:
    """Keep what undoing an entry needs, or what an undoing of `undone` left, in its transaction."""
    undone_id = undone.id if undone is not None else None
    written = moments.written(dict(facts))
    record = UndoRecord(entry=entry, edition_id=edition_id, act=act, facts=written)
    record.undone_id = undone_id
    session.add(record)


def undo_of(entry: JournalEntry) -> UndoRecord | None:
    """Return the undo data of an entry; None when it cannot be undone."""
    record = current_session().get(UndoRecord, entry.id)
    return record if record is not None and record.undone_id is None else None


def facts_to_undo(entry: JournalEntry) -> dict[str, Any]:
    """Return the facts of an entry that can be undone, as they were written."""
    record = undo_of(entry)
    assert record is not None
    return record.facts


def left_by_undoings(edition_id: int, after: JournalEntry) -> Sequence[UndoRecord]:
    """Return what the undoings of an edition since an entry could not give back, in their order."""
    statement = select(UndoRecord).where(
        UndoRecord.edition_id == edition_id,
        UndoRecord.entry_id > after.id,
        UndoRecord.undone_id.is_not(None),
    )
    return current_session().scalars(statement.order_by(UndoRecord.entry_id)).all()
