"""Pages of the paper pack."""

from flask import Blueprint

blueprint = Blueprint("paper", __name__)
