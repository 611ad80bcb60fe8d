"""Pages of an exhibitor's space, by journey."""

from flask import Blueprint

blueprint = Blueprint("exhibitor_space", __name__)

# The journeys hang their pages on the blueprint: they come after it.
from salon.exhibitor_space.routes import documents, late, space, task_settings, tasks, withdrawal
