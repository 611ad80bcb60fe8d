"""Postpone or cancel the fair, and go back: what each feature does is said before, then done.

`standing_of` gives the values of the page, whose stamp is the version that it read.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import programme_of
from salon.fair.rules.standing import StandingAct, check_standing_act, reinstated_standing
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import carry_out, gates_of, last_undoable, messages_called_off
from salon.fair.services.days import CANCELLED, POSTPONED, REINSTATED, days_of
from salon.fair.services.history import former_of
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Facts,
    Follower,
    Standing,
    StandingChange,
)
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import check_version, stamp_of
from salon.platform.settings.clock import now

ENTRIES = {Standing.POSTPONED: POSTPONED, Standing.CANCELLED: CANCELLED}
TARGETS = {
    StandingAct.POSTPONE: Standing.POSTPONED,
    StandingAct.CANCEL: Standing.CANCELLED,
}


def standing_of(edition: Edition) -> dict[str, object]:
    return {"standing": edition.standing.value, **days_of(edition)}


def change_standing(
    act: FairAct, decision: StandingAct, stamp: str, words: str = ""
) -> Consequences:
    """Postpone, cancel or go back to what was before. Return what was done.

    Going back calls off the messages that have not left; who received one receives another.
    `words`: of the organiser, for the messages. Raises StaleVersion, StandingActRefused.
    """
    with act.transaction(*gates_of(StandingChange, act.edition), act.edition) as session:
        check_version(stamp, stamp_of(standing_of(act.edition)))
        check_standing_act(act.edition, decision, act.now)
        if decision != StandingAct.REINSTATE:
            return _apply(act, session, TARGETS[decision], words)
        entry, standing = last_change(act.edition), former_standing(act.edition)
        with messages_called_off(session, entry) if entry else nullcontext():
            former = former_of(act.edition, entry).facts if entry else {}
            return _apply(act, session, standing, words, former, entry)


def last_change(edition: Edition) -> JournalEntry | None:
    """Return the entry of the change that made the present standing; None for the planned one."""
    action = ENTRIES.get(edition.standing)
    return last_undoable(f"edition:{edition.id}", action) if action else None


def former_standing(edition: Edition) -> Standing:
    """Return the standing that going back gives."""
    entry = last_change(edition)
    former = Standing(entry.details["before"]) if entry else Standing.AS_PLANNED
    return reinstated_standing(edition, former, now())


def _apply(
    act: FairAct,
    session: Session,
    standing: Standing,
    words: str,
    former: Mapping[str, Facts] | None = None,
    undone: JournalEntry | None = None,
) -> Consequences:
    before, act.edition.standing = act.edition.standing, standing
    session.flush()
    change = StandingChange(
        edition_id=act.edition.id,
        before=before,
        after=standing,
        actor=act.actor,
        at=act.now,
        words=words,
        is_undo=former is not None,
        former=former or {},
    )
    action = ENTRIES[standing] if former is None else REINSTATED
    details: dict[str, Any] = {"before": before.value, "after": standing.value}
    own = [ProgrammeFollower(act.edition)]
    subject = f"edition:{act.edition.id}"
    return carry_out(change, action, subject, own, undone=undone, **details)


class ProgrammeFollower(Follower[StandingChange]):
    """The programme keeps its hours, whatever becomes of the fair."""

    name = "fair"

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        titles = [item.title for item in programme_of(self.edition)]
        return [Consequence(change.fate, "Programme", titles)]
