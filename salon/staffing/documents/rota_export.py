"""What the solver found, in the words of the outside: the JSON of `flask solve-rota`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.engine.solving import scoring
from salon.staffing.engine.solving.problem import Problem
from salon.staffing.engine.solving.shortages import Shortage
from salon.staffing.engine.solving.solution import Progress, Solution
from salon.staffing.models import Shift
from salon.staffing.models.effort import Effort
from salon.staffing.presenters import solver_explanations
from salon.staffing.queries.problem import RotaInstance

Json = dict[str, Any]
Tell = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Answer:
    """A rota, and why something lacks where something does."""

    solution: Solution
    shortages: Sequence[Shortage]


def answer(
    problem: Problem, effort: Effort, tell: Tell = lambda progress: None, stop: Stop = lambda: False
) -> Answer:
    """The rota, and what it lacks explained."""
    # What computes is loaded by the worker alone: web workers start without it.
    from salon.staffing.engine.solving.explaining import explain
    from salon.staffing.engine.solving.solve import solve

    solution = solve(problem, effort, tell, stop)
    return Answer(solution, explain(problem, solution.rota) if solution.missing else [])


def result_of(asked: RotaInstance, answered: Answer) -> Json:
    """The result as JSON; `agent_id` and `stand_id` beside the names, `score` rule by rule."""
    problem, names, solution = asked.problem, asked.names, answered.solution
    stands = [one.name for one in problem.posts]
    return {
        "status": solution.status,
        "objective": solution.cost,
        "bound": solution.bound,
        "missing": solution.missing,
        "is_cover_proven": solution.is_cover_proven,
        "seconds": round(solution.seconds, 2),
        "shifts": [
            {
                "agent": names[one.worker],
                "stand": stands[one.post],
                "starts_at": _start(asked, one.start),
                "ends_at": _end(asked, one.end - 1),
                "agent_id": problem.workers[one.worker].id,
                "stand_id": problem.posts[one.post].id,
            }
            for one in scoring.stints_of(problem, solution.rota)
        ],
        "uncovered": [
            {
                "stand": stands[one.post],
                "starts_at": _start(asked, one.at),
                "ends_at": _end(asked, one.at),
                "missing": one.missing,
                "themes": _themes(problem, one.themes),
            }
            for one in scoring.gaps_of(problem, solution.rota)
        ],
        "needs": [
            {
                "stand": stands[number],
                "starts_at": _start(asked, at),
                "ends_at": _end(asked, at),
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
                "stands": sorted(stands[post] for post in worker.posts),
                "themes": _themes(problem, worker.themes),
                "available": [
                    [_start(asked, start), _end(asked, end)]
                    for start, end in _runs(problem.days, worker.available)
                ],
            }
            for number, worker in enumerate(problem.workers)
        ],
        "shortages": [
            {
                "what": solver_explanations.shortage_sentence(problem, one),
                "why": solver_explanations.why_words(problem, one),
                "remedies": [
                    solver_explanations.remedy_words(problem, one, it) for it in one.remedies
                ],
            }
            for one in answered.shortages
        ],
        "score": [
            {"key": key, "count": count, "weight": getattr(problem.weights, key)}
            for key, count in scoring.counts_of(problem, solution.rota).items()
        ],
    }


def wanted_rows(shifts: Sequence[Json], locked: Sequence[Shift]) -> dict[int, list[PlannedShift]]:
    """The shifts of a result by agent, those that are locked as they are."""
    rows: dict[int, list[PlannedShift]] = {}
    for one in locked:
        kept = PlannedShift(one.stand_id, one.starts_at, one.ends_at, is_locked=True)
        rows.setdefault(one.agent_id, []).append(kept)
    for row in shifts:
        starts_at = datetime.fromisoformat(row["starts_at"])
        ends_at = datetime.fromisoformat(row["ends_at"])
        held = rows.setdefault(row["agent_id"], [])
        holes = sorted((one for one in held if one.is_locked), key=lambda one: one.starts_at)
        held += _around(row["stand_id"], starts_at, ends_at, holes)
    return rows


def _around(
    stand_id: int, starts_at: datetime, ends_at: datetime, holes: Sequence[PlannedShift]
) -> Iterator[PlannedShift]:
    """What a time on a stand leaves outside what is locked."""
    for hole in holes:
        if hole.ends_at <= starts_at or ends_at <= hole.starts_at:
            continue
        if starts_at < hole.starts_at:
            yield PlannedShift(stand_id, starts_at, hole.starts_at)
        starts_at = hole.ends_at
    if starts_at < ends_at:
        yield PlannedShift(stand_id, starts_at, ends_at)


def _themes(problem: Problem, ids: Iterable[int]) -> list[str]:
    return sorted(problem.themes[theme] for theme in ids)


def _start(asked: RotaInstance, at: int) -> str:
    return asked.starts[at].isoformat()


def _end(asked: RotaInstance, at: int) -> str:
    return (asked.starts[at] + HALF_HOUR).isoformat()


def _runs(days: Sequence[int], truths: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of truths, within a day."""
    first = None
    for at, true in enumerate(truths):
        ends = at + 1 == len(truths) or not truths[at + 1] or days[at + 1] != days[at]
        if true and first is None:
            first = at
        if true and ends and first is not None:
            yield first, at
            first = None
