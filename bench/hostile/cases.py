"""The measures of an attack, and the table that prints them."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.report import Target

HEAD = ("attack", "before", "now", "limit", "")


@dataclass(frozen=True)
class Case:
    """`before`: what `measure` gave on commit aac7e56, as text; `digits` after the point."""

    name: str
    before: str
    limit: Target
    measure: Callable[[], float]
    digits: int = 2


def print_cases(cases: Sequence[Case], figures: Sequence[float]) -> None:
    """Print a line for each case, with PASS or BELOW."""
    rows = [HEAD]
    for case, figure in zip(cases, figures, strict=True):
        verdict = "PASS" if case.limit.is_met(figure, None) else "BELOW"
        rows.append(
            (case.name, case.before, f"{figure:,.{case.digits}f}", case.limit.words, verdict)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    print("\nAttacks on the server that `flask serve` starts, without a proxy")
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        print("  ".join((row[0].ljust(widths[0]), *cells)).rstrip())
    sys.stdout.flush()
