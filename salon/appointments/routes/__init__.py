"""Pages of the appointments, by journey: visitors, agents, the queue, organisers."""

from flask import Blueprint

blueprint = Blueprint("appointments", __name__)

# These modules register their views on the blueprint: they are imported after it.
from salon.appointments.routes import (
    absence,
    agenda,
    counter,
    documents,
    hold,
    mine,
    organiser,
    parcours,
    queue,
    queue_desk,
    requests,
    restoring,
    search,
    settings,
    sheet,
    suspended,
    wait,
    why,
)
