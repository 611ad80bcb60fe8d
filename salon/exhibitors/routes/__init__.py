"""Pages of exhibitors, by journey."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.exhibitors.routes import (  # noqa: E402, F401
    apply,
    apply_more,
    catalogue,
    corrections,
    decisions,
    former,
    invitations,
    profile,
    review,
    terms,
)
