"""Pages of the doors: stations, points to check, the day live, agents at their stand."""

from flask import Blueprint

blueprint = Blueprint("entrance", __name__)

# The pages hang themselves on the blueprint: they come after it.
from salon.entrance.routes import (
    arrivals,
    conflicts,
    imports,
    inside,
    live,
    scanner,
    settings,
    stations,
    zones,
)
