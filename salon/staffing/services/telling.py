"""Describe a shift in the messages of the rota."""

from salon.fair.models import Edition
from salon.platform.clock import local
from salon.platform.formats import day, hour
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import StandIn
from salon.staffing.queries.rota import stands_of


def stand_names(edition: Edition) -> dict[int, str]:
    """Return « Habitat, hall 3, stand 66 », by the stand's id."""
    return {
        stand_id: f"{body.short_name}, hall {body.stand.hall.name}, stand {body.stand.number}"
        for stand_id, body in stands_of(edition).items()
    }


def message_context(shift: Placed | StandIn, names: dict[int, str]) -> dict[str, str]:
    """Return the place and time of a shift as message context: words, and instants (ISO 8601)."""
    return {
        "where": names[shift.stand_id],
        "day": day(local(shift.starts_at).date()),
        "from": hour(shift.starts_at),
        "to": hour(shift.ends_at),
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
    }
