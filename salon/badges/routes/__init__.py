"""Pages of registration and badges, by journey."""

from flask import Blueprint

blueprint = Blueprint("badges", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.badges.routes import (
    affiliations,
    badge,
    desk,
    group,
    organiser,
    printing,
    register,
    registration_settings,
    roster,
    settings,
    staff,
    territory,
)
