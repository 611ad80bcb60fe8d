"""Make a rota at once, for when the search for the best one is cut short."""

from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem, Rota


def greedy(problem: Problem) -> Rota:
    """Return a complete rota that breaks no hard rule. Nothing is proven about it."""
    limits = Limits(problem)
    rows = [[FREE] * problem.length for _ in problem.workers]
    present = [[0] * problem.length for _ in problem.posts]

    def place(w: int, p: int, t: int) -> None:
        rows[w][t] = p
        present[p][t] += 1

    def is_possible(w: int, p: int, t: int) -> bool:
        return (
            rows[w][t] == FREE
            and present[p][t] < problem.posts[p].maximum[t]
            and (w, t) not in problem.fixed
            and problem.can_hold(w, p, t)
            and limits.reached(w, rows[w], t) is None
        )

    for (w, t), p in sorted(problem.fixed.items()):
        if p != FREE:
            place(w, p, t)
    for w, before in enumerate(problem.previous or ()):
        for t, p in enumerate(before):
            if p != FREE and is_possible(w, p, t):
                place(w, p, t)
    by_choice = sorted(range(len(problem.workers)), key=lambda w: len(problem.workers[w].posts))
    for t in range(problem.length):
        for p, post in enumerate(problem.posts):
            for w in by_choice:
                if present[p][t] >= post.minimum[t]:
                    break
                if is_possible(w, p, t):
                    place(w, p, t)
    return tuple(tuple(row) for row in rows)


def decided_rows(problem: Problem) -> list[list[int]]:
    """Return schedules that hold what is decided and nothing else."""
    return [
        [problem.fixed.get((w, t), FREE) for t in range(problem.length)]
        for w in range(len(problem.workers))
    ]
