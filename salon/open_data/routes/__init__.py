"""Pages of open data: the public's, the organisers'."""

from flask import Blueprint

blueprint = Blueprint("open_data", __name__)

# The pages hang on the blueprint: they come after it.
from salon.open_data.routes import organiser, public
