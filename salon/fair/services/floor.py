"""What an organiser does to the plan of a hall. The hall's row is locked: one change at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from salon.fair import queries, rules
from salon.fair.engine.layout import (
    NewStand,
    PlacedStand,
    Shrunk,
    by_id,
    differences,
    placed,
    shrunk,
)
from salon.fair.engine.plan_frames import numbered
from salon.fair.models import Edition, Hall, Stand
from salon.fair.services.stands import flush_numbers, put_stands, replace_stands
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission


def save_floor(
    hall: Hall, version: int, wanted: Sequence[PlacedStand], by: Identity
) -> list[Shrunk]:
    """Makes the hall what an editor drew; the occupied stands that it makes smaller.

    Raises PlanHasChanged, FloorFaults, StandHasOccupant.
    """
    with transaction(hall) as session:
        rules.check_plan_is_the_same(version, hall)
        return _redraw(session, hall, wanted, by)


def add_stand(hall: Hall, stand: NewStand, key: str, by: Identity) -> None:
    """Adds one stand; the same form sent twice adds one."""
    with transaction(hall) as session:
        if claim_submission(session, key, {"hall": hall.id, **stand.values}) is not None:
            return
        put_stands(session, hall, [stand])
        settle_submission(session, key, stand.number)
        write_entry(session, by, "hall.drawn", f"hall:{hall.id}", added=[stand.number])


def change_stand(
    hall: Hall, version: int, stand_id: int, to: NewStand, by: Identity
) -> list[Shrunk]:
    """Moves, resizes or renumbers one stand; whoever is on it follows."""
    with transaction(hall) as session:
        rules.check_plan_is_the_same(version, hall)
        wanted = [
            PlacedStand(**to.values, id=one.id) if one.id == stand_id else one
            for one in placed(hall.stands)
        ]
        return _redraw(session, hall, wanted, by)


def delete_stand(hall: Hall, version: int, stand_id: int, by: Identity) -> None:
    """Takes a free stand off the plan."""
    with transaction(hall) as session:
        rules.check_plan_is_the_same(version, hall)
        _redraw(session, hall, [one for one in placed(hall.stands) if one.id != stand_id], by)


def number_row(
    hall: Hall, version: int, stand_ids: Sequence[int], first: int, step: int, by: Identity
) -> None:
    """Gives the stands, in their order, the numbers first, first + step, and so on."""
    with transaction(hall) as session:
        rules.check_plan_is_the_same(version, hall)
        numbers = numbered(stand_ids, first, step)
        wanted = [
            replace(one, number=numbers.get(one.id or 0, one.number)) for one in placed(hall.stands)
        ]
        _redraw(session, hall, wanted, by)


def set_hall(
    hall: Hall, version: int, aisle: float, power_kw: int, has_water: bool, by: Identity
) -> None:
    """Changes what a hall offers; its stands must fit what it becomes."""
    with transaction(hall) as session:
        rules.check_plan_is_the_same(version, hall)
        hall.aisle, hall.power_kw, hall.has_water = aisle, power_kw, has_water
        rules.check_floor(hall, placed(hall.stands))
        hall.version += 1
        values = {"aisle": aisle, "power_kw": power_kw, "has_water": has_water}
        write_entry(session, by, "hall.changed", f"hall:{hall.id}", **values)


def import_stands(
    edition: Edition,
    versions: Mapping[str, int],
    drawn: Mapping[str, Sequence[NewStand]],
    by: Identity,
) -> list[Shrunk]:
    """Makes the whole plan what a file says, stand by number; absent ones go. All or nothing.

    `versions` are those of the halls when the file was compared with them.
    """
    halls = queries.halls_of(edition)
    with transaction(*halls) as session:
        for hall in halls:
            rules.check_plan_is_the_same(versions.get(hall.name, 0), hall)
        faults = [one for hall in halls for one in rules.faults_of(hall, drawn.get(hall.name, ()))]
        if faults:
            raise rules.FloorFaults(faults)
        after = {one.number: one for stands in drawn.values() for one in stands}
        smaller = shrunk([row for hall in halls for row in hall.stands], after, "number")
        _replace_all(session, {hall.name: hall for hall in halls}, drawn)
        changed = {name: len(stands) for name, stands in drawn.items()}
        write_entry(session, by, "plan.imported", f"edition:{edition.id}", stands=changed)
        return smaller


def _replace_all(
    session: Session, halls: Mapping[str, Hall], drawn: Mapping[str, Sequence[NewStand]]
) -> None:
    rows = {one.number: one for hall in halls.values() for one in hall.stands}
    kept = {one.number for stands in drawn.values() for one in stands}
    gone = [row for number, row in rows.items() if number not in kept]
    rules.check_stands_are_free(gone)
    for absent in gone:
        absent.hall.stands.remove(absent)
        session.delete(absent)
    for name, stands in drawn.items():
        hall = halls[name]
        for one in stands:
            if one.number not in rows:
                hall.stands.append(Stand(edition_id=hall.edition_id, **one.values))
                continue
            row = rows[one.number]
            row.hall = hall
            for column, value in one.values.items():
                setattr(row, column, value)
    for hall in halls.values():
        hall.version += 1
    flush_numbers(session)


def _redraw(
    session: Session, hall: Hall, wanted: Sequence[PlacedStand], by: Identity
) -> list[Shrunk]:
    """Replaces the stands, and writes which ones changed; a layout that changes nothing is none."""
    changes = differences(by_id(placed(hall.stands)), by_id(wanted)).values()
    if not changes:
        return []
    smaller = shrunk(hall.stands, by_id(wanted), "id")
    replace_stands(session, hall, wanted)
    write_entry(
        session,
        by,
        "hall.drawn",
        f"hall:{hall.id}",
        added=sorted(one.stand.number for one in changes if one.before is None),
        removed=sorted(one.stand.number for one in changes if one.after is None),
        changed=sorted(one.before.number for one in changes if one.before and one.after),
    )
    return smaller
