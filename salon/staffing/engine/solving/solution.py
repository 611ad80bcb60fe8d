"""Hold what the solver reports and returns; imports nothing that computes."""

from dataclasses import dataclass

from salon.staffing.engine.solving.problem import Rota
from salon.staffing.engine.solving.scoring import Gap


@dataclass(frozen=True)
class Progress:
    """A progress report of the solver. `stage` is "cover", "changes" or "soft"."""

    stage: str
    missing: int | None
    cost: int | None
    bound: int | None
    seconds: float


@dataclass(frozen=True)
class Solution:
    """`status`: "optimal", "feasible", "impossible" (proven: something lacks) or "stopped"."""

    status: str
    rota: Rota
    missing: int
    is_cover_proven: bool
    cost: int
    bound: int | None
    seconds: float
    gaps: list[Gap]
