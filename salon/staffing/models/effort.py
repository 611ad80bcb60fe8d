"""The search effort of the solver."""

from enum import StrEnum


class Effort(StrEnum):
    """Counted in work and not in seconds: the same input gives the same rota."""

    QUICK = "quick"
    FULL = "full"
