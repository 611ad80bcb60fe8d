"""Pages of the contacts left at stands."""

from flask import Blueprint

blueprint = Blueprint("leads", __name__)
