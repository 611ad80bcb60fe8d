"""Pages of exhibitors, by journey."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.exhibitors.routes import (  # noqa: E402
    apply,
    apply_more,
    billing,
    catalogue,
    corrections,
    decisions,
    documents,
    exhibitor_money,
    former,
    invitations,
    late,
    money,
    placement,
    prices,
    proposals,
    review,
    safety,
    space,
    terms,
    together,
)

__all__ = [
    "apply",
    "apply_more",
    "billing",
    "blueprint",
    "catalogue",
    "corrections",
    "decisions",
    "documents",
    "exhibitor_money",
    "former",
    "invitations",
    "late",
    "money",
    "placement",
    "prices",
    "proposals",
    "review",
    "safety",
    "space",
    "terms",
    "together",
]
