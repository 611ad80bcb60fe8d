"""Pages of the rota, by journey: organisers and coordinators, agents, the day."""

from flask import Blueprint

blueprint = Blueprint("staffing", __name__)

# The modules register their pages on the blueprint: they are imported after it.
from salon.staffing.routes import (
    agents,
    agents_import,
    feed,
    grid,
    grid_row,
    limits,
    needs,
    papers,
    runs,
    why,
    wishes,
)
