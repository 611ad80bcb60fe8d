"""Hold what the solver reports and returns; imports nothing that computes."""

from dataclasses import dataclass

from salon.staffing.engine.solving.problem import Rota
from salon.staffing.engine.solving.scoring import Gap


@dataclass(frozen=True)
class Progress:
    """A progress report of the solver. `stage` is "cover", "changes", "soft" or "polish"."""

    stage: str
    missing: int | None
    cost: int | None
    bound: int | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """Return how far the cost may be from the least possible, in percent of the cost."""
        return gap_of(self.cost, self.bound)


def gap_of(cost: int | None, bound: int | None) -> float | None:
    """Return how far a cost may be from the least possible, in percent; None without a bound."""
    if cost is None or bound is None:
        return None
    return 100 * (cost - bound) / cost if cost else 0.0


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
