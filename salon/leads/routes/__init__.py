"""Pages of the contacts left at stands, by journey: the stand, its scanning page, the visitor."""

from flask import Blueprint

blueprint = Blueprint("leads", __name__)

# These modules register their views on the blueprint: they are imported after it.
from salon.leads.routes import scanning, stand, visitor
