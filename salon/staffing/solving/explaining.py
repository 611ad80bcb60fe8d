"""Why a rota lacks somebody: who could have come and did not, a proof in figures, and remedies."""

from collections.abc import Iterator
from dataclasses import replace

from salon.staffing.rules import legal
from salon.staffing.solving.cover import cover
from salon.staffing.solving.limits import Limits
from salon.staffing.solving.problem import FREE, Problem, Rota
from salon.staffing.solving.remedies import Allowance, remedies_of
from salon.staffing.solving.scoring import missing_of
from salon.staffing.solving.shortages import (
    Crowd,
    Hindrance,
    Obstacle,
    Shortage,
    shortages_of,
)

EFFORT = 6_000
"""Agents of all the villages solved to verify remedies, shared among the shortages."""

Reason = tuple[Hindrance, int | None, str | None]


def explain(problem: Problem, rota: Rota) -> list[Shortage]:
    """Each shortage of the rota with its obstacles, its proofs and its remedies, these verified."""
    limits = Limits(problem)
    left = EFFORT
    shortages = shortages_of(problem, rota)
    if not shortages:
        return []
    is_best = missing_of(problem, rota) <= cover(replace(problem, previous=None)).missing
    found = []
    for number, one in enumerate(shortages):
        share = left // (len(shortages) - number)
        allowance = Allowance(share)
        tied = tied_stands(problem, rota, one)
        found.append(
            replace(
                one,
                obstacles=tuple(_obstacles(problem, limits, rota, one)),
                crowds=tuple(_crowds(problem, rota, one)),
                remedies=tuple(remedies_of(problem, rota, one, tied, is_best, allowance)),
            )
        )
        left -= share - allowance.left
    return found


def _obstacles(
    problem: Problem, limits: Limits, rota: Rota, shortage: Shortage
) -> Iterator[Obstacle]:
    """What keeps away each agent who may hold the stand and helps, or knows a theme it lacks."""
    for w in range(len(problem.workers)):
        if not _would_help(problem, w, shortage):
            continue
        last: Obstacle | None = None
        for t in range(shortage.start, shortage.end):
            reason = _reason(problem, limits, rota, w, shortage.post, t)
            if reason is None:
                continue
            hindrance, post, limit = reason
            if last and (last.hindrance, last.post, last.limit, last.end) == (*reason, t):
                last = replace(last, end=t + 1)
            else:
                if last:
                    yield last
                last = Obstacle(w, hindrance, t, t + 1, post, limit)
        if last:
            yield last


def _would_help(problem: Problem, worker: int, shortage: Shortage) -> bool:
    who = problem.workers[worker]
    allowed = shortage.missing > 0 and shortage.post in who.posts
    return allowed or bool(who.themes & shortage.themes)


def _reason(
    problem: Problem, limits: Limits, rota: Rota, worker: int, post: int, at: int
) -> Reason | None:
    """Why the agent is not on the stand then; None when they are."""
    who, here = problem.workers[worker], rota[worker][at]
    if here == post:
        return None
    if (worker, at) in problem.fixed:
        return Hindrance.DECIDED, here, None
    if not who.available[at]:
        return Hindrance.ABSENT, None, None
    if post not in who.posts:
        return Hindrance.NOT_ALLOWED, None, None
    limit = limits.reached(worker, rota[worker], at) if here == FREE else None
    if limit:
        return Hindrance.LIMIT, None, limit
    if sum(row[at] == post for row in rota) >= problem.posts[post].maximum[at]:
        return Hindrance.FULL, None, None
    if here != FREE and is_needed(problem, rota, worker, at):
        return Hindrance.NEEDED, here, None
    return Hindrance.NOTHING, None, None


def is_needed(problem: Problem, rota: Rota, worker: int, at: int) -> bool:
    """Whether the stand where the agent is then would lack more without them."""
    post = problem.posts[rota[worker][at]]
    if not post.minimum[at]:
        return False
    others = [w for w, row in enumerate(rota) if row[at] == rota[worker][at] and w != worker]
    known = frozenset().union(*(problem.workers[w].themes for w in others))
    alone = problem.workers[worker].themes & post.required[at] - known
    return len(others) < post.minimum[at] or bool(alone)


def tied_stands(problem: Problem, rota: Rota, shortage: Shortage) -> frozenset[int]:
    """The stand that lacks somebody, and those that keep, directly or not, who could have come."""
    return frozenset().union(
        *(_tied_at(problem, rota, shortage.post, t) for t in range(shortage.start, shortage.end))
    )


def _tied_at(problem: Problem, rota: Rota, post: int, at: int) -> frozenset[int]:
    tied, waiting = {post}, [post]
    while waiting:
        wanted = waiting.pop()
        for w, row in enumerate(rota):
            here = row[at]
            if here in tied or here == FREE or not problem.can_hold(w, wanted, at):
                continue
            if is_needed(problem, rota, w, at):
                tied.add(here)
                waiting.append(here)
    return frozenset(tied)


def _crowds(problem: Problem, rota: Rota, shortage: Shortage) -> Iterator[Crowd]:
    """At most one proof of each kind, for the first half hour that has one."""
    times = range(shortage.start, shortage.end)
    if shortage.missing:
        found = (_crowd_at(problem, _tied_at(problem, rota, shortage.post, t), t) for t in times)
        crowd = next((one for one in found if one), None)
        if crowd:
            yield crowd
    for theme in sorted(shortage.themes):
        known = (_crowd_knowing(problem, theme, t) for t in times)
        crowd = next((one for one in known if one), None)
        if crowd:
            yield crowd


def _crowd_at(problem: Problem, posts: frozenset[int], at: int) -> Crowd | None:
    """Too few people at that half hour; else too few hours around it that the law leaves them."""
    ordered = tuple(sorted(posts))
    asked = sum(problem.posts[p].minimum[at] for p in posts)
    given = sum(_can_hold_one(problem, w, posts, at) for w in range(len(problem.workers)))
    if given < asked:
        return Crowd(ordered, at, at + 1, asked, given)
    day = next(span for span in problem.spans if at in span)
    length = legal.LONGEST_RUN + 1
    firsts = range(max(day.start, at - length + 1), min(at, day.stop - length) + 1)
    windows = [("run", range(first, first + length), legal.LONGEST_RUN) for first in firsts]
    for limit, span, most in (*windows, ("day", day, legal.LONGEST_DAY)):
        asked = sum(problem.posts[p].minimum[t] for p in posts for t in span)
        given = sum(
            min(most, sum(_can_hold_one(problem, w, posts, t) for t in span))
            for w in range(len(problem.workers))
        )
        if given < asked:
            return Crowd(ordered, span.start, span.stop, asked, given, limit)
    return None


def _crowd_knowing(problem: Problem, theme: int, at: int) -> Crowd | None:
    """Too few people who know a theme, for the stands that must have one each."""
    asking = tuple(
        p for p, post in enumerate(problem.posts) if post.minimum[at] and theme in post.required[at]
    )
    knowing = sum(
        _can_hold_one(problem, w, frozenset(asking), at)
        for w, who in enumerate(problem.workers)
        if theme in who.themes
    )
    if knowing < len(asking):
        return Crowd(asking, at, at + 1, len(asking), knowing, theme=theme)
    return None


def _can_hold_one(problem: Problem, worker: int, posts: frozenset[int], at: int) -> bool:
    return any(problem.can_hold(worker, p, at) for p in posts)
