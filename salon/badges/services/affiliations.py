"""For whom several people come: corrected at once by an organiser, and undone in one act."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.services.changes import apply_changes
from salon.badges.services.registration import is_same_person
from salon.fair.models import Edition
from salon.fair.services.changes import entry_to_undo, last_undoable
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import JournalEntry, write_entry

CORRECTED, RESTORED = "attendees.places_corrected", "attendees.places_restored"
PLACE = ("commune_code", "epci_siren", "organisation")


def correct_places(
    edition: Edition, attendee_ids: Collection[int], place: Affiliation, actor: Identity
) -> int:
    """Set the place of registered people; return how many changed.

    Those of a stand and the agents of the village follow their own page. Raises AlreadyRegistered.
    """
    values = {name: getattr(place, name) for name in PLACE}
    people = queries.movable_attendees(edition.id, attendee_ids)
    with transaction(*people) as session:
        moved = [
            person
            for person in people
            if person.status == AttendeeStatus.REGISTERED and place_values(person) != values
        ]
        former = [[person.id, place_values(person)] for person in moved]
        _move(session, [(person, values) for person in moved], actor)
        if moved:
            undo = {"place": values, "former": former}
            details = {"place": place.name, "count": len(moved), "undo": undo}
            write_entry(session, actor, CORRECTED, f"edition:{edition.id}", **details)
    return len(moved)


def last_correction(edition: Edition) -> JournalEntry | None:
    """Return the entry of the last correction, unless it was undone."""
    return last_undoable(f"edition:{edition.id}", CORRECTED, RESTORED)


def restore_places(edition: Edition, entry_id: int, actor: Identity) -> int:
    """Undo the last correction; people whose place changed since keep it. Return how many came
    back. Raises ChangeNoLongerUndone, AlreadyRegistered."""
    entry = entry_to_undo(last_correction(edition), entry_id)
    former = dict(entry.details["undo"]["former"])
    people = queries.movable_attendees(edition.id, former)
    with transaction(*people) as session:
        entry_to_undo(last_correction(edition), entry_id)
        moved = [
            (person, former[person.id])
            for person in people
            if place_values(person) == entry.details["undo"]["place"]
        ]
        _move(session, moved, actor)
        write_entry(session, actor, RESTORED, f"edition:{edition.id}", count=len(moved))
    return len(moved)


def place_values(person: Attendee) -> dict[str, str | None]:
    return {name: getattr(person, name) for name in PLACE}


def _move(
    session: Session,
    moves: Sequence[tuple[Attendee, Mapping[str, str | None]]],
    actor: Identity,
) -> None:
    try:
        for person, values in moves:
            names = apply_changes(person, values)
            write_entry(session, actor, "attendee.changed", f"attendee:{person.id}", fields=names)
        session.flush()
    except IntegrityError as error:
        if is_same_person(error):
            raise rules.AlreadyRegistered from None
        raise
