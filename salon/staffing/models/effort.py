"""The search effort of the solver."""

from enum import StrEnum


class Effort(StrEnum):
    """Effort of the solver, in units of work and not in seconds: its result is reproducible.

    FULL goes on where QUICK ends, while the rota may be far from the best: runs of the worker do.
    """

    QUICK = "quick"
    FULL = "full"
