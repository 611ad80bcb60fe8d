"""Change the days of opening: what each feature does with it is said before, then done.

`days_of` gives the values of the page, whose stamp is the version that it read.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.fair import rules
from salon.fair.actions import FairAction
from salon.fair.engine.day_moves import moves_between
from salon.fair.models import Edition, EditionDay, Zone
from salon.fair.rules.days import check_change_is_the_last
from salon.fair.rules.standing import check_is_not_cancelled
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import (
    carry_out,
    entry_to_undo,
    gates_of,
    last_undoable,
    messages_called_off,
)
from salon.fair.services.history import DAYS_CHANGED, DAYS_RESTORED, dated, former_of, undated
from salon.fair.services.talk_days import follow_talks, restore_talks
from salon.fair.services.zone_days import follow_days, restore_hours
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    DaysChange,
    Facts,
    Fate,
    Follower,
    GivenUp,
    Standing,
)
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.settings.clock import paris
from salon.platform.words import formats

POSTPONED = FairAction.EDITION_POSTPONED
CANCELLED = FairAction.EDITION_CANCELLED
REINSTATED = FairAction.EDITION_REINSTATED
DATED = (DAYS_CHANGED, DAYS_RESTORED, POSTPONED, CANCELLED, REINSTATED)
"""Journal actions that change when, or whether, the fair takes place."""
REGISTRATION = ("registration_opens_at", "registration_closes_at")
REGISTRATION_LABELS = ("Ouverture des inscriptions", "Fermeture des inscriptions")


@dataclass(frozen=True)
class DayHours:
    """A day of opening, in wall-clock times."""

    day_on: date
    opens: time
    closes: time


def days_of(edition: Edition) -> Values:
    return {
        "days": [asdict(DayHours(day.day_on, day.opens, day.closes)) for day in edition.days],
    }


def change_days(act: FairAct, changes: Values, stamp: str) -> Consequences:
    """Replace the days of opening; all that is dated follows. Return what was done.

    A postponed fair takes place on these days.

    `changes`: {"days": DayHours in any order, "words": of the organiser, for the messages,
    "given_up", "repeats_needs": as a DaysChange has them}. Raises StaleVersion, NoDay, DayTwice,
    DayClosesBeforeOpening, ProgrammeOutsideOpeningHours, FairIsCancelled.
    """
    days = sorted(changes["days"], key=lambda day: day.day_on)
    rules.check_days(days)
    with act.transaction(*gates_of(DaysChange, act.edition), act.edition) as session:
        check_version(stamp, stamp_of(days_of(act.edition)))
        check_is_not_cancelled(act.edition)
        return _replace(act, session, days, changes)


def last_change(edition: Edition) -> JournalEntry | None:
    """Return the entry of the last change of days, which can be undone unless one followed it."""
    entry = last_undoable(f"edition:{edition.id}", *DATED)
    return entry if entry is not None and entry.action == DAYS_CHANGED else None


def former_days(entry: JournalEntry | None) -> list[str]:
    """Return the days before a change, in words."""
    days = undated(entry.details["before"]) if entry else []
    return [f"{formats.day(day)}, {_hours_label(day, *hours)}" for day, *hours in days]


def undo_days_change(act: FairAct, entry_id: int) -> Consequences:
    """Give back the days that the last change replaced, and what followed it its former hours.

    Messages that have not left are called off; who received one receives another. Raises
    ChangeNoLongerUndone.
    """
    with act.transaction(*gates_of(DaysChange, act.edition), act.edition) as session:
        entry = entry_to_undo(last_change(act.edition), entry_id)
        check_change_is_the_last(entry.details["after"], dated(act.edition.days))
        days = [DayHours(*hours) for hours in undated(entry.details["before"])]
        with messages_called_off(session, entry):
            return _replace(act, session, days, undone=entry)


def _replace(
    act: FairAct,
    session: Session,
    days: Sequence[DayHours],
    changes: Values | None = None,
    undone: JournalEntry | None = None,
) -> Consequences:
    """Put the days in place of the former ones; `undone`: the change that gives them back."""
    asked = changes or {}
    before, hours_before = dated(act.edition.days), _hours(act.edition)
    label = f"{act.edition.day_label}, {act.edition.hours_label}" if act.edition.days else ""
    standing = act.edition.standing
    act.edition.standing = Standing(undone.details["standing"]) if undone else Standing.AS_PLANNED
    days_before, days_after = [day.day_on for day in act.edition.days], [day.day_on for day in days]
    moves = moves_between(days_before, days_after)
    session.execute(delete(EditionDay).where(EditionDay.edition_id == act.edition.id))
    session.expire(act.edition, ["days"])
    session.add_all(EditionDay(edition_id=act.edition.id, **asdict(day)) for day in days)
    session.flush()
    session.expire(act.edition, ["days"])
    change = DaysChange(
        edition_id=act.edition.id,
        moves=moves,
        before=hours_before,
        after=_hours(act.edition),
        actor=act.actor,
        at=act.now,
        words=asked.get("words", ""),
        given_up=GivenUp(asked["given_up"]) if asked.get("given_up") else None,
        repeats_needs=bool(asked.get("repeats_needs")),
        former_label=label,
        settles_date=act.edition.standing != standing,
        is_undo=undone is not None,
        former=former_of(act.edition, undone, (days_before, days_after)).facts if undone else {},
    )
    action, subject = DAYS_RESTORED if undone else DAYS_CHANGED, f"edition:{act.edition.id}"
    details: dict[str, Any] = {"before": before, "after": dated(days), "standing": standing.value}
    if not change.before:
        write_entry(session, act.actor, action, subject, followed="", **details)
        return []
    own = [FairFollower(act.edition)]
    return carry_out(change, action, subject, own, undone=undone, **details)


class FairFollower(Follower[DaysChange]):
    """The programme, the hours of the zones and the dates of registration."""

    name = "fair"

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        """Raises ProgrammeOutsideOpeningHours."""
        consequences = follow_talks(session, self.edition, change)
        if change.is_undo:
            former = change.former.get(self.name, ())
            self._restore(session, former)
            return [*consequences, *restore_talks(session, former)]
        return [
            *consequences,
            *follow_days(session, self.edition, change),
            self._follow_registration(change),
        ]

    def _follow_registration(self, change: DaysChange) -> Consequence:
        """Move the dates to come; a date that would be past stays, and one that is the closing of
        the last day stays so.

        The end of registration moves even when past, once a postponed fair has a date.
        """
        names, former = [], {}
        for name, label in zip(REGISTRATION, REGISTRATION_LABELS, strict=True):
            at = getattr(self.edition, name)
            later = change.later(at)
            if at == change.before[-1][1]:
                later = change.after[-1][1]
            reopens = change.settles_date and name == "registration_closes_at"
            if at != later and (later if reopens else min(at, later)) > change.at:
                setattr(self.edition, name, later)
                names.append(label)
                former[name] = at
        rows = [["editions", self.edition.id, former]] if former else []
        return Consequence(Fate.MOVED, "Dates d’inscription", names, rows)

    def _restore(self, session: Session, former: Facts) -> None:
        for table, row_id, values in former:
            if table == Zone.__tablename__:
                restore_hours(self.edition, session.get(Zone, row_id), values)
            if table != Edition.__tablename__:
                continue
            for name, at in values.items():
                setattr(self.edition, name, at)


def _hours_label(day: date, opens: time, closes: time) -> str:
    return f"{formats.hour(paris(day, opens))} – {formats.hour(paris(day, closes))}"


def _hours(edition: Edition) -> list[tuple[datetime, datetime]]:
    return [(day.opens_at, day.closes_at) for day in edition.days]
