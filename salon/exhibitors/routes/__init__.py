"""Pages of exhibitors, by journey."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.exhibitors.routes import (  # noqa: E402
    apply,
    billing,
    catalogue,
    documents,
    invitations,
    money,
    placement,
    review,
    safety,
    space,
    terms,
)

__all__ = [
    "apply",
    "billing",
    "blueprint",
    "catalogue",
    "documents",
    "invitations",
    "money",
    "placement",
    "review",
    "safety",
    "space",
    "terms",
]
