"""Apply a remedy to a problem."""

from dataclasses import replace

from salon.staffing.engine.solving.problem import Post, Problem, Worker
from salon.staffing.engine.solving.shortages import Remedy, RemedyKind


def apply_remedy(problem: Problem, remedy: Remedy) -> Problem:
    """Return the problem once the remedy is applied."""
    times = range(remedy.start, remedy.end)
    if remedy.kind == RemedyKind.UNLOCK:
        decided = {
            (worker, at): post
            for (worker, at), post in problem.fixed.items()
            if worker != remedy.worker or at not in times
        }
        return replace(problem, fixed=decided)
    if remedy.worker is not None:
        agent = _changed_worker(problem.workers[remedy.worker], remedy, times)
        workers = list(problem.workers)
        workers[remedy.worker] = agent
        return replace(problem, workers=tuple(workers))
    assert remedy.post is not None
    post = _changed_post(problem.posts[remedy.post], remedy, times)
    posts = list(problem.posts)
    posts[remedy.post] = post
    return replace(problem, posts=tuple(posts))


def _changed_worker(agent: Worker, remedy: Remedy, times: range) -> Worker:
    if remedy.kind == RemedyKind.EXTEND:
        available = tuple(yes or at in times for at, yes in enumerate(agent.available))
        return replace(agent, available=available)
    if remedy.kind == RemedyKind.ALLOW and remedy.post is not None:
        return replace(agent, posts=agent.posts | {remedy.post})
    assert remedy.theme is not None
    return replace(agent, themes=agent.themes | {remedy.theme})


def _changed_post(post: Post, remedy: Remedy, times: range) -> Post:
    def shifted(values: tuple[int, ...], offset: int) -> tuple[int, ...]:
        return tuple(
            max(0, value + offset) if at in times else value for at, value in enumerate(values)
        )

    if remedy.kind == RemedyKind.LOWER:
        return replace(post, minimum=shifted(post.minimum, -remedy.amount))
    if remedy.kind == RemedyKind.ENLARGE:
        return replace(post, maximum=shifted(post.maximum, remedy.amount))
    required = tuple(
        themes - {remedy.theme} if at in times else themes
        for at, themes in enumerate(post.required)
    )
    return replace(post, required=required)
