"""Proof of the rota: `python -m bench.rota_proof [villages] [seconds] [acts] [hard|ordinary]`.

For each drawn village (`rota_villages.py` says how): the rota before and after the polish, its gap
to the proven bound, the cover beside that of a plain CP-SAT, and what an independent reading of the
law finds in it and after acts drawn by chance (hand edits, stand-ins, exchanges, reinforcements,
absences, publications).
"""

import sys
import time
from datetime import datetime, timedelta
from random import Random

from ortools.sat.python import cp_model

import salon.models  # noqa: F401  (the tables of all features)
from bench.rota_villages import Size, drawn_village, hard_size, ordinary_size, people_of
from salon.staffing.documents.rota_export import Answer, result_of
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import missing_of
from salon.staffing.engine.solving.solution import Progress, gap_of
from salon.staffing.engine.solving.solve import solve
from salon.staffing.models.effort import Effort
from salon.staffing.queries.problem import RotaInstance
from tests.staffing.limits.law import Person, breaches
from tests.staffing.limits.test_drawn_acts import VillageActs
from tests.staffing.solving.checker import faults

VILLAGES, SECONDS, ACTS = 60, 180.0, 500
"""Seconds: of processor, all threads together; the polish works on two, three minutes are 360."""
PLAIN_S = 30.0
NEAR = 2.0
"""Percent."""
DRAWINGS = {"hard": hard_size, "ordinary": ordinary_size}


def run(villages: int, seconds: float, acts: int, drawing: str) -> None:
    near = 0
    for number in range(villages):
        near += _prove(number, DRAWINGS[drawing](number), seconds, acts)
    print(f"{drawing}: within {NEAR:g} % or proven: {near} of {villages}")


def _prove(number: int, size: Size, seconds: float, acts: int) -> bool:
    problem, people = drawn_village(number, size), people_of(number, size)
    began, quick = time.process_time(), [0, 0]

    def report(progress: Progress) -> None:
        if progress.stage == "soft" and progress.cost is not None:
            quick[:] = progress.cost, progress.bound or 0

    solution = solve(problem, Effort.FULL, report, lambda: time.process_time() - began > seconds)
    spent = time.process_time() - began
    plain = _plain_cover(problem, people)
    unlawful = [
        *faults(_answer(problem, Answer(solution, []))),
        *_past_the_law(people, problem, solution.rota),
    ]
    village = VillageActs(Random(number), people, problem, solution.rota)
    for _ in range(acts):
        village.act()
    gap = gap_of(solution.cost, solution.bound)
    print(
        f"{number:2} {size.words}: missing {solution.missing} (plain {plain}), "
        f"cost {quick[0]} → {solution.cost}, gap {gap_of(*quick) or 0:.2f} → "
        f"{'?' if gap is None else f'{gap:.2f}'} %, {spent:.0f} s, "
        f"{village.done} acts, {village.asked} asked, {len(unlawful)} breaches",
        flush=True,
    )
    assert not unlawful, unlawful
    assert solution.missing == missing_of(problem, solution.rota) <= plain
    return gap is not None and gap <= NEAR


def _answer(problem: Problem, answer: Answer) -> dict[str, object]:
    names = [worker.name for worker in problem.workers]
    return result_of(RotaInstance(problem, (), names, {}, (), {}), answer)


def _past_the_law(people: list[Person], problem: Problem, rota: Rota) -> list[object]:
    return [
        (person, where)
        for person, row in zip(people, rota, strict=True)
        for where in breaches(person, _worked(problem, row))
    ]


def _worked(problem: Problem, row: tuple[int, ...]) -> list[datetime]:
    return [problem.starts[at] for at, post in enumerate(row) if post != FREE]


def _plain_cover(problem: Problem, people: list[Person]) -> int:
    """Return the least missing by one CP-SAT model of booleans, its limits written anew."""
    model = cp_model.CpModel()
    on: dict[tuple[int, int, int], cp_model.IntVar] = {}
    for w, worker in enumerate(problem.workers):
        for at in range(problem.length):
            for post in worker.posts if worker.available[at] else ():
                on[w, post, at] = model.new_bool_var("")
        for day in problem.spans:
            work = {at: [on[w, p, at] for p in worker.posts if (w, p, at) in on] for at in day}
            _limit_day(model, people[w], problem, work)
    gaps: list[cp_model.IntVar] = []
    for p, post in enumerate(problem.posts):
        for at in range(problem.length):
            columns = {w: on[w, p, at] for w in range(len(problem.workers)) if (w, p, at) in on}
            model.add(sum(columns.values()) <= post.maximum[at])
            for theme in (None, *post.required[at]) if post.minimum[at] else ():
                need = post.minimum[at] if theme is None else 1
                gaps.append(model.new_int_var(0, need, ""))
                able = [
                    x for w, x in columns.items() if theme in (None, *problem.workers[w].themes)
                ]
                model.add(sum(able) + gaps[-1] >= need)
    model.minimize(sum(gaps))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = PLAIN_S, 2
    solver.solve(model)
    return round(solver.objective_value)


def _limit_day(
    model: cp_model.CpModel,
    person: Person,
    problem: Problem,
    work: dict[int, list[cp_model.IntVar]],
) -> None:
    half = timedelta(minutes=30)
    times = list(work)
    for at in times:
        model.add(sum(work[at]) <= 1)
    most = min(8.0 if person.under else 10.0, person.most or 10.0)
    model.add(sum(x for at in times for x in work[at]) <= int(most * 2))
    longest = 9 if person.under else 11
    for first in range(len(times) - longest):
        run_of = times[first : first + longest + 1]
        model.add(sum(x for at in run_of for x in work[at]) <= longest)
    wide = timedelta(hours=13 if person.private else 12)
    for early in times:
        for late in times:
            if problem.starts[late] + half - problem.starts[early] > wide:
                model.add(sum(work[early]) + sum(work[late]) <= 1)
    if person.lunch:
        noon = [at for at in times if problem.lunch[at]]
        hours = [model.new_bool_var("") for _ in noon[1:]]
        for hour, early, late in zip(hours, noon, noon[1:], strict=False):
            model.add(sum(work[early]) + sum(work[late]) == 0).only_enforce_if(hour)
        model.add_bool_or(hours)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    defaults = [str(VILLAGES), str(SECONDS), str(ACTS), "hard"]
    villages, seconds, acts, drawing = [*arguments, *defaults[len(arguments) :]]
    run(int(villages), float(seconds), int(acts), drawing)
