"""Explain why an agent has a shift: what they bring, and what a colleague instead would cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import (
    Stint,
    missing_of,
    row_counts,
    row_stints,
    worse_limits,
)

MOST_COLLEAGUES = 5
"""The most colleagues listed as free to replace: the cheapest ones."""


class ReasonKind(StrEnum):
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
    """The extra cost of a soft rule, and for which agent."""

    worker: int
    key: str
    cost: int


@dataclass(frozen=True)
class Reason:
    """A reason for a shift. LOCKED: decided by hand. THEME: nobody else there can answer `theme`.
    NEEDED: the minimum would lack. ONLY: nobody else may hold the stand all that time. WISH: the
    agent wishes for it. SHARE: `amount` half hours under the fair share, or just at it.

    Of a colleague, `worker`, who may hold the stand all that time. ELSEWHERE: on `post` meanwhile.
    LIMIT: would pass the legal `limit`. LACKS: `amount` more would lack. DEARER, SAME, CHEAPER:
    would cost `amount` more (less), mostly for `rules`.
    """

    kind: ReasonKind
    worker: int | None = None
    post: int | None = None
    theme: int | None = None
    limit: str | None = None
    amount: int = 0
    rules: tuple[RuleCost, ...] = ()


def reasons_of(problem: Problem, rota: Rota, worker: int, at: int) -> list[Reason]:
    """Return the reasons for the stint that holds that half hour; empty when the agent is free
    then.
    """
    stints = row_stints(problem, worker, rota[worker])
    stint = next((stint for stint in stints if stint.start <= at < stint.end), None)
    if stint is None:
        return []
    reasons = [*_own(problem, rota, stint)]
    colleagues = [*_colleagues(problem, rota, stint)]
    if not colleagues:
        reasons.append(Reason(ReasonKind.ONLY))
    free = [
        reason
        for reason in colleagues
        if reason.kind not in (ReasonKind.ELSEWHERE, ReasonKind.LIMIT)
    ]
    free.sort(key=lambda reason: (reason.kind == ReasonKind.LACKS, reason.amount, reason.worker))
    unavailable = [
        reason for reason in colleagues if reason.kind in (ReasonKind.ELSEWHERE, ReasonKind.LIMIT)
    ]
    return reasons + unavailable + [_unsigned(reason) for reason in free[:MOST_COLLEAGUES]]


def _unsigned(reason: Reason) -> Reason:
    return Reason(reason.kind, worker=reason.worker, amount=abs(reason.amount), rules=reason.rules)


def _own(problem: Problem, rota: Rota, stint: Stint) -> Iterator[Reason]:
    """Yield what the agent brings."""
    agent, post = problem.workers[stint.worker], problem.posts[stint.post]
    times = range(stint.start, stint.end)
    if any((stint.worker, at) in problem.fixed for at in times):
        yield Reason(ReasonKind.LOCKED)
    themes: set[int] = set()
    is_needed = False
    for at in times:
        if not post.minimum[at]:
            continue
        colleagues = [
            worker
            for worker, row in enumerate(rota)
            if row[at] == stint.post and worker != stint.worker
        ]
        themes_present = frozenset().union(
            *(problem.workers[worker].themes for worker in colleagues)
        )
        themes |= agent.themes & post.required[at] - themes_present
        is_needed |= len(colleagues) < post.minimum[at]
    yield from (Reason(ReasonKind.THEME, theme=theme) for theme in sorted(themes))
    if is_needed:
        yield Reason(ReasonKind.NEEDED)
    if stint.post in agent.preferred:
        yield Reason(ReasonKind.WISH)
    load = sum(post != FREE for post in rota[stint.worker])
    if load <= problem.shares[stint.worker]:
        yield Reason(ReasonKind.SHARE, amount=problem.shares[stint.worker] - load)


def _colleagues(problem: Problem, rota: Rota, stint: Stint) -> Iterator[Reason]:
    """Yield, for each colleague who may hold the stand all that time, the obstacle or the cost."""
    times = range(stint.start, stint.end)
    for worker in range(len(problem.workers)):
        if worker == stint.worker or not all(
            problem.can_hold(worker, stint.post, at) for at in times
        ):
            continue
        places = [rota[worker][at] for at in times if rota[worker][at] != FREE]
        if places:
            yield Reason(ReasonKind.ELSEWHERE, worker=worker, post=places[0])
        else:
            yield _replaced(problem, rota, stint, worker)


def _replaced(problem: Problem, rota: Rota, stint: Stint, colleague: int) -> Reason:
    """Return the effect of putting a free colleague there instead; `amount` below 0 when it costs
    less.
    """
    times = range(stint.start, stint.end)
    rows = list(rota)
    rows[stint.worker] = _with(rota[stint.worker], times, FREE)
    rows[colleague] = _with(rota[colleague], times, stint.post)
    if worse := worse_limits(problem, colleague, rota[colleague], rows[colleague]):
        return Reason(ReasonKind.LIMIT, worker=colleague, limit=worse[0].limit)
    lacks = missing_of(problem, tuple(rows)) - missing_of(problem, rota)
    if lacks > 0:
        return Reason(ReasonKind.LACKS, worker=colleague, amount=lacks)
    changes = [
        RuleCost(worker, key, cost)
        for worker in (colleague, stint.worker)
        for key, cost in _dearer(problem, worker, rota[worker], rows[worker]).items()
    ]
    total = sum(change.cost for change in changes)
    rules = sorted(
        (change for change in changes if change.cost > 0),
        key=lambda change: (-change.cost, change.key),
    )
    kind = ReasonKind.DEARER if total > 0 else ReasonKind.CHEAPER if total < 0 else ReasonKind.SAME
    return Reason(kind, worker=colleague, amount=total, rules=tuple(rules))


def _with(row: Sequence[int], times: range, post: int) -> tuple[int, ...]:
    return tuple(post if at in times else current for at, current in enumerate(row))


def _dearer(
    problem: Problem, worker: int, row: Sequence[int], changed: Sequence[int]
) -> dict[str, int]:
    """Return the extra cost of each soft rule for an agent, once their schedule is changed."""
    before, after = row_counts(problem, worker, row), row_counts(problem, worker, changed)
    return {key: getattr(problem.weights, key) * (after[key] - before[key]) for key in before}
