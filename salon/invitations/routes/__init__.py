"""Pages of invitations, by journey."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.invitations.routes import (
    answers,
    authorities_file,
    file,
    following,
    guests,
    organiser,
    territory,
)
