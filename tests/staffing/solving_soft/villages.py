"""Small villages drawn for the soft rules, and the best rota of each by looking at them all."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Post, Problem, Rota, Weights, Worker
from salon.staffing.engine.solving.scoring import cost_of, missing_of, over_maximum
from salon.staffing.engine.working_time import limits_of

Row = tuple[int, ...]
WALKING = {("A", "B"): 4, ("B", "A"): 3}


def starts_of(days: Sequence[int], first: str = "06:30", apart: int = 24) -> list[datetime]:
    """Return half hours in a row on each day; `apart`: hours between the beginnings of two days."""
    opening = datetime.fromisoformat(f"2026-10-01T{first}").replace(tzinfo=UTC)
    starts: list[datetime] = []
    for day in sorted(set(days)):
        starts += [
            opening + timedelta(hours=apart * day, minutes=30 * t) for t in range(days.count(day))
        ]
    return starts


def village(
    draw: Random,
    agents: int,
    days: Sequence[int] = (0,) * 5,
    stands: int = 2,
    share_decided: float = 0.0,
    has_previous: bool = False,
    starts: Sequence[datetime] | None = None,
) -> Problem:
    length = len(days)
    posts = []
    for number in range(stands):
        minimum = [draw.choice((0, 1, 1, 2)) for _ in days]
        posts.append(
            Post(
                id=number + 1,
                name=f"Stand {number}",
                body="b",
                hall=draw.choice("AB"),
                minimum=tuple(minimum),
                wished=tuple(max(0, item + draw.choice((0, 0, 1, -1))) for item in minimum),
                maximum=tuple(max(1, item + draw.choice((0, 1))) for item in minimum),
                required=tuple(
                    frozenset(draw.sample(range(2), draw.choice((0, 0, 1)))) for _ in days
                ),
            )
        )
    workers = [
        Worker(
            id=number + 1,
            name=f"Agent {number}",
            body="b",
            posts=frozenset(draw.sample(range(stands), draw.randint(1, stands))),
            themes=frozenset(draw.sample(range(2), draw.choice((0, 1, 2)))),
            available=tuple(draw.random() < 0.9 for _ in days),
            avoided=frozenset(draw.sample(range(length), draw.choice((0, 1)))),
            preferred=frozenset(draw.sample(range(stands), draw.choice((0, 1)))),
            limits=limits_of(lunch=draw.choice((0, 2))),
        )
        for number in range(agents)
    ]
    cells = list(itertools.product(range(agents), range(length)))
    fixed = {cell: FREE for cell in cells if draw.random() < share_decided}
    for cell in fixed:
        fixed[cell] = draw.choice((FREE, *range(stands)))
    lunch = draw.randrange(length)
    previous = tuple(
        tuple(draw.choice((FREE, *range(stands))) for _ in days) for _ in range(agents)
    )
    return Problem(
        starts=tuple(starts if starts is not None else starts_of(days)),
        days=tuple(days),
        lunch=tuple(lunch <= t < lunch + 3 for t in range(length)),
        posts=tuple(posts),
        workers=tuple(workers),
        themes={0: "fibre", 1: "eau"},
        walking=WALKING,
        fixed=fixed,
        previous=previous if has_previous else None,
        weights=Weights(uneven=draw.choice((0, 6)), lunch=draw.choice((0, 30))),
        least_stint=draw.choice((1, 2, 3)),
    )


def rows_of(problem: Problem, worker: int) -> Iterator[Row]:
    """Yield the rows that an agent may have."""
    limits = Limits(problem)
    choices = [
        [FREE, *range(len(problem.posts))] if decided is None else [decided]
        for decided in (problem.fixed.get((worker, t)) for t in range(problem.length))
    ]
    for row in itertools.product(*choices):
        if all(
            post == FREE
            or (worker, t) in problem.fixed
            or (problem.can_hold(worker, post, t) and limits.reached(worker, row, t) is None)
            for t, post in enumerate(row)
        ):
            yield row


def changed_of(problem: Problem, rota: Rota) -> int:
    if problem.previous is None:
        return 0
    return sum(
        new != old
        for row, before in zip(rota, problem.previous, strict=True)
        for new, old in zip(row, before, strict=True)
    )


def worth(problem: Problem, rota: Rota) -> tuple[int, int, int]:
    """Return (lack, changes, cost) of a rota: compared in that order, the less the better."""
    return missing_of(problem, rota), changed_of(problem, rota), cost_of(problem, rota)


def best_worth(problem: Problem) -> tuple[int, int, int]:
    """Return the least that any rota is worth."""
    return min(
        worth(problem, rota)
        for rota in itertools.product(*(rows_of(problem, w) for w in range(len(problem.workers))))
        if not over_maximum(problem, rota)
    )
