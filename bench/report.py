"""Tables of figures: ours, the floor, their ratio, the target, and whether it is met."""

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

import psutil

PACKAGES = ("flask", "sqlalchemy", "psycopg", "granian", "reportlab", "qrcode")


@dataclass(frozen=True)
class Target:
    words: str
    is_met: Callable[[float, float | None], bool]


def share(least: float) -> Target:
    """At least this share of the floor."""
    return Target(f"≥ {least:.0%} of floor", lambda ours, floor: ours >= least * (floor or 0))


def at_most(limit: float, unit: str = "") -> Target:
    return Target(f"≤ {limit:g} {unit}".strip(), lambda ours, _: ours <= limit)


def below(limit: float, unit: str = "") -> Target:
    return Target(f"< {limit:g} {unit}".strip(), lambda ours, _: ours < limit)


def exactly(figure: float) -> Target:
    return Target(f"= {figure:g}", lambda ours, _: ours == figure)


@dataclass(frozen=True)
class Line:
    """A figure as the median of its runs; `floor` too. `digits` after the decimal point.

    `base`: of another commit, each run beside one of ours; the ratio is the median of those pairs.
    """

    name: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    target: Target | None = None
    digits: int = 0
    base: Sequence[float] = ()

    def cells(self) -> tuple[str, ...]:
        ours, floor = median(self.ours), median(self.floor) if self.floor else None
        spread = f"{self._text(min(self.ours))}–{self._text(max(self.ours))}"
        verdict = ""
        if self.target:
            verdict = "PASS" if self.target.is_met(ours, floor) else "BELOW"
        return (
            self.name,
            self._text(ours),
            spread if len(self.ours) > 1 else "",
            self._text(floor) if floor is not None else "",
            f"{ours / floor:.0%}" if floor else "",
            self.target.words if self.target else "",
            verdict,
            *self._base_cells(),
        )

    def _base_cells(self) -> tuple[str, str]:
        if not self.base:
            return "", ""
        ratios = [ours / base for ours, base in zip(self.ours, self.base, strict=True) if base]
        if not ratios:
            return self._text(median(self.base)), ""
        pair = f"{median(ratios):.0%} ({min(ratios):.0%}–{max(ratios):.0%})"
        return self._text(median(self.base)), pair

    def _text(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


HEAD = ("", "ours", "lowest–highest", "floor", "ratio", "target", "", "base", "of the base")
BASE_COLUMNS = 2


def print_table(title: str, lines: Sequence[Line], *notes: str) -> None:
    count = len(HEAD) if any(line.base for line in lines) else len(HEAD) - BASE_COLUMNS
    rows = [row[:count] for row in (HEAD, *(line.cells() for line in lines))]
    widths = [max(len(row[column]) for row in rows) for column in range(count)]
    print(f"\n{title}")
    for row in rows:
        first = row[0].ljust(widths[0])
        other_cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        print("  ".join((first, *other_cells)).rstrip())
    for note in notes:
        print(f"  {note}")
    sys.stdout.flush()


def print_machine() -> None:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.platform()}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}", end="")
    print("".join(f", {name} {version(name)}" for name in PACKAGES))
    print(f"Load before the start: {load:.1f}", end="")
    print(" (others work on this machine: read the ratios)" if load > 0.7 else "", flush=True)


def percentile(values: Sequence[float], share_below: float) -> float:
    """Return the value that this share of the values does not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share_below * len(ordered)))]


def step(words: str) -> None:
    """Say what is being done, for those who wait."""
    print(f"→ {words}", file=sys.stderr, flush=True)
