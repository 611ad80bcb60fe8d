"""Pages of the appointments, by journey: visitors, agents, the queue, organisers."""

from flask import Blueprint

blueprint = Blueprint("appointments", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.appointments.routes import (  # noqa: E402
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

__all__ = [
    "agenda",
    "blueprint",
    "counter",
    "documents",
    "follow_up",
    "hold",
    "mine",
    "organiser",
    "parcours",
    "queue",
    "queue_desk",
    "queue_screen",
    "requests",
    "rescue",
    "restoring",
    "search",
    "settings",
    "sheet",
    "wait",
    "why",
]
