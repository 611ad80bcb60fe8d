"""Pages of the doors: stations, what is to check, the day live, agents at their stand."""

from flask import Blueprint

blueprint = Blueprint("entrance", __name__)

# The pages hang themselves on the blueprint: they come after it.
from salon.entrance.routes import arrivals, live, scanner, stations  # noqa: E402

__all__ = ["arrivals", "blueprint", "live", "scanner", "stations"]
