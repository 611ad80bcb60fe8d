"""Halls: added, changed, closed, removed. Their stands are drawn on the plan (`services.floor`)."""

from salon.fair import queries
from salon.fair.actions import FairAction
from salon.fair.engine.layout import placed
from salon.fair.models import Edition, Hall
from salon.fair.rules import halls as rules
from salon.fair.rules.floor import check_floor
from salon.fair.rules.landmarks import check_landmark_is_inside
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import gates_of, last_undoable
from salon.fair.services.rearrangement import rearrange, take_back
from salon.platform.database.consequences import Consequences, Rearrangement
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import Values, check_version, stamp_of

FIELDS = ("name", "width", "depth", "x", "y", "aisle", "power_kw", "has_water", "description")
CLOSED, REOPENED = FairAction.HALL_CLOSED, FairAction.HALL_REOPENED
HALL_NAME = ("uq_halls_edition_id_name", "halls.edition_id", "halls.name")


def hall_values(hall: Hall) -> dict[str, object]:
    return {name: getattr(hall, name) for name in FIELDS}


def add_hall(act: FairAct, values: Values, key: str) -> Hall:
    """Add a hall without stands. Idempotent by `key`. Raises HallKnown."""
    with act.transaction(act.edition) as session:
        if earlier := earlier_row(session, Hall, key, {"hall": act.edition.id, **values}):
            return earlier
        hall = Hall(edition_id=act.edition.id, area=_area(values), **values)
        with violation_as(rules.HallKnown, *HALL_NAME):
            save_new_row(session, key, hall)
        write_entry(session, act.actor, FairAction.HALL_ADDED, f"hall:{hall.id}", name=hall.name)
    return hall


def change_hall(act: FairAct, hall: Hall, changes: Values, stamp: str) -> None:
    """Change a hall; its stands and landmarks must still fit.

    Raises StaleVersion, HallKnown, FloorFaults, LandmarkOutsideHall.
    """
    with act.transaction(act.edition, hall) as session:
        check_version(stamp, stamp_of(hall_values(hall)))
        stands, landmarks = placed(hall.stands), queries.landmarks_in(hall)
        for name in FIELDS:
            setattr(hall, name, changes[name])
        hall.area = _area(changes)
        check_floor(hall, stands)
        for landmark in landmarks:
            check_landmark_is_inside(hall, landmark.x, landmark.y)
        hall.version += 1
        with violation_as(rules.HallKnown, *HALL_NAME):
            session.flush()
        write_entry(session, act.actor, FairAction.HALL_CHANGED, f"hall:{hall.id}", name=hall.name)


def remove_hall(act: FairAct, hall: Hall, stamp: str) -> None:
    """Remove a hall without stands that no exhibitor wishes for, with its landmarks.

    Raises HallStillUsed.
    """
    with act.transaction(act.edition, hall) as session:
        check_version(stamp, stamp_of(hall_values(hall)))
        wishes = queries.count_references(hall, "exhibitors")
        rules.check_hall_is_unused(hall, len(hall.stands), wishes)
        for landmark in queries.landmarks_in(hall):
            session.delete(landmark)
        session.flush()
        session.delete(hall)
        write_entry(
            session, act.actor, FairAction.HALL_REMOVED, f"edition:{act.edition.id}", name=hall.name
        )


def closing_values(hall: Hall) -> dict[str, object]:
    """Return what a closing is read of: the version grows when a stand of the hall is given."""
    bodies = sorted(stand.body.id for stand in hall.stands if stand.body is not None)
    return {"name": hall.name, "version": hall.version, "bodies": bodies}


def close_hall(act: FairAct, hall: Hall, changes: Values, stamp: str) -> Consequences:
    """Do without a hall: who has a stand there is placed elsewhere. Return what was done.

    `changes`: {"stands": the new stand of each body there, by id, None to withdraw it, "words": of
    the organiser, for the messages}. Raises StaleVersion, HallClosed, StandNotFree,
    StandChosenTwice.
    """
    with act.transaction(*gates_of(Rearrangement, act.edition), act.edition, hall) as session:
        rules.check_hall_is_open(hall)
        check_version(stamp, stamp_of(closing_values(hall)))
        bodies = [stand.body for stand in hall.stands if stand.body is not None]
        targets = {body: changes["stands"].get(body.id) for body in bodies}
        moves = {body.stand_id: stand_id for body, stand_id in targets.items() if stand_id}
        rules.check_stands_are_apart(list(moves.values()))
        hall.closed_at = act.now
        session.flush()
        change = Rearrangement(
            edition_id=act.edition.id,
            actor=act.actor,
            at=hall.closed_at,
            words=changes["words"],
            reason=f"Le hall {hall.name} n’ouvrira pas.",
            halls=frozenset({hall.id}),
            lost_stands=frozenset({stand.id for stand in hall.stands} - moves.keys()),
            bodies=frozenset(body.id for body, stand_id in targets.items() if not stand_id),
            moves=moves,
        )
        return rearrange(session, change, CLOSED, f"hall:{hall.id}", name=hall.name)


def reopen_hall(act: FairAct, hall: Hall, words: str, stamp: str) -> Consequences:
    """Open a closed hall again: who had a stand there has it back, unless placed since.

    Raises StaleVersion, HallOpen, StandNotFree.
    """
    with act.transaction(*gates_of(Rearrangement, act.edition), act.edition, hall) as session:
        rules.check_hall_is_closed(hall)
        check_version(stamp, stamp_of(closing_values(hall)))
        subject = f"hall:{hall.id}"
        entry = last_undoable(subject, CLOSED, REOPENED)
        hall.closed_at = None
        hall.version += 1
        session.flush()
        reason, name = f"Le hall {hall.name} ouvre finalement.", hall.name
        change = Rearrangement(
            edition_id=act.edition.id, actor=act.actor, at=act.now, words=words, reason=reason
        )
        return take_back(session, entry, change, REOPENED, subject, name=name)


def proposed_stands(edition: Edition, hall: Hall) -> dict[int, int]:
    """Return a free stand of another hall for each body of this one, by id, while some are left.

    The smallest that is at least as large as its own, else the largest.
    """
    free = [
        stand
        for stand in queries.stands_on_plan(edition)
        if not stand.who and stand.hall != hall.name
    ]
    free.sort(key=lambda stand: stand.area)
    stands: dict[int, int] = {}
    for body in queries.bodies_of(edition):
        if body.stand.hall_id != hall.id or not free:
            continue
        large = [stand for stand in free if stand.area >= body.stand.area]
        stand = large[0] if large else free[-1]
        free.remove(stand)
        stands[body.id] = stand.id
    return stands


def _area(values: Values) -> float:
    return round(float(values["width"] * values["depth"]), 2)
