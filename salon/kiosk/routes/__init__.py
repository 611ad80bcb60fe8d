"""Pages of the kiosk and of the print station."""

from flask import Blueprint

blueprint = Blueprint("kiosk", __name__)

# The pages hang themselves on the blueprint: they come after it.
from salon.kiosk.routes import pages  # noqa: E402

__all__ = ["blueprint", "pages"]
