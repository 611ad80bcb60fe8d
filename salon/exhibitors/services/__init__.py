"""Use cases of the exhibitors, by subject."""

from salon.exhibitors.rules.application import ApplicationStep
from salon.exhibitors.rules.lifecycle import Move
