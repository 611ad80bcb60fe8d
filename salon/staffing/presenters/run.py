"""Present a run: its cover, the cost of each rule, the agents' shifts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.platform.settings.clock import local
from salon.platform.words.formats import number
from salon.staffing.engine.solving.solution import Progress, gap_of
from salon.staffing.models import RotaRun
from salon.staffing.presenters.labels import RULES, RuleWords


@dataclass(frozen=True)
class ScoreLine:
    rule: RuleWords
    count: int
    weight: int

    @property
    def cost(self) -> int:
        return self.count * self.weight


@dataclass(frozen=True)
class RunView:
    """`gap`: how far the score may be from the best, in percent; None when no bound was proven."""

    missing: int
    is_proven: bool
    cost: int | None
    gap: float | None
    lines: list[ScoreLine]
    shortages: list[dict[str, Any]]
    applied: list[str]
    rows: list[tuple[str, list[dict[str, Any]], float]]

    @property
    def total(self) -> int:
        return sum(line.cost for line in self.lines)


def view_of(run: RotaRun) -> RunView:
    run_result = run.result
    by_agent: dict[str, list[dict[str, object]]] = {}
    for shift in run_result.get("shifts", []):
        read = {**shift, "starts_at": _time(shift["starts_at"]), "ends_at": _time(shift["ends_at"])}
        by_agent.setdefault(shift["agent"], []).append(read)
    cost, bound = run_result.get("objective"), run_result.get("bound")
    return RunView(
        missing=run_result.get("missing", 0),
        is_proven=run_result.get("is_cover_proven", False),
        cost=cost,
        gap=gap_of(cost, bound),
        lines=[
            ScoreLine(RULES[line["key"]], line["count"], line["weight"])
            for line in run_result.get("score", [])
            if line["weight"]
        ],
        shortages=[_with_words(shortage) for shortage in run_result.get("shortages", [])],
        applied=[step["remedy"]["words"] for step in run_result.get("applied", [])],
        rows=[
            (name, shifts, sum(_hours(shift) for shift in shifts))
            for name, shifts in sorted(by_agent.items())
        ],
    )


def _with_words(shortage: dict[str, Any]) -> dict[str, Any]:
    """Return a shortage whose remedies are rows; those of former runs are only words."""
    remedies = [
        remedy if isinstance(remedy, dict) else {"words": remedy, "kind": None}
        for remedy in shortage["remedies"]
    ]
    return {**shortage, "remedies": remedies}


def _time(text: str) -> datetime:
    return local(datetime.fromisoformat(text))


def _hours(shift: dict[str, Any]) -> float:
    length = shift["ends_at"] - shift["starts_at"]
    return float(length.total_seconds() / 3600)


def progress_words(progress: Progress) -> dict[str, object]:
    """Return what a page shows of a report; `gap` in words."""
    gap = "" if progress.gap is None else f"{number(progress.gap)}\u00a0%"
    return {**vars(progress), "gap": gap}
