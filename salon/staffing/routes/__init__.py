"""Pages of the rota, by journey: the organiser's and the coordinators', the agents', the day."""

from flask import Blueprint

blueprint = Blueprint("staffing", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.staffing.routes import (  # noqa: E402
    my_rota,
)

__all__ = [
    "blueprint",
    "my_rota",
]
