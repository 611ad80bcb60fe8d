"""Make a rota at once, for when the search for the best one is cut short."""

from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota


def greedy(problem: Problem) -> Rota:
    """Return a complete rota that breaks no hard rule. Nothing is proven about it."""
    limits = Limits(problem)
    rows = [[FREE] * problem.length for _ in problem.workers]
    present = [[0] * problem.length for _ in problem.posts]

    def place(worker: int, post: int, at: int) -> None:
        rows[worker][at] = post
        present[post][at] += 1

    def is_possible(worker: int, post: int, at: int) -> bool:
        return (
            rows[worker][at] == FREE
            and present[post][at] < problem.posts[post].maximum[at]
            and (worker, at) not in problem.fixed
            and problem.can_hold(worker, post, at)
            and limits.reached(worker, rows[worker], at) is None
        )

    for (worker, at), post in sorted(problem.fixed.items()):
        if post != FREE:
            place(worker, post, at)
    for worker, before in enumerate(problem.previous or ()):
        for at, post in enumerate(before):
            if post != FREE and is_possible(worker, post, at):
                place(worker, post, at)
    by_choice = sorted(
        range(len(problem.workers)), key=lambda worker: len(problem.workers[worker].posts)
    )
    for at in range(problem.length):
        for post, stand in enumerate(problem.posts):
            for worker in by_choice:
                if present[post][at] >= stand.minimum[at]:
                    break
                if is_possible(worker, post, at):
                    place(worker, post, at)
    return tuple(tuple(row) for row in rows)
