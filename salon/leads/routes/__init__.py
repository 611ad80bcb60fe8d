"""Pages of the contacts left at stands, by journey: the stand, its scanning page, the visitor."""

from flask import Blueprint

blueprint = Blueprint("leads", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.leads.routes import scanning, stand, visitor  # noqa: E402

__all__ = ["blueprint", "scanning", "stand", "visitor"]
