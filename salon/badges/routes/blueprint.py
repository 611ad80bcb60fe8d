"""The blueprint that every page of this feature hangs on."""

from flask import Blueprint

blueprint = Blueprint("badges", __name__)
