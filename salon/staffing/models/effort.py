"""How long the solver may look for a rota."""

from enum import StrEnum


class Effort(StrEnum):
    """Counted in work and not in seconds: the same input gives the same rota."""

    QUICK = "quick"
    FULL = "full"
