"""Writing the stands of a hall: a change is checked with the whole hall, and bumps its version."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.fair import queries, rules
from salon.fair.engine.layout import NewStand, PlacedStand, placed
from salon.fair.models import Hall, Stand
from salon.platform.db import violates


def check_floor(hall: Hall, stands: Sequence[NewStand]) -> None:
    """The stands make a sound layout of the whole hall. Raises FloorFaults."""
    rules.check_floor(hall, stands, queries.numbers_elsewhere(hall))


def put_stands(session: Session, hall: Hall, stands: Sequence[NewStand]) -> list[Stand]:
    """Adds stands to a hall that keeps its others, in the caller's transaction.

    The layout is checked as a whole. Raises FloorFaults, which says all the faults, or NumberTaken.
    """
    if not stands:
        return []
    whole = [*placed(hall.stands), *stands]
    check_floor(hall, whole)
    added = [Stand(edition_id=hall.edition_id, hall=hall, **one.values) for one in stands]
    session.add_all(added)
    hall.version += 1
    flush_numbers(session)
    return added


def replace_stands(session: Session, hall: Hall, wanted: Sequence[PlacedStand]) -> None:
    """Makes the stands of a hall those of a layout, in the caller's transaction.

    Rows are changed by id, so that whoever is on a stand follows it; a stand absent from the
    layout goes. Raises FloorFaults, StandHasOccupant or NumberTaken.
    """
    rows = {one.id: one for one in hall.stands}
    check_floor(hall, wanted)
    kept = {one.id for one in wanted if one.id in rows}
    gone = [row for key, row in rows.items() if key not in kept]
    rules.check_stands_are_free(gone)
    for row in gone:
        hall.stands.remove(row)
        session.delete(row)
    # Two stands may swap their numbers: none is taken while they change.
    changed = [one for one in wanted if one.id in rows and rows[one.id].number != one.number]
    for one in changed:
        rows[one.id].number = f"~{one.id}"  # type: ignore[index]
    flush_numbers(session)
    for one in wanted:
        if one.id in rows:
            for name, value in one.values.items():
                setattr(rows[one.id], name, value)
        else:
            hall.stands.append(Stand(edition_id=hall.edition_id, **one.values))
    hall.version += 1
    flush_numbers(session)


def flush_numbers(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_stands_edition_id_number", "stands.edition_id", "stands.number"):
            raise rules.NumberTaken from None
        raise
