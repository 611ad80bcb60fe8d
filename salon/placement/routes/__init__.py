"""Pages of placement, by journey."""

from flask import Blueprint

blueprint = Blueprint("placement", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.placement.routes import placement, proposals
