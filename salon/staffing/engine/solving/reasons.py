"""Why this agent has this shift: what they bring, and what a colleague instead would cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import (
    Stint,
    missing_of,
    row_breaks,
    row_counts,
    row_stints,
)

MOST_COLLEAGUES = 5
"""Colleagues free to replace who are told of: those who would cost least."""


class Ground(StrEnum):
    LOCKED = "locked"
    THEME = "theme"
    NEEDED = "needed"
    ONLY = "only"
    WISH = "wish"
    SHARE = "share"
    ELSEWHERE = "elsewhere"
    LIMIT = "limit"
    LACKS = "lacks"
    DEARER = "dearer"
    SAME = "same"
    CHEAPER = "cheaper"


@dataclass(frozen=True)
class RuleCost:
    """What a soft rule would cost more, and for whom."""

    worker: int
    key: str
    cost: int


@dataclass(frozen=True)
class Reason:
    """LOCKED: decided by hand. THEME: nobody else there knows `theme`. NEEDED: the minimum would
    lack. ONLY: nobody else may hold the stand all that time. WISH: the agent wishes for it.
    SHARE: `amount` half hours under the fair share, or just at it.

    Of a colleague, `worker`, who may hold the stand all that time. ELSEWHERE: on `post` meanwhile.
    LIMIT: would pass the legal `limit`. LACKS: `amount` more would lack. DEARER, SAME, CHEAPER:
    would cost `amount` more (less), mostly for `rules`.
    """

    ground: Ground
    worker: int | None = None
    post: int | None = None
    theme: int | None = None
    limit: str | None = None
    amount: int = 0
    rules: tuple[RuleCost, ...] = ()


def why(problem: Problem, rota: Rota, worker: int, at: int) -> list[Reason]:
    """Why the agent has the stint that holds that half hour; nothing when they are free then."""
    stints = row_stints(problem, worker, rota[worker])
    stint = next((one for one in stints if one.start <= at < one.end), None)
    if stint is None:
        return []
    found = [*_own(problem, rota, stint)]
    colleagues = [*_colleagues(problem, rota, stint)]
    if not colleagues:
        found.append(Reason(Ground.ONLY))
    free = [one for one in colleagues if one.ground not in (Ground.ELSEWHERE, Ground.LIMIT)]
    free.sort(key=lambda one: (one.ground == Ground.LACKS, one.amount, one.worker))
    others = [one for one in colleagues if one.ground in (Ground.ELSEWHERE, Ground.LIMIT)]
    return found + others + [_unsigned(one) for one in free[:MOST_COLLEAGUES]]


def _unsigned(one: Reason) -> Reason:
    return Reason(one.ground, worker=one.worker, amount=abs(one.amount), rules=one.rules)


def _own(problem: Problem, rota: Rota, stint: Stint) -> Iterator[Reason]:
    """What the agent brings."""
    who, post = problem.workers[stint.worker], problem.posts[stint.post]
    times = range(stint.start, stint.end)
    if any((stint.worker, t) in problem.fixed for t in times):
        yield Reason(Ground.LOCKED)
    themes: set[int] = set()
    is_needed = False
    for t in times:
        if not post.minimum[t]:
            continue
        others = [w for w, row in enumerate(rota) if row[t] == stint.post and w != stint.worker]
        known = frozenset().union(*(problem.workers[w].themes for w in others))
        themes |= who.themes & post.required[t] - known
        is_needed |= len(others) < post.minimum[t]
    yield from (Reason(Ground.THEME, theme=theme) for theme in sorted(themes))
    if is_needed:
        yield Reason(Ground.NEEDED)
    if stint.post in who.preferred:
        yield Reason(Ground.WISH)
    load = sum(one != FREE for one in rota[stint.worker])
    if load <= problem.shares[stint.worker]:
        yield Reason(Ground.SHARE, amount=problem.shares[stint.worker] - load)


def _colleagues(problem: Problem, rota: Rota, stint: Stint) -> Iterator[Reason]:
    """What keeps each colleague who may hold the stand all that time, or what they would cost."""
    times = range(stint.start, stint.end)
    for w in range(len(problem.workers)):
        if w == stint.worker or not all(problem.can_hold(w, stint.post, t) for t in times):
            continue
        places = [rota[w][t] for t in times if rota[w][t] != FREE]
        if places:
            yield Reason(Ground.ELSEWHERE, worker=w, post=places[0])
        else:
            yield _replaced(problem, rota, stint, w)


def _replaced(problem: Problem, rota: Rota, stint: Stint, other: int) -> Reason:
    """What putting a free colleague there instead would do; `amount` below 0 when it costs less."""
    times = range(stint.start, stint.end)
    rows = list(rota)
    rows[stint.worker] = _with(rota[stint.worker], times, FREE)
    rows[other] = _with(rota[other], times, stint.post)
    broken = Counter(row_breaks(problem, other, rows[other]))
    broken -= Counter(row_breaks(problem, other, rota[other]))
    if broken:
        return Reason(Ground.LIMIT, worker=other, limit=min(broken))
    lacks = missing_of(problem, tuple(rows)) - missing_of(problem, rota)
    if lacks > 0:
        return Reason(Ground.LACKS, worker=other, amount=lacks)
    changes = [
        RuleCost(w, key, cost)
        for w in (other, stint.worker)
        for key, cost in _dearer(problem, w, rota[w], rows[w]).items()
    ]
    total = sum(one.cost for one in changes)
    rules = sorted((one for one in changes if one.cost > 0), key=lambda one: (-one.cost, one.key))
    ground = Ground.DEARER if total > 0 else Ground.CHEAPER if total < 0 else Ground.SAME
    return Reason(ground, worker=other, amount=total, rules=tuple(rules))


def _with(row: Sequence[int], times: range, post: int) -> tuple[int, ...]:
    return tuple(post if t in times else one for t, one in enumerate(row))


def _dearer(
    problem: Problem, worker: int, row: Sequence[int], changed: Sequence[int]
) -> dict[str, int]:
    """What each soft rule costs more for an agent, once their row is changed."""
    before, after = row_counts(problem, worker, row), row_counts(problem, worker, changed)
    return {key: getattr(problem.weights, key) * (after[key] - before[key]) for key in before}
