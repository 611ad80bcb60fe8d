"""What a rota is worth: the cover that lacks, what each soft rule costs, which hard rules break."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from salon.staffing.engine.solving.problem import FREE, RULE_KEYS, Problem, Rota
from salon.staffing.rules import legal

AGREED_RUN = 4
"""Half hours in a row on a stand that cost nothing: 2 h."""

TOLERANCE = 1
"""Half hours away from the fair share that cost nothing."""

LUNCH = 2
"""Half hours in a row that make lunch."""


@dataclass(frozen=True)
class Gap:
    """A stand short at a half hour: of `missing` agents, and of somebody who knows `themes`.

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
    """Where the minimum, or a theme that must be there, lacks; by half hour, then stand."""
    found = []
    for t in range(problem.length):
        present: dict[int, list[int]] = {}
        for w, row in enumerate(rota):
            present.setdefault(row[t], []).append(w)
        for p, post in enumerate(problem.posts):
            if not post.minimum[t]:
                continue
            here = present.get(p, [])
            known = frozenset().union(*(problem.workers[w].themes for w in here))
            lack = Gap(p, t, max(0, post.minimum[t] - len(here)), post.required[t] - known)
            if lack.weight:
                found.append(lack)
    return found


def stints_of(problem: Problem, rota: Rota) -> Iterator[Stint]:
    """The stints of each agent, in time."""
    for w in range(len(problem.workers)):
        yield from row_stints(problem, w, rota[w])


def row_stints(problem: Problem, worker: int, row: Sequence[int]) -> Iterator[Stint]:
    for day in problem.spans:
        t = day.start
        while t < day.stop:
            end = t + 1
            while end < day.stop and row[end] == row[t]:
                end += 1
            if row[t] != FREE:
                yield Stint(worker, row[t], t, end)
            t = end


def row_counts(problem: Problem, worker: int, row: Sequence[int]) -> dict[str, int]:
    """How often one agent's row breaks each soft rule, `unwished` apart (it is the stands')."""
    who = problem.workers[worker]
    counts = dict.fromkeys(RULE_KEYS, 0)
    stints = list(row_stints(problem, worker, row))
    load = sum(one.end - one.start for one in stints)
    counts["uneven"] = max(0, abs(load - problem.shares[worker]) - TOLERANCE)
    counts["stint"] = len(stints)
    counts["long"] = sum(max(0, one.end - one.start - AGREED_RUN) for one in stints)
    counts["lunch"] = sum(not _has_lunch(problem, row, day) for day in problem.spans)
    for before, after in itertools.pairwise(stints):
        if before.end == after.start and problem.days[after.start] == problem.days[before.start]:
            halls = (problem.posts[before.post].hall, problem.posts[after.post].hall)
            counts["walking"] += problem.walking.get(halls, 0)
    for t, post in enumerate(row):
        if post != FREE:
            counts["avoided"] += t in who.avoided
            counts["elsewhere"] += bool(who.preferred) and post not in who.preferred
        if problem.previous is not None:
            counts["changed"] += post != problem.previous[worker][t]
    return counts


def row_cost(problem: Problem, worker: int, row: Sequence[int]) -> int:
    """What one agent's row costs; the cost of a rota is their sum, and that of the stands."""
    counts = row_counts(problem, worker, row)
    return sum(getattr(problem.weights, key) * count for key, count in counts.items())


def unwished_of(problem: Problem, rota: Rota) -> int:
    """Agents × half hours short of what the stands wish for (a minimum that lacks included)."""
    short = 0
    for t in range(problem.length):
        here = [0] * len(problem.posts)
        for row in rota:
            if row[t] != FREE:
                here[row[t]] += 1
        short += sum(max(0, post.wished[t] - here[p]) for p, post in enumerate(problem.posts))
    return short


def counts_of(problem: Problem, rota: Rota) -> dict[str, int]:
    """How often the rota breaks each soft rule."""
    total = dict.fromkeys(RULE_KEYS, 0)
    for w, row in enumerate(rota):
        for key, count in row_counts(problem, w, row).items():
            total[key] += count
    total["unwished"] = unwished_of(problem, rota)
    return total


def cost_of(problem: Problem, rota: Rota) -> int:
    """What the soft rules cost: the number to make small once cover is settled."""
    counts = counts_of(problem, rota)
    return sum(getattr(problem.weights, key) * count for key, count in counts.items())


def missing_of(problem: Problem, rota: Rota) -> int:
    """The weight of all gaps: the number to make small first."""
    return sum(one.weight for one in gaps_of(problem, rota))


def row_breaks(problem: Problem, worker: int, row: Sequence[int]) -> list[str]:
    """The hard rules that one agent's row breaks: `fixed`, `available`, `post`, `day`, `width`,
    `run`, `night`."""
    found = []
    who = problem.workers[worker]
    for t, post in enumerate(row):
        decided = problem.fixed.get((worker, t))
        if decided is not None:
            found += ["fixed"] if decided != post else []
        elif post != FREE:
            found += [] if who.available[t] else ["available"]
            found += [] if post in who.posts else ["post"]
    bounds: list[tuple[int, int]] = []
    for day in problem.spans:
        worked = [t for t in day if row[t] != FREE]
        if not worked:
            continue
        bounds.append((worked[0], worked[-1] + 1))
        found += ["day"] if len(worked) > legal.LONGEST_DAY else []
        found += ["width"] if worked[-1] + 1 - worked[0] > legal.WIDEST_DAY else []
        found += ["run"] if _longest_run(worked) > legal.LONGEST_RUN else []
    for before, after in itertools.pairwise(bounds):
        rest = problem.starts[after[0]] - problem.starts[before[1] - 1]
        if rest.total_seconds() / 1800 - 1 < legal.SHORTEST_NIGHT:
            found.append("night")
    return found


def over_maximum(problem: Problem, rota: Rota) -> list[tuple[int, int]]:
    """(stand, half hour) where more agents are than the stand can hold, fixed ones alone apart."""
    found = []
    for t in range(problem.length):
        here = [0] * len(problem.posts)
        decided = [0] * len(problem.posts)
        for w, row in enumerate(rota):
            if row[t] != FREE:
                here[row[t]] += 1
                decided[row[t]] += problem.fixed.get((w, t)) == row[t]
        for p, post in enumerate(problem.posts):
            if here[p] > max(post.maximum[t], decided[p]):
                found.append((p, t))
    return found


def _longest_run(worked: Sequence[int]) -> int:
    longest = run = 0
    for position, t in enumerate(worked):
        run = run + 1 if position and worked[position - 1] == t - 1 else 1
        longest = max(longest, run)
    return longest


def _has_lunch(problem: Problem, row: Sequence[int], day: range) -> bool:
    free = 0
    window = False
    for t in day:
        if not problem.lunch[t]:
            continue
        window = True
        free = free + 1 if row[t] == FREE else 0
        if free >= LUNCH:
            return True
    return not window
