"""Present a run: its cover, the cost of each rule and who bears it, what changes, the shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from salon.platform.settings.clock import local
from salon.platform.words.formats import duration, number
from salon.platform.words.texts import folded
from salon.staffing.engine.shift_changes import Matched, PlannedShift, match
from salon.staffing.engine.solving.solution import Progress, gap_of
from salon.staffing.models import Agent, RotaRun, Shift
from salon.staffing.presenters.labels import RULES, RuleWords


@dataclass(frozen=True)
class ScoreLine:
    """`bearers`: the agents that the rule costs, or stands that wish for more, with how often."""

    rule: RuleWords
    count: int
    weight: int
    bearers: Sequence[tuple[str, int]]

    @property
    def cost(self) -> int:
        return self.count * self.weight


@dataclass(frozen=True)
class AgentDifference:
    """An agent whose shifts the proposal changes, compared with the draft."""

    agent: Agent
    matched: Matched[Shift, PlannedShift]


@dataclass(frozen=True)
class RunView:
    """`gap`: how far the score may be from the best, in percent; None when no bound was proven.

    `differences`: what changes in the draft, by agent; `rows`: name, shifts and length of each.
    """

    missing: int
    is_proven: bool
    cost: int | None
    gap: float | None
    lines: list[ScoreLine]
    shortages: list[dict[str, object]]
    applied: list[str]
    differences: list[AgentDifference]
    rows: list[tuple[str, list[dict[str, object]], str]]

    @property
    def shifts_changed(self) -> int:
        return sum(difference.matched.changes for difference in self.differences)

    @property
    def total(self) -> int:
        return sum(line.cost for line in self.lines)


def view_of(
    run: RotaRun,
    agents: Sequence[Agent],
    draft: Mapping[int, Sequence[Shift]],
    proposed: Mapping[int, Sequence[PlannedShift]],
) -> RunView:
    """Return a run beside the draft; `draft` and `proposed`: the shifts of each agent."""
    run_result = run.result
    by_agent: dict[int, list[dict[str, Any]]] = {}
    for shift in run_result.get("shifts", []):
        read = {**shift, "starts_at": _time(shift["starts_at"]), "ends_at": _time(shift["ends_at"])}
        by_agent.setdefault(shift["agent_id"], []).append(read)
    name_keys = {agent.id: agent.name_key for agent in agents}
    in_order = sorted(
        by_agent.items(),
        key=lambda row: (name_keys.get(row[0], folded(row[1][0]["agent"])), row[0]),
    )
    cost, bound = run_result.get("objective"), run_result.get("bound")
    return RunView(
        missing=run_result.get("missing", 0),
        is_proven=run_result.get("is_cover_proven", False),
        cost=cost,
        gap=gap_of(cost, bound),
        lines=[
            ScoreLine(
                RULES[line["key"]],
                line["count"],
                line["weight"],
                sorted(line.get("bearers", ()), key=lambda bearer: (-bearer[1], folded(bearer[0]))),
            )
            for line in run_result.get("score", [])
            if line["weight"]
        ],
        shortages=[_with_words(shortage) for shortage in run_result.get("shortages", [])],
        applied=[step["remedy"]["words"] for step in run_result.get("applied", [])],
        differences=_differences(agents, draft, proposed),
        rows=[(shifts[0]["agent"], shifts, _length(shifts)) for _, shifts in in_order],
    )


def _differences(
    agents: Sequence[Agent],
    draft: Mapping[int, Sequence[Shift]],
    proposed: Mapping[int, Sequence[PlannedShift]],
) -> list[AgentDifference]:
    differences = []
    for agent in sorted(agents, key=lambda agent: (agent.name_key, agent.id)):
        matched = match(draft.get(agent.id, ()), proposed.get(agent.id, ()))
        if matched.changes:
            differences.append(AgentDifference(agent, matched))
    return differences


def _with_words(shortage: dict[str, Any]) -> dict[str, Any]:
    """Return a shortage whose remedies are rows; those of former runs are only words."""
    remedies = [
        remedy if isinstance(remedy, dict) else {"words": remedy, "kind": None}
        for remedy in shortage["remedies"]
    ]
    return {**shortage, "remedies": remedies}


def _time(text: str) -> datetime:
    return local(datetime.fromisoformat(text))


def _length(shifts: Sequence[dict[str, Any]]) -> str:
    return duration(sum((shift["ends_at"] - shift["starts_at"] for shift in shifts), timedelta()))


def progress_words(progress: Progress) -> dict[str, object]:
    """Return what a page shows of a report; `gap` in words."""
    gap = "" if progress.gap is None else f"{number(progress.gap)}\u00a0%"
    return {**vars(progress), "gap": gap}
