"""For whom several people come: corrected at once by an organiser, and undone in one act."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.services.changes import apply_changes
from salon.badges.services.registration import is_same_person
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import entry_to_undo, last_undoable
from salon.platform.database.act import Act
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.undo import facts_to_undo, keep_undo

CORRECTED, RESTORED = BadgeAction.ATTENDEES_PLACES_CORRECTED, BadgeAction.ATTENDEES_PLACES_RESTORED
PLACE = ("commune_code", "epci_siren", "organisation")


def correct_places(act: FairAct, attendee_ids: Collection[int], place: Affiliation) -> int:
    """Set the place of registered people; return how many changed.

    Those of a stand and the agents of the village follow their own page. Raises AlreadyRegistered.
    """
    values = {name: getattr(place, name) for name in PLACE}
    people = queries.movable_attendees(act.edition.id, attendee_ids)
    with act.transaction(*people) as session:
        moved = [
            person
            for person in people
            if person.status == AttendeeStatus.REGISTERED and place_values(person) != values
        ]
        former = [[person.id, place_values(person)] for person in moved]
        _move(act, session, [(person, values) for person in moved])
        if moved:
            undo = {"place": values, "former": former}
            entry = write_entry(
                session,
                act.actor,
                CORRECTED,
                f"edition:{act.edition.id}",
                place=place.name,
                count=len(moved),
            )
            keep_undo(session, entry, act.edition.id, undo)
    return len(moved)


def last_correction(edition: Edition) -> JournalEntry | None:
    """Return the entry of the last correction, unless it was undone."""
    return last_undoable(f"edition:{edition.id}", CORRECTED, RESTORED)


def restore_places(act: FairAct, entry_id: int) -> int:
    """Undo the last correction; people whose place changed since keep it. Return how many came
    back. Raises ChangeNoLongerUndone, AlreadyRegistered."""
    entry = entry_to_undo(last_correction(act.edition), entry_id)
    former = dict(facts_to_undo(entry)["former"])
    people = queries.movable_attendees(act.edition.id, former)
    with act.transaction(*people) as session:
        entry_to_undo(last_correction(act.edition), entry_id)
        moved = [
            (person, former[person.id])
            for person in people
            if place_values(person) == facts_to_undo(entry)["place"]
        ]
        _move(act, session, moved)
        write_entry(session, act.actor, RESTORED, f"edition:{act.edition.id}", count=len(moved))
    return len(moved)


def place_values(person: Attendee) -> dict[str, str | None]:
    return {name: getattr(person, name) for name in PLACE}


def _move(
    act: Act, session: Session, moves: Sequence[tuple[Attendee, Mapping[str, str | None]]]
) -> None:
    try:
        for person, values in moves:
            names = apply_changes(person, values)
            write_entry(
                session,
                act.actor,
                BadgeAction.ATTENDEE_CHANGED,
                f"attendee:{person.id}",
                fields=names,
            )
        session.flush()
    except IntegrityError as error:
        if is_same_person(error):
            raise rules.AlreadyRegistered from None
        raise
