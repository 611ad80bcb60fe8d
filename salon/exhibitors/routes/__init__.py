"""Pages of exhibitors, by journey."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.exhibitors.routes import (
    apply,
    apply_more,
    archive,
    catalogue,
    corrections,
    decisions,
    entering,
    invitations,
    profile,
    review,
    terms,
)
