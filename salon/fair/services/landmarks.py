"""Landmarks of the plan: added, changed, removed."""

from salon.fair import queries
from salon.fair.actions import FairAction
from salon.fair.models import Edition, Landmark
from salon.fair.rules import landmarks as rules
from salon.fair.services.acts import FairAct
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import Values, check_version, stamp_of

FIELDS = ("kind", "name", "hall_id", "x", "y", "is_step_free")
LANDMARK_NAME = ("uq_landmarks_edition_id_name", "landmarks.edition_id", "landmarks.name")


def landmark_values(landmark: Landmark) -> dict[str, object]:
    return {name: getattr(landmark, name) for name in FIELDS}


def add_landmark(act: FairAct, values: Values, key: str) -> Landmark:
    """Add a landmark. Idempotent by `key`. Raises LandmarkKnown, LandmarkOutsideHall."""
    _check_place(act.edition, values)
    with act.transaction(act.edition) as session:
        if earlier := earlier_row(session, Landmark, key, {"landmark": act.edition.id, **values}):
            return earlier
        landmark = Landmark(edition_id=act.edition.id, **values)
        with violation_as(rules.LandmarkKnown, *LANDMARK_NAME):
            save_new_row(session, key, landmark)
        write_entry(
            session,
            act.actor,
            FairAction.LANDMARK_ADDED,
            f"edition:{act.edition.id}",
            name=landmark.name,
        )
    return landmark


def change_landmark(act: FairAct, landmark: Landmark, changes: Values, stamp: str) -> None:
    """Change a landmark. Raises StaleVersion, LandmarkKnown, LandmarkOutsideHall."""
    _check_place(act.edition, changes)
    with act.transaction(act.edition, landmark) as session:
        check_version(stamp, stamp_of(landmark_values(landmark)))
        for name in FIELDS:
            setattr(landmark, name, changes[name])
        with violation_as(rules.LandmarkKnown, *LANDMARK_NAME):
            session.flush()
        write_entry(
            session,
            act.actor,
            FairAction.LANDMARK_CHANGED,
            f"edition:{act.edition.id}",
            name=landmark.name,
        )


def remove_landmark(act: FairAct, landmark: Landmark, stamp: str) -> None:
    """Remove a landmark. Raises StaleVersion."""
    with act.transaction(act.edition, landmark) as session:
        check_version(stamp, stamp_of(landmark_values(landmark)))
        session.delete(landmark)
        write_entry(
            session,
            act.actor,
            FairAction.LANDMARK_REMOVED,
            f"edition:{act.edition.id}",
            name=landmark.name,
        )


def _check_place(edition: Edition, values: Values) -> None:
    if values["hall_id"] is not None:
        hall = queries.get_hall_by_id(edition, values["hall_id"])
        rules.check_landmark_is_inside(hall, values["x"], values["y"])
