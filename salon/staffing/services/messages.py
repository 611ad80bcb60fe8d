"""Messages to agents, and how they describe a shift."""

from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition, Stand
from salon.platform.database.db import current_session
from salon.platform.mail import outbox
from salon.platform.words.formats import time_context
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import Agent, StandIn
from salon.staffing.queries.rota import stands_of


def stand_names(edition: Edition) -> dict[int, str]:
    """Return « Habitat, hall 3, stand 66 », by the stand's id."""
    return {
        stand_id: f"{body.short_name}, hall {body.stand.hall.name}, stand {body.stand.number}"
        for stand_id, body in stands_of(edition).items()
    }


def message_context(shift: Placed | StandIn, names: dict[int, str]) -> dict[str, str]:
    """Return the place and time of a shift as message context: words, and instants (ISO 8601).

    A stand that is no body's any more is named by its place alone.
    """
    location = names.get(shift.stand_id)
    if location is None:
        stand = current_session().get_one(Stand, shift.stand_id)
        location = f"hall {stand.hall.name}, stand {stand.number}"
    return {"where": location, **time_context(shift)}


def post_to_agent(session: Session, kind: str, agent: Agent, **message: Any) -> None:
    """Post a message to an agent; `message`: its event and its context (`outbox.post`)."""
    about, first_name = f"agent:{agent.id}", agent.first_name
    outbox.post(session, kind, agent.email, about=about, first_name=first_name, **message)
