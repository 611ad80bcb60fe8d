"""Halls: added, changed, removed. Their stands are drawn on the plan (`services.floor`)."""

from collections.abc import Mapping
from typing import Any

from salon.fair import queries
from salon.fair.engine.layout import placed
from salon.fair.models import Edition, Hall
from salon.fair.rules import halls as rules
from salon.fair.rules.floor import check_floor
from salon.platform.db import transaction, violation_as
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import earlier_row, settle_submission
from salon.platform.versions import check_version, stamp_of

Values = Mapping[str, Any]
FIELDS = ("name", "width", "depth", "x", "y", "aisle", "power_kw", "has_water", "description")
HALL_NAME = ("uq_halls_edition_id_name", "halls.edition_id", "halls.name")


def hall_values(hall: Hall) -> dict[str, Any]:
    return {name: getattr(hall, name) for name in FIELDS}


def add_hall(edition: Edition, values: Values, key: str, actor: Identity) -> Hall:
    """Add a hall without stands. Idempotent by `key`. Raises HallKnown."""
    with transaction(edition) as session:
        if earlier := earlier_row(session, Hall, key, {"hall": edition.id, **values}):
            return earlier
        hall = Hall(edition_id=edition.id, area=_area(values), **values)
        session.add(hall)
        with violation_as(rules.HallKnown, *HALL_NAME):
            session.flush()
        write_entry(session, actor, "hall.added", f"hall:{hall.id}", name=hall.name)
        settle_submission(session, key, str(hall.id))
    return hall


def change_hall(edition: Edition, hall: Hall, changes: Values, stamp: str, actor: Identity) -> None:
    """Change a hall; its stands must still fit. Raises StaleVersion, HallKnown, FloorFaults."""
    with transaction(edition, hall) as session:
        check_version(stamp, stamp_of(hall_values(hall)))
        stands = placed(hall.stands)
        for name in FIELDS:
            setattr(hall, name, changes[name])
        hall.area = _area(changes)
        check_floor(hall, stands)
        hall.version += 1
        with violation_as(rules.HallKnown, *HALL_NAME):
            session.flush()
        write_entry(session, actor, "hall.changed", f"hall:{hall.id}", name=hall.name)


def remove_hall(edition: Edition, hall: Hall, stamp: str, actor: Identity) -> None:
    """Remove a hall without stands that no exhibitor wishes for. Raises HallStillUsed."""
    with transaction(edition, hall) as session:
        check_version(stamp, stamp_of(hall_values(hall)))
        wishes = queries.count_references(hall, "exhibitors")
        rules.check_hall_is_unused(hall, len(hall.stands), wishes)
        session.delete(hall)
        write_entry(session, actor, "hall.removed", f"edition:{edition.id}", name=hall.name)


def _area(values: Values) -> float:
    return round(float(values["width"] * values["depth"]), 2)
