"""The search effort of the solver."""

from enum import StrEnum


class Effort(StrEnum):
    """Effort of the solver, in units of work and not in seconds: its result is reproducible.

    FULL goes on where QUICK ends: it takes several times longer and seldom finds a better rota.
    """

    QUICK = "quick"
    FULL = "full"
