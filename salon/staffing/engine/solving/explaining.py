"""Why a rota lacks somebody: who could have come and did not, a proof in figures, and remedies."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.remedies import Case
from salon.staffing.engine.solving.scoring import missing_of
from salon.staffing.engine.solving.shortages import (
    Crowd,
    Hindrance,
    Obstacle,
    Shortage,
    is_needed,
    shortages_of,
)
from salon.staffing.rules import legal

EFFORT = 30_000
"""Half hours of agents to place again, in all, to verify remedies; shared among the shortages."""

Reason = tuple[Hindrance, int | None, str | None]


def explain(problem: Problem, rota: Rota) -> list[Shortage]:
    """Each shortage of the rota with its obstacles, its proofs and its remedies, these verified."""
    shortages = shortages_of(problem, rota)
    if not shortages:
        return []
    limits = Limits(problem)
    is_best = missing_of(problem, rota) <= cover(replace(problem, previous=None)).missing
    left = EFFORT
    found = []
    for number, one in enumerate(shortages):
        tied = {t: _tied_at(problem, rota, one.post, t) for t in range(one.start, one.end)}
        share = left // (len(shortages) - number)
        case = Case(problem, rota, one, frozenset().union(*tied.values()), is_best, share)
        found.append(
            replace(
                one,
                obstacles=tuple(_obstacles(problem, limits, rota, one)),
                crowds=tuple(_crowds(problem, one, tied)),
                remedies=tuple(case.remedies()),
            )
        )
        left -= share - case.left
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


def _tied_at(problem: Problem, rota: Rota, post: int, at: int) -> frozenset[int]:
    """The stand that lacks somebody, and those that keep, directly or not, who could have come."""
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


def _crowds(
    problem: Problem, shortage: Shortage, tied: Mapping[int, frozenset[int]]
) -> Iterator[Crowd]:
    """At most one proof of each kind, for the first half hour that has one."""
    if shortage.missing:
        found = (_crowd_at(problem, posts, t) for t, posts in tied.items())
        crowd = next((one for one in found if one), None)
        if crowd:
            yield crowd
    for theme in sorted(shortage.themes):
        known = (_crowd_knowing(problem, theme, t) for t in tied)
        crowd = next((one for one in known if one), None)
        if crowd:
            yield crowd


def _crowd_at(problem: Problem, posts: frozenset[int], at: int) -> Crowd | None:
    """Too few people at that half hour; else too few hours around it that the law leaves them."""
    ordered = tuple(sorted(posts))
    asked = sum(problem.posts[p].minimum[at] for p in posts)
    given = sum(_is_able(problem, w, posts, at) for w in range(len(problem.workers)))
    if given < asked:
        return Crowd(ordered, at, at + 1, asked, given)
    day = next(span for span in problem.spans if at in span)
    length = legal.LONGEST_RUN + 1
    firsts = range(max(day.start, at - length + 1), min(at, day.stop - length) + 1)
    windows = [("run", range(first, first + length), legal.LONGEST_RUN) for first in firsts]
    for limit, span, most in (*windows, ("day", day, legal.LONGEST_DAY)):
        asked = sum(problem.posts[p].minimum[t] for p in posts for t in span)
        given = sum(
            min(most, sum(_is_able(problem, w, posts, t) for t in span))
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
        _is_able(problem, w, frozenset(asking), at)
        for w, who in enumerate(problem.workers)
        if theme in who.themes
    )
    if knowing < len(asking):
        return Crowd(asking, at, at + 1, len(asking), knowing, theme=theme)
    return None


def _is_able(problem: Problem, worker: int, posts: frozenset[int], at: int) -> bool:
    """Whether the agent can hold one of the stands then."""
    decided = problem.fixed.get((worker, at))
    if decided is not None:
        return decided in posts
    who = problem.workers[worker]
    return who.available[at] and not who.posts.isdisjoint(posts)
