"""Pages of the rota, by journey: the organiser's and the coordinators', the agents', the day."""

from flask import Blueprint

blueprint = Blueprint("staffing", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.staffing.routes import (  # noqa: E402
    agents,
    agents_import,
    day,
    exchanges,
    feed,
    grid,
    grid_row,
    my_rota,
    needs,
    papers,
    publication,
    runs,
    stand_in_board,
    standins,
    why,
    wishes,
)

__all__ = [
    "agents",
    "agents_import",
    "blueprint",
    "day",
    "exchanges",
    "feed",
    "grid",
    "grid_row",
    "my_rota",
    "needs",
    "papers",
    "publication",
    "runs",
    "stand_in_board",
    "standins",
    "why",
    "wishes",
]
