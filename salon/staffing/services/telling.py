"""A shift as the messages of the rota say it."""

from salon.fair.models import Edition
from salon.platform.clock import local
from salon.platform.formats import day, hour
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import StandIn
from salon.staffing.queries.rota import stands_of


def stand_names(edition: Edition) -> dict[int, str]:
    """« Hérault THD, hall 3, stand 66 », by the stand's id."""
    return {
        stand_id: f"{body.short_name}, hall {body.stand.hall.name}, stand {body.stand.number}"
        for stand_id, body in stands_of(edition).items()
    }


def told(one: Placed | StandIn, names: dict[int, str]) -> dict[str, str]:
    """Where and when, for the context of a message: words, and instants (ISO 8601)."""
    return {
        "where": names[one.stand_id],
        "day": day(local(one.starts_at).date()),
        "from": hour(one.starts_at),
        "to": hour(one.ends_at),
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
    }
