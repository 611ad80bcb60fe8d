"""Score a rota: missing cover, the cost of each soft rule, the hard rules broken."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.staffing.engine.excesses import excesses, worse_bounds
from salon.staffing.engine.solving.problem import FREE, RULE_KEYS, Problem, Rota
from salon.staffing.engine.working_time import Bound

AGREED_RUN = 4
"""Half hours in a row on a stand that cost nothing: 2 h."""

TOLERANCE = 1
"""Half hours away from the fair share that cost nothing."""

LUNCH = 2
"""Half hours in a row that make lunch."""


@dataclass(frozen=True)
class Gap:
    """A stand short at a half hour: of `missing` agents, and of agents able to answer `themes`.

    `weight` counts both: one for each agent and each theme that lacks.
    """

    post: int
    at: int
    missing: int
    themes: frozenset[int]

    @property
    def weight(self) -> int:
        return self.missing + len(self.themes)


@dataclass(frozen=True)
class Stint:
    """An agent on a stand from half hour `start` (included) to `end` (excluded)."""

    worker: int
    post: int
    start: int
    end: int


def gaps_of(problem: Problem, rota: Rota) -> list[Gap]:
    """Return where the minimum, or a required theme, lacks; by half hour, then stand."""
    gaps = []
    for at in range(problem.length):
        present: dict[int, list[int]] = {}
        for worker, row in enumerate(rota):
            present.setdefault(row[at], []).append(worker)
        for post, stand in enumerate(problem.posts):
            if not stand.minimum[at]:
                continue
            agents = present.get(post, [])
            themes_present = frozenset().union(
                *(problem.workers[worker].themes for worker in agents)
            )
            lack = Gap(
                post,
                at,
                max(0, stand.minimum[at] - len(agents)),
                stand.required[at] - themes_present,
            )
            if lack.weight:
                gaps.append(lack)
    return gaps


def stints_of(problem: Problem, rota: Rota) -> Iterator[Stint]:
    """Yield the stints of each agent, in time."""
    for worker in range(len(problem.workers)):
        yield from row_stints(problem, worker, rota[worker])


def row_stints(problem: Problem, worker: int, row: Sequence[int]) -> Iterator[Stint]:
    for day in problem.spans:
        at = day.start
        while at < day.stop:
            end = at + 1
            while end < day.stop and row[end] == row[at]:
                end += 1
            if row[at] != FREE:
                yield Stint(worker, row[at], at, end)
            at = end


def row_counts(problem: Problem, worker: int, row: Sequence[int]) -> dict[str, int]:
    """Return how often one agent's schedule breaks each soft rule, `unwished` apart (it is the
    stands').
    """
    agent = problem.workers[worker]
    counts = dict.fromkeys(RULE_KEYS, 0)
    stints = list(row_stints(problem, worker, row))
    load = sum(stint.end - stint.start for stint in stints)
    counts["uneven"] = max(0, abs(load - problem.shares[worker]) - TOLERANCE)
    counts["stint"] = len(stints)
    counts["short"] = sum(lacking_of(problem, stint) for stint in stints)
    counts["long"] = sum(max(0, stint.end - stint.start - AGREED_RUN) for stint in stints)
    counts["lunch"] = sum(not has_lunch(problem, row, day) for day in problem.spans)
    for before, after in itertools.pairwise(stints):
        if before.end == after.start and problem.days[after.start] == problem.days[before.start]:
            halls = (problem.posts[before.post].hall, problem.posts[after.post].hall)
            counts["walking"] += problem.walking.get(halls, 0)
    for at, post in enumerate(row):
        if post != FREE:
            counts["avoided"] += at in agent.avoided
            counts["elsewhere"] += bool(agent.preferred) and post not in agent.preferred
        if problem.previous is not None:
            counts["changed"] += post != problem.previous[worker][at]
    return counts


def lacking_of(problem: Problem, stint: Stint) -> int:
    """Return the half hours that a stint lacks to last as long as it must."""
    return max(0, problem.least_stints[stint.post][stint.start] - (stint.end - stint.start))


def row_cost(problem: Problem, worker: int, row: Sequence[int]) -> int:
    """Return the cost of one agent's schedule; a rota costs their sum, and that of the stands."""
    counts = row_counts(problem, worker, row)
    return sum(getattr(problem.weights, key) * count for key, count in counts.items())


def unwished_by_post(problem: Problem, rota: Rota) -> list[int]:
    """Return agents × half hours short of what each stand wishes for (a minimum that lacks
    included).
    """
    short = [0] * len(problem.posts)
    for at in range(problem.length):
        present = [0] * len(problem.posts)
        for row in rota:
            if row[at] != FREE:
                present[row[at]] += 1
        for post, stand in enumerate(problem.posts):
            short[post] += max(0, stand.wished[at] - present[post])
    return short


def counts_of(problem: Problem, rota: Rota) -> dict[str, int]:
    """Return how often the rota breaks each soft rule."""
    total = dict.fromkeys(RULE_KEYS, 0)
    for worker, row in enumerate(rota):
        for key, count in row_counts(problem, worker, row).items():
            total[key] += count
    total["unwished"] = sum(unwished_by_post(problem, rota))
    return total


def cost_of(problem: Problem, rota: Rota) -> int:
    """Return the cost of the soft rules: the objective once cover is settled."""
    counts = counts_of(problem, rota)
    return sum(getattr(problem.weights, key) * count for key, count in counts.items())


def missing_of(problem: Problem, rota: Rota) -> int:
    """Return the weight of all gaps: the first objective."""
    return sum(gap.weight for gap in gaps_of(problem, rota))


def row_breaks(problem: Problem, worker: int, row: Sequence[int]) -> list[str]:
    """Return the hard rules that one agent's schedule breaks: `fixed`, `available`, `post`, and the
    limits of working time, once for each half hour, day or week.
    """
    broken_rules = []
    agent = problem.workers[worker]
    for at, post in enumerate(row):
        decided = problem.fixed.get((worker, at))
        if decided is not None:
            broken_rules += ["fixed"] if decided != post else []
        elif post != FREE:
            broken_rules += [] if agent.available[at] else ["available"]
            broken_rules += [] if post in agent.posts else ["post"]
    passed = {(bound.limit.value, where) for bound, where in row_excesses(problem, worker, row)}
    return broken_rules + [limit for limit, _ in sorted(passed)]


def row_excesses(problem: Problem, worker: int, row: Sequence[int]) -> dict[tuple[Bound, str], int]:
    """Return by how much one agent's schedule passes each limit of working time."""
    return excesses(_worked(problem, row), problem.workers[worker].limits)


def worse_limits(
    problem: Problem, worker: int, before: Sequence[int], after: Sequence[int]
) -> list[Bound]:
    """Return the limits of working time that a change of schedule makes worse."""
    limits = problem.workers[worker].limits
    return worse_bounds(_worked(problem, before), _worked(problem, after), limits)


def _worked(problem: Problem, row: Sequence[int]) -> list[datetime]:
    return [problem.starts[at] for at, post in enumerate(row) if post != FREE]


def over_maximum(problem: Problem, rota: Rota) -> list[tuple[int, int]]:
    """Return each (stand, half hour) with more agents than its maximum, unless all are fixed."""
    overfull = []
    for at in range(problem.length):
        present = [0] * len(problem.posts)
        decided = [0] * len(problem.posts)
        for worker, row in enumerate(rota):
            if row[at] != FREE:
                present[row[at]] += 1
                decided[row[at]] += problem.fixed.get((worker, at)) == row[at]
        for post, stand in enumerate(problem.posts):
            if present[post] > max(stand.maximum[at], decided[post]):
                overfull.append((post, at))
    return overfull


def has_lunch(problem: Problem, row: Sequence[int], day: range) -> bool:
    """Return whether a schedule leaves its lunch to the agent that day, or the day has no lunch."""
    free_length = 0
    window = False
    for at in day:
        if not problem.lunch[at]:
            continue
        window = True
        free_length = free_length + 1 if row[at] == FREE else 0
        if free_length >= LUNCH:
            return True
    return not window
