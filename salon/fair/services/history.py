"""What the journal tells of the changes of an edition: how its days moved, what waits to come back.

Undo data are as the edition was before their act. Later changes of its days move them; what an
undoing could not give back is added to what the next ones undo.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from typing import Any

from salon.fair.actions import FairAction
from salon.fair.engine.day_moves import follow_day
from salon.fair.models import Edition
from salon.platform.database import moments
from salon.platform.database.consequences import Facts
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry, entries
from salon.platform.database.undo import UndoRecord, facts_to_undo, left_by_undoings

DAYS_CHANGED, DAYS_RESTORED = FairAction.EDITION_DAYS_CHANGED, FairAction.EDITION_DAYS_RESTORED
Days = Sequence[date]


@dataclass(frozen=True)
class Former:
    """Undo data on the present days, by follower; `days_moved`: the days are not those of then."""

    facts: Mapping[str, Facts]
    days_moved: bool


def former_of(
    edition: Edition, entry: JournalEntry, undone_days: tuple[Days, Days] | None = None
) -> Former:
    """Return what an undoing of the entry gives back, with what earlier ones left pending.

    `undone_days`: days before and after this very undoing, when it is of a change of days.
    """
    changes = _days_changes(edition, entry.id)
    if undone_days is not None:
        changes.append((0, DAYS_RESTORED, *undone_days))
    facts: dict[str, list[object]] = {}
    for first_id, kept in _undo_data(edition, entry):
        later = _net(change for change in changes if not 0 < change[0] < first_id)
        for name, rows in moments.read(kept, partial(follow_day, later)).items():
            facts.setdefault(name, []).extend(rows)
    net_changes = _net(change for change in changes if change[0] != entry.id)
    days_moved = undone_days is None and any(before != after for before, after in net_changes)
    return Former(facts, days_moved)


def _undo_data(edition: Edition, entry: JournalEntry) -> list[tuple[int, Mapping[str, Facts]]]:
    """Return undo data, each with the id of the first change of days that comes after them."""
    waiting: list[UndoRecord] = []
    for left in left_by_undoings(edition.id, entry):
        # This undoing tried what those after the entry that it undid had left.
        waiting = [earlier for earlier in waiting if earlier.entry_id < (left.undone_id or 0)]
        waiting.append(left)
    return [
        (entry.id, facts_to_undo(entry)),
        *((left.entry_id + 1, left.facts) for left in waiting),
    ]


def _days_changes(edition: Edition, first_id: int) -> list[tuple[int, str, Days, Days]]:
    """Return the changes of days from an entry on: its id, action, days before and after."""
    statement = entries(subject=f"edition:{edition.id}").where(
        JournalEntry.id >= first_id, JournalEntry.action.in_((DAYS_CHANGED, DAYS_RESTORED))
    )
    rows = current_session().scalars(statement.order_by(None).order_by(JournalEntry.id)).all()
    return [
        (row.id, row.action, _days_of(row.details["before"]), _days_of(row.details["after"]))
        for row in rows
    ]


def _net(changes: Iterable[tuple[int, str, Days, Days]]) -> list[tuple[Days, Days]]:
    """Leave out the changes of days that were undone: each is undone before the next is made."""
    net_changes: list[tuple[int, str, Days, Days]] = []
    for change in changes:
        if change[1] == DAYS_RESTORED and net_changes and net_changes[-1][1] == DAYS_CHANGED:
            net_changes.pop()
        else:
            net_changes.append(change)
    return [(before, after) for _, _, before, after in net_changes]


def _days_of(line: str) -> Days:
    return [day for day, *_ in undated(line)]


def dated(days: Iterable[Any]) -> str:
    """Return days and hours on one line, as the journal keeps them."""
    return "; ".join(f"{day.day_on} {day.opens:%H:%M}-{day.closes:%H:%M}" for day in days)


def undated(line: str) -> list[tuple[date, time, time]]:
    """Return the days and hours of a line of the journal."""
    days = []
    for text in filter(None, line.split("; ")):
        day, _, hours = text.partition(" ")
        opens, _, closes = hours.partition("-")
        days.append(
            (date.fromisoformat(day), time.fromisoformat(opens), time.fromisoformat(closes))
        )
    return days
