"""Pages of the paper pack: the packs, and the screens that type them back."""

from flask import Blueprint

blueprint = Blueprint("paper", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.paper.routes import packs, sheets, typing_back
