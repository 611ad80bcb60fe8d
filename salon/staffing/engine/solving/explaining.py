"""Explain why a rota lacks agents: obstacles, a proof in figures, and remedies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.remedies import Budget, RemedySearch
from salon.staffing.engine.solving.scoring import missing_of
from salon.staffing.engine.solving.shortages import (
    Bottleneck,
    Hindrance,
    Obstacle,
    Shortage,
    is_needed,
    shortages_of,
)

EFFORT, LITTLE_EFFORT = 150_000, 30_000
"""Half hours of agents to place again, in all, to verify remedies; shared among the shortages."""

Stop = Callable[[], bool]
Reason = tuple[Hindrance, int | None, str | None]


def explain(
    problem: Problem, rota: Rota, effort: int = EFFORT, stop: Stop = lambda: False
) -> list[Shortage]:
    """Return each shortage of the rota with its obstacles, proofs and verified remedies."""
    shortages = shortages_of(problem, rota)
    if not shortages:
        return []
    limits = Limits(problem)
    is_best = missing_of(problem, rota) <= cover(replace(problem, previous=None)).missing
    left = effort
    explained = []
    for number, shortage in enumerate(shortages):
        tied = {
            at: _tied_at(problem, rota, shortage.post, at)
            for at in range(shortage.start, shortage.end)
        }
        share = left // (len(shortages) - number)
        budget = Budget(share, stop)
        case = RemedySearch(
            problem, rota, shortage, frozenset().union(*tied.values()), is_best, budget
        )
        remedies = tuple(case.remedies())
        explained.append(
            replace(
                shortage,
                obstacles=tuple(_obstacles(problem, limits, rota, shortage)),
                bottlenecks=tuple(_bottlenecks(problem, shortage, tied)),
                remedies=remedies,
                is_partial=budget.is_spent,
            )
        )
        left -= share - budget.left
    return explained


def _obstacles(
    problem: Problem, limits: Limits, rota: Rota, shortage: Shortage
) -> Iterator[Obstacle]:
    """Yield the obstacles of each agent able to hold the stand, or to answer a theme it lacks."""
    for worker in range(len(problem.workers)):
        if not _would_help(problem, worker, shortage):
            continue
        last: Obstacle | None = None
        for at in range(shortage.start, shortage.end):
            reason = _reason(problem, limits, rota, worker, shortage.post, at)
            if reason is None:
                continue
            hindrance, post, limit = reason
            if last and (last.hindrance, last.post, last.limit, last.end) == (*reason, at):
                last = replace(last, end=at + 1)
            else:
                if last:
                    yield last
                last = Obstacle(worker, hindrance, at, at + 1, post, limit)
        if last:
            yield last


def _would_help(problem: Problem, worker: int, shortage: Shortage) -> bool:
    agent = problem.workers[worker]
    allowed = shortage.missing > 0 and shortage.post in agent.posts
    return allowed or bool(agent.themes & shortage.themes)


def _reason(
    problem: Problem, limits: Limits, rota: Rota, worker: int, post: int, at: int
) -> Reason | None:
    """Return why the agent is not on the stand then; None when they are."""
    agent, current_post = problem.workers[worker], rota[worker][at]
    if current_post == post:
        return None
    if (worker, at) in problem.fixed:
        return Hindrance.DECIDED, current_post, None
    if not agent.available[at]:
        return Hindrance.ABSENT, None, None
    if post not in agent.posts:
        return Hindrance.NOT_ALLOWED, None, None
    limit = limits.reached(worker, rota[worker], at) if current_post == FREE else None
    if limit:
        return Hindrance.LIMIT, None, limit
    if sum(row[at] == post for row in rota) >= problem.posts[post].maximum[at]:
        return Hindrance.FULL, None, None
    if current_post != FREE and is_needed(problem, rota, worker, at):
        return Hindrance.NEEDED, current_post, None
    return Hindrance.NOTHING, None, None


def _tied_at(problem: Problem, rota: Rota, post: int, at: int) -> frozenset[int]:
    """Return the stand that lacks agents, and those that hold, directly or not, an agent who could
    have come.
    """
    tied, waiting = {post}, [post]
    while waiting:
        short_post = waiting.pop()
        for worker, row in enumerate(rota):
            current_post = row[at]
            if (
                current_post in tied
                or current_post == FREE
                or not problem.can_hold(worker, short_post, at)
            ):
                continue
            if is_needed(problem, rota, worker, at):
                tied.add(current_post)
                waiting.append(current_post)
    return frozenset(tied)


def _bottlenecks(
    problem: Problem, shortage: Shortage, tied: Mapping[int, frozenset[int]]
) -> Iterator[Bottleneck]:
    """Yield at most one proof of each kind, for the first half hour that has one."""
    if shortage.missing:
        bottlenecks = (_bottleneck_at(problem, posts, at) for at, posts in tied.items())
        bottleneck = next((proof for proof in bottlenecks if proof), None)
        if bottleneck:
            yield bottleneck
    for theme in sorted(shortage.themes):
        theme_bottlenecks = (_theme_bottleneck(problem, theme, at) for at in tied)
        bottleneck = next((proof for proof in theme_bottlenecks if proof), None)
        if bottleneck:
            yield bottleneck


def _bottleneck_at(problem: Problem, posts: frozenset[int], at: int) -> Bottleneck | None:
    """Return a proof: too few agents at that half hour, else too few legal hours around it."""
    ordered = tuple(sorted(posts))
    demand = sum(problem.posts[post].minimum[at] for post in posts)
    supply = sum(_is_able(problem, worker, posts, at) for worker in range(len(problem.workers)))
    if supply < demand:
        return Bottleneck(ordered, at, at + 1, demand, supply)
    day = next(span for span in problem.spans if at in span)
    length = max((agent.limits.run for agent in problem.workers), default=0) + 1
    firsts = range(max(day.start, at - length + 1), min(at, day.stop - length) + 1)
    windows = [("run", range(first, first + length)) for first in firsts]
    for limit, span in (*windows, ("day", day)):
        demand = sum(problem.posts[post].minimum[half_hour] for post in posts for half_hour in span)
        supply = sum(
            min(
                agent.limits.day if limit == "day" else length - 1,
                sum(_is_able(problem, worker, posts, half_hour) for half_hour in span),
            )
            for worker, agent in enumerate(problem.workers)
        )
        if supply < demand:
            return Bottleneck(ordered, span.start, span.stop, demand, supply, limit)
    return None


def _theme_bottleneck(problem: Problem, theme: int, at: int) -> Bottleneck | None:
    """Return a proof: too few agents able to answer a theme, for the stands that must have one
    each.
    """
    asking = tuple(
        post
        for post, stand in enumerate(problem.posts)
        if stand.minimum[at] and theme in stand.required[at]
    )
    knowing = sum(
        _is_able(problem, worker, frozenset(asking), at)
        for worker, agent in enumerate(problem.workers)
        if theme in agent.themes
    )
    if knowing < len(asking):
        return Bottleneck(asking, at, at + 1, len(asking), knowing, theme=theme)
    return None


def _is_able(problem: Problem, worker: int, posts: frozenset[int], at: int) -> bool:
    """Return whether the agent can hold one of the stands then."""
    decided = problem.fixed.get((worker, at))
    if decided is not None:
        return decided in posts
    agent = problem.workers[worker]
    return agent.available[at] and not agent.posts.isdisjoint(posts)
