"""Pages of the appointments, by journey."""

from flask import Blueprint

blueprint = Blueprint("appointments", __name__)
