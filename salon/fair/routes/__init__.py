"""Pages of the fair: public pages, the plan, the plan's editor."""

from flask import Blueprint

blueprint = Blueprint("fair", __name__)

# The pages hang themselves on the blueprint: they come after it.
from salon.fair.routes import (
    days,
    editions,
    editor,
    exchange,
    files,
    halls,
    landmarks,
    look,
    messages,
    pages,
    place,
    plan,
    programme,
    settings,
    standing,
    stands,
    village,
)
