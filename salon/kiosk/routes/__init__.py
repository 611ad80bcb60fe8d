"""Pages of the kiosk and of the print station."""

from flask import Blueprint

blueprint = Blueprint("kiosk", __name__)

# The module registers its pages on the blueprint: it is imported after it.
from salon.kiosk.routes import pages
