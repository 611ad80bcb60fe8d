"""Writes of the stands of a hall: the whole hall is checked, and its version raised."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from salon.fair import queries, rules
from salon.fair.engine.layout import NewStand, PlacedStand, placed
from salon.fair.engine.stand_rows import lay_out_rows
from salon.fair.models import Hall, Stand
from salon.platform.database.db import violation_as


def check_floor(hall: Hall, stands: Sequence[NewStand]) -> None:
    """Check that the stands make a sound layout of the whole hall. Raises FloorFaults."""
    rules.check_floor(hall, stands, queries.numbers_elsewhere(hall))


def put_stands(session: Session, hall: Hall, stands: Sequence[NewStand]) -> list[Stand]:
    """Add stands to a hall, beside its others, in the caller's transaction.

    The layout is checked as a whole. Raises FloorFaults, with all the faults, or NumberTaken.
    """
    if not stands:
        return []
    layout = [*placed(hall.stands), *stands]
    check_floor(hall, layout)
    added = [Stand(edition_id=hall.edition_id, hall=hall, **stand.values) for stand in stands]
    session.add_all(added)
    hall.version += 1
    flush_numbers(session)
    return added


def put_rows(session: Session, hall: Hall, first: NewStand, count: int) -> list[Stand]:
    """Add `count` stands like `first`, in rows, in the caller's transaction.

    Raises HallTooSmall, FloorFaults, NumberTaken.
    """
    stands = lay_out_rows(hall, placed(hall.stands), first, count)
    rules.check_stands_fit(hall, first, count, room=len(stands))
    return put_stands(session, hall, stands)


def replace_stands(session: Session, hall: Hall, layout: Sequence[PlacedStand]) -> None:
    """Replace the stands of a hall by a layout, in the caller's transaction.

    Rows are matched by id, so that an occupant follows its stand; a stand absent from the layout
    goes. Raises FloorFaults, StandHasOccupant or NumberTaken.
    """
    rows = {row.id: row for row in hall.stands}
    check_floor(hall, layout)
    saved_ids = {stand.id for stand in layout if stand.id in rows}
    removed_rows = [row for key, row in rows.items() if key not in saved_ids]
    rules.check_stands_are_free(removed_rows)
    for row in removed_rows:
        hall.stands.remove(row)
        session.delete(row)
    # Two stands may swap their numbers: none is taken while they change.
    changed = [
        stand for stand in layout if stand.id in rows and rows[stand.id].number != stand.number
    ]
    for stand in changed:
        rows[stand.id].number = f"~{stand.id}"  # type: ignore[index]
    flush_numbers(session)
    for stand in layout:
        if stand.id in rows:
            for name, value in stand.values.items():
                setattr(rows[stand.id], name, value)
        else:
            hall.stands.append(Stand(edition_id=hall.edition_id, **stand.values))
    hall.version += 1
    flush_numbers(session)


def flush_numbers(session: Session) -> None:
    columns = "stands.edition_id", "stands.number"
    with violation_as(rules.NumberTaken, "uq_stands_edition_id_number", *columns):
        session.flush()
