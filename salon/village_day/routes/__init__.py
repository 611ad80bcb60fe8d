"""Pages of the day in the village, by journey."""

from flask import Blueprint

blueprint = Blueprint("village_day", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.village_day.routes import day, exchanges, my_rota, stand_in_board, standins
