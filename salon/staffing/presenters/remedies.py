"""Present what a remedy would do: who works when, before and after, at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.platform.words.formats import hours_of
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import cost_of, missing_of, row_stints
from salon.staffing.engine.working_time import Limit
from salon.staffing.presenters.grid_words import span_words


@dataclass(frozen=True)
class RemedyRow:
    """An agent whose shifts change. `limits`: the hours worked each day, beside the limit."""

    name: str
    before: list[str]
    after: list[str]
    limits: list[str]


@dataclass(frozen=True)
class RemedyView:
    words: str
    missing: tuple[int, int]
    cost: tuple[int, int]
    rows: list[RemedyRow]


def remedy_view(
    words: str, former: Problem, problem: Problem, before: Rota, after: Rota
) -> RemedyView:
    """Return what a remedy makes of a rota; `former`: the problem before it."""
    return RemedyView(
        words=words[0].upper() + words[1:],
        missing=(missing_of(former, before), missing_of(problem, after)),
        cost=(cost_of(former, before), cost_of(problem, after)),
        rows=[
            RemedyRow(
                problem.workers[worker].name,
                _shifts(problem, worker, before[worker]),
                _shifts(problem, worker, row),
                _limits(problem, worker, row),
            )
            for worker, row in enumerate(after)
            if row != before[worker]
        ],
    )


def _shifts(problem: Problem, worker: int, row: Sequence[int]) -> list[str]:
    return [
        f"{span_words(problem, stint.start, stint.end)}\u00a0: {problem.posts[stint.post].name}"
        for stint in row_stints(problem, worker, row)
    ]


def _limits(problem: Problem, worker: int, row: Sequence[int]) -> list[str]:
    """Return « 8 h de travail (10 h de travail par jour au plus, décret…) » of each day."""
    rule = problem.workers[worker].limits.strictest(Limit.DAY).rule
    hours = [sum(row[at] != FREE for at in day) for day in problem.spans]
    return [f"{hours_of(half_hours)} de travail ({rule})" for half_hours in hours if half_hours]
