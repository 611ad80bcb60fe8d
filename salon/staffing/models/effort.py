"""The search effort of the solver."""

from enum import StrEnum


class Effort(StrEnum):
    """Effort of the solver, in units of work and not in seconds: its result is reproducible."""

    QUICK = "quick"
    FULL = "full"
