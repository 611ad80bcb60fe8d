"""Export the solver's result as JSON: `flask solve-rota` and the stored result of a run."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from salon.platform.words.texts import sorted_names
from salon.staffing.documents.remedies import remedy_json
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of, shifts_outside
from salon.staffing.engine.solving import scoring
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.shortages import Shortage
from salon.staffing.engine.solving.solution import Progress, Solution
from salon.staffing.models import Shift
from salon.staffing.models.effort import Effort
from salon.staffing.presenters import solver_explanations
from salon.staffing.queries.problem import RotaInstance

Json = dict[str, Any]
Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Answer:
    """A rota, with the explanation of its shortages."""

    solution: Solution
    shortages: Sequence[Shortage]


def solve_and_explain(
    problem: Problem,
    effort: Effort,
    report: Report = lambda progress: None,
    stop: Stop = lambda: False,
) -> Answer:
    """Return the rota, with its shortages explained."""
    # The solver is loaded by the worker alone: web workers start without it.
    from salon.staffing.engine.solving.explaining import EFFORT, LITTLE_EFFORT, explain
    from salon.staffing.engine.solving.solve import solve

    solution = solve(problem, effort, report, stop)
    if not solution.missing:
        return Answer(solution, [])
    if stop():
        return Answer(solution, explain(problem, solution.rota, LITTLE_EFFORT))
    return Answer(solution, explain(problem, solution.rota, EFFORT, stop))


def result_of(instance: RotaInstance, answer: Answer) -> Json:
    """Return the result as JSON; `agent_id` and `stand_id` beside the names, `score` rule by
    rule.
    """
    problem, names, solution = instance.problem, instance.names, answer.solution
    stands = [post.name for post in problem.posts]
    bearers = _bearers(instance, solution.rota)
    return {
        "status": solution.status,
        "objective": solution.cost,
        "bound": solution.bound,
        "missing": solution.missing,
        "is_cover_proven": solution.is_cover_proven,
        "seconds": round(solution.seconds, 2),
        "shifts": [
            {
                "agent": names[stint.worker],
                "stand": stands[stint.post],
                "starts_at": _start(instance, stint.start),
                "ends_at": _end(instance, stint.end - 1),
                "agent_id": problem.workers[stint.worker].id,
                "stand_id": problem.posts[stint.post].id,
            }
            for stint in scoring.stints_of(problem, solution.rota)
        ],
        "uncovered": [
            {
                "stand": stands[gap.post],
                "starts_at": _start(instance, gap.at),
                "ends_at": _end(instance, gap.at),
                "missing": gap.missing,
                "themes": _themes(problem, gap.themes),
            }
            for gap in scoring.gaps_of(problem, solution.rota)
        ],
        "needs": [
            {
                "stand": stands[number],
                "starts_at": _start(instance, at),
                "ends_at": _end(instance, at),
                "minimum": post.minimum[at],
                "themes": _themes(problem, post.required[at]),
            }
            for number, post in enumerate(problem.posts)
            for at in range(problem.length)
            if post.minimum[at]
        ],
        "agents": [
            {
                "agent": names[number],
                "stands": sorted_names(stands[post] for post in worker.posts),
                "themes": _themes(problem, worker.themes),
                "available": [
                    [_start(instance, start), _end(instance, end)]
                    for start, end in _runs(problem.days, worker.available)
                ],
            }
            for number, worker in enumerate(problem.workers)
        ],
        "shortages": [shortage_json(instance, shortage) for shortage in answer.shortages],
        "score": [
            {
                "key": key,
                "count": count,
                "weight": getattr(problem.weights, key),
                "bearers": bearers.get(key, []),
            }
            for key, count in scoring.counts_of(problem, solution.rota).items()
        ],
    }


def _bearers(instance: RotaInstance, rota: Rota) -> dict[str, list[tuple[str, int]]]:
    """Return who bears each rule, and how often: agents; stands for the number they wish for."""
    problem, names = instance.problem, instance.names
    counts = [scoring.row_counts(problem, worker, row) for worker, row in enumerate(rota)]
    keys = counts[0] if counts else ()
    bearers = {
        key: [(names[worker], count[key]) for worker, count in enumerate(counts) if count[key]]
        for key in keys
    }
    short = scoring.unwished_by_post(problem, rota)
    stands = zip((post.name for post in problem.posts), short, strict=True)
    return {**bearers, "unwished": [(name, count) for name, count in stands if count]}


def shortage_json(instance: RotaInstance, shortage: Shortage) -> Json:
    """Return a shortage, its reasons and its remedies."""
    problem = instance.problem
    return {
        "what": solver_explanations.shortage_sentence(problem, shortage),
        "stand_id": problem.posts[shortage.post].id,
        "starts_at": _start(instance, shortage.start),
        "ends_at": _end(instance, shortage.end - 1),
        "why": solver_explanations.why_words(problem, shortage),
        "remedies": [remedy_json(problem, shortage, remedy) for remedy in shortage.remedies],
        "is_partial": shortage.is_partial,
    }


def planned_rows(shifts: Sequence[Json], locked: Sequence[Shift]) -> dict[int, list[PlannedShift]]:
    """Return the shifts of a result by agent, locked ones as they are."""
    rows: dict[int, list[PlannedShift]] = {}
    for shift in locked:
        rows.setdefault(shift.agent_id, []).append(planned_shift_of(shift))
    for row in shifts:
        starts_at = datetime.fromisoformat(row["starts_at"])
        ends_at = datetime.fromisoformat(row["ends_at"])
        agent_row = rows.setdefault(row["agent_id"], [])
        pieces = [PlannedShift(row["stand_id"], starts_at, ends_at)]
        for hole in [planned for planned in agent_row if planned.is_locked]:
            pieces = shifts_outside(pieces, hole)
        agent_row += pieces
    return rows


def _themes(problem: Problem, ids: Iterable[int]) -> list[str]:
    return sorted_names(problem.themes[theme] for theme in ids)


def _start(instance: RotaInstance, at: int) -> str:
    return instance.starts[at].isoformat()


def _end(instance: RotaInstance, at: int) -> str:
    return (instance.starts[at] + HALF_HOUR).isoformat()


def _runs(days: Sequence[int], truths: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of truths, within a day."""
    for (_, true), group in groupby(range(len(truths)), key=lambda at: (days[at], truths[at])):
        times = list(group)
        if true:
            yield times[0], times[-1]
