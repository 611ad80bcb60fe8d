"""Pages of the appointments, by journey: visitors, agents, the queue, organisers."""

from flask import Blueprint

blueprint = Blueprint("appointments", __name__)

# These modules register their views on the blueprint: they are imported after it.
from salon.appointments.routes import (
    agenda,
    counter,
    documents,
    follow_up,
    hold,
    mine,
    organiser,
    parcours,
    queue,
    queue_desk,
    queue_screen,
    requests,
    rescue,
    restoring,
    search,
    settings,
    sheet,
    wait,
    why,
)
