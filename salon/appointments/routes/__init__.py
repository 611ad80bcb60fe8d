"""Pages of the appointments, by journey: visitors, agents, the queue, organisers."""

from flask import Blueprint

from salon.appointments.presenters.agenda import mark_of, visitor_mark_of

blueprint = Blueprint("appointments", __name__)
blueprint.add_app_template_filter(mark_of, "mark_of")
blueprint.add_app_template_filter(visitor_mark_of, "visitor_mark_of")

# These modules register their views on the blueprint: they are imported after it.
from salon.appointments.routes import (
    absence,
    agenda,
    counter,
    documents,
    evening,
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
