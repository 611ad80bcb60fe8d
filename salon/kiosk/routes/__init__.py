"""Pages of the kiosk and of the print station."""

from flask import Blueprint

blueprint = Blueprint("kiosk", __name__)
