"""Change where the fair takes place: who is told is said before, and it is undone in one act.

`place_of` gives the values of the page, whose stamp is the version that it read.
"""

from typing import Any

from sqlalchemy.orm import Session

from salon.fair.actions import FairAction
from salon.fair.models import Edition
from salon.fair.rules.days import PlaceNoLongerUndone, check_change_is_the_last
from salon.fair.rules.texts import WAYS_IN
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import (
    carry_out,
    entry_to_undo,
    gates_of,
    last_undoable,
    messages_called_off,
)
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    PlaceChange,
)
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.versions import Values, check_version, stamp_of

CHANGED, RESTORED = FairAction.EDITION_PLACE_CHANGED, FairAction.EDITION_PLACE_RESTORED
NAMES = ("place", "address", "city", "latitude", "longitude")


def place_of(edition: Edition) -> dict[str, object]:
    return {name: getattr(edition, name) for name in NAMES}


def change_place(act: FairAct, changes: Values, stamp: str) -> Consequences:
    """Change the place, its address and its point on the map. Return what was done.

    People are told of another place or address; `changes["words"]`: of the organiser, for the
    messages. Raises StaleVersion.
    """
    with act.transaction(*gates_of(PlaceChange, act.edition), act.edition) as session:
        check_version(stamp, stamp_of(place_of(act.edition)))
        return _replace(act, session, changes, changes.get("words", ""))


def last_change(edition: Edition) -> JournalEntry | None:
    """Return the entry of the last change of place, which can be undone."""
    return last_undoable(f"edition:{edition.id}", CHANGED, RESTORED)


def undo_place_change(act: FairAct, entry_id: int) -> Consequences:
    """Give the fair its former place back. Raises PlaceNoLongerUndone.

    Messages that have not left are called off; who received one receives another.
    """
    with act.transaction(*gates_of(PlaceChange, act.edition), act.edition) as session:
        entry = entry_to_undo(last_change(act.edition), entry_id, PlaceNoLongerUndone)
        after, before = entry.details["after"], entry.details["before"]
        check_change_is_the_last(after, place_of(act.edition), PlaceNoLongerUndone)
        with messages_called_off(session, entry):
            return _replace(act, session, before, "", is_undo=True)


def _replace(
    act: FairAct, session: Session, values: Values, words: str, is_undo: bool = False
) -> Consequences:
    before, label = place_of(act.edition), f"{act.edition.place}, {act.edition.address}"
    changed_names = [name for name in NAMES if values.get(name, before[name]) != before[name]]
    for name in changed_names:
        setattr(act.edition, name, values[name])
    session.flush()
    action, subject = RESTORED if is_undo else CHANGED, f"edition:{act.edition.id}"
    if not before["place"] or not {"place", "address"} & set(changed_names):
        if changed_names:
            write_entry(session, act.actor, action, subject, fields=changed_names)
        return ()
    at = act.now
    change = PlaceChange(
        edition_id=act.edition.id,
        actor=act.actor,
        at=at,
        words=words,
        former_label=label,
        is_past=bool(act.edition.days) and act.edition.ends_at <= at,
        is_undo=is_undo,
    )
    places: dict[str, Any] = {"before": before, "after": place_of(act.edition)}
    return carry_out(change, action, subject, [TextsFollower()], **places)


class TextsFollower(Follower[PlaceChange]):
    """The texts that say how to come, to reread."""

    name = "fair"

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        names = [title for key, title in WAYS_IN.items() if edition.texts.get(key)]
        names += ["Accès, imprimé sur le badge plié"] if edition.access else []
        names += [section["title"] for section in edition.practical]
        return [Consequence(Fate.KEPT, "Textes pour venir", names)]
