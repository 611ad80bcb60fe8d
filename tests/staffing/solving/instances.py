"""Small villages to staff: spelled out, drawn for property tests, written as the command does.

`fewest(problem)` enumerates the rotas that keep the hard rules, written anew from their words.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from salon.staffing.engine.solving.problem import FREE, Post, Problem, Rota, Worker
from salon.staffing.engine.solving.scoring import gaps_of, missing_of, stints_of

HALF = timedelta(minutes=30)
SUMMER = timedelta(hours=2)
MOST_OPEN = 6
"""Cells left to decide in a drawn problem: few enough to enumerate."""

Days = Sequence[tuple[int, str, int]]
"""Day of October 2021, first hour in Paris, how many half hours."""
ONE_DAY: Days = ((1, "8:30", 19),)


def make_post(
    name: str = "SDIS 34",
    minimum: int | Sequence[int] = 1,
    maximum: int = 9,
    required: Collection[int] = (),
    length: int = 19,
    **others: Any,
) -> Post:
    request = (minimum,) * length if isinstance(minimum, int) else tuple(minimum)
    return Post(
        id=others.pop("id", 1),
        name=name,
        body=others.pop("body", name),
        hall=others.pop("hall", "A"),
        minimum=request,
        wished=others.pop("wished", request),
        maximum=(maximum,) * len(request),
        required=(frozenset(required),) * len(request),
        **others,
    )


def make_worker(
    name: str = "Ana",
    posts: Collection[int] = (0,),
    themes: Collection[int] = (),
    availability: Sequence[tuple[int, int]] = ((0, 48),),
    length: int = 19,
    **others: Any,
) -> Worker:
    """`availability`: from which half hour to which (excluded) the agent is available."""
    return Worker(
        id=others.pop("id", 1),
        name=name,
        body=others.pop("body", "SDIS 34"),
        posts=frozenset(posts),
        themes=frozenset(themes),
        available=tuple(any(a <= t < b for a, b in availability) for t in range(length)),
        **others,
    )


def make_problem(
    posts: Sequence[Post], workers: Sequence[Worker], days: Days = ONE_DAY, **others: Any
) -> Problem:
    starts: list[datetime] = []
    numbers: list[int] = []
    for number, (day, clock, length) in enumerate(days):
        hour, minute = map(int, clock.split(":"))
        first = datetime(2021, 10, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)
        starts += [first - SUMMER + HALF * n for n in range(length)]
        numbers += [number] * length
    noon = [11.5 <= (start + SUMMER).hour + start.minute / 60 < 14.5 for start in starts]
    return Problem(
        tuple(starts), tuple(numbers), tuple(noon), tuple(posts), tuple(workers), **others
    )


def make_rota(problem: Problem, *rows: str) -> Rota:
    """« 00.1 »: a digit is a stand, a point is free; what is not said is free."""
    return tuple(
        tuple(FREE if sign == "." else int(sign) for sign in row.ljust(problem.length, "."))
        for row in rows
    )


LAYOUTS: tuple[tuple[Days, int, int], ...] = (
    *((((1, "11:00", length),), 3, 3) for length in (1, 2, 3, 4)),
    *((((1, "7:00", length),), 2, 2) for length in (12, 13, 14, 20, 22, 26, 28)),
    (((1, "20:00", 3), (2, "7:00", 3)), 2, 2),
    (((1, "17:00", 6), (2, "6:00", 5), (3, "9:00", 2)), 1, 2),
)
"""Days, most agents, most stands: short ones, long ones for the day's limits, nights."""


@st.composite
def villages(draw: st.DrawFn, with_previous: bool = False) -> Problem:
    """Problems with at most `MOST_OPEN` cells to decide, many of them without a full cover."""
    days, most_workers, most_posts = draw(st.sampled_from(LAYOUTS))
    length = sum(item for _, _, item in days)
    stands = draw(st.integers(1, most_posts))
    agents = draw(st.integers(1, most_workers))
    themes = st.frozensets(st.integers(0, 1), max_size=2)
    posts = [_draw_post(draw, p, length, themes) for p in range(stands)]
    workers = [
        make_worker(
            name=f"Agent {w}",
            id=w,
            posts=draw(st.frozensets(st.integers(0, stands - 1), min_size=1)),
            themes=draw(themes),
            availability=draw(
                st.sampled_from([[(0, length)], [(0, length // 2)], [(length // 3, length)]])
            ),
            length=length,
        )
        for w in range(agents)
    ]
    cells = list(itertools.product(range(agents), range(length)))
    left = draw(st.lists(st.sampled_from(cells), max_size=MOST_OPEN, unique=True))
    busy = [draw(st.sampled_from([[FREE], [0, 0, 0, 0, FREE], [0, FREE]])) for _ in range(agents)]
    fixed = {
        (w, t): min(draw(st.sampled_from(busy[w])), stands - 1)
        for w, t in cells
        if (w, t) not in left
    }
    previous = None
    if with_previous:
        place = st.integers(FREE, stands - 1)
        previous = tuple(
            tuple(draw(st.lists(place, min_size=length, max_size=length))) for _ in range(agents)
        )
    return make_problem(
        posts, workers, days, fixed=fixed, previous=previous, themes={0: "fibre", 1: "routes"}
    )


def _draw_post(
    draw: st.DrawFn, p: int, length: int, themes: st.SearchStrategy[frozenset[int]]
) -> Post:
    base = draw(st.integers(0, 2))
    holes = draw(st.frozensets(st.integers(0, length - 1), max_size=3))
    return make_post(
        f"Stand {p}",
        [0 if t in holes else base for t in range(length)],
        maximum=draw(st.integers(0, 3)),
        required=draw(themes),
        id=p,
    )


@st.composite
def wide_villages(draw: st.DrawFn) -> Problem:
    """Larger ones, nothing to enumerate: up to 8 agents and 4 stands over one or two days."""
    days = draw(
        st.sampled_from(
            [((1, "8:30", 19),), ((1, "7:00", 28),), ((1, "10:00", 24), (2, "7:00", 20))]
        )
    )
    length = sum(item for _, _, item in days)
    stands = draw(st.integers(1, 4))
    themes = st.frozensets(st.integers(0, 2), max_size=2)
    posts = [_draw_post(draw, p, length, themes) for p in range(stands)]
    workers = [
        make_worker(
            name=f"Agent {w}",
            id=w,
            posts=draw(st.frozensets(st.integers(0, stands - 1))),
            themes=draw(themes),
            availability=[
                (draw(st.integers(0, length // 2)), draw(st.integers(length // 2, length)))
            ],
            length=length,
        )
        for w in range(draw(st.integers(0, 8)))
    ]
    return make_problem(posts, workers, days, themes={0: "fibre", 1: "routes", 2: "secours"})


def fewest(problem: Problem) -> tuple[int, int]:
    """Return the least missing of all rotas that keep the hard rules; then the fewest changed
    cells.
    """
    rows = [
        [row for row in _rows(problem, w) if keeps_the_law(problem, w, row)]
        for w in range(len(problem.workers))
    ]
    best = (10**9, 10**9)
    for rota in itertools.product(*rows):
        if is_within_room(problem, rota):
            changed = sum(
                new != old
                for row, before in zip(rota, problem.previous or rota, strict=True)
                for new, old in zip(row, before, strict=True)
            )
            best = min(best, (missing_of(problem, rota), changed))
    return best


def _rows(problem: Problem, w: int) -> Iterator[tuple[int, ...]]:
    worker = problem.workers[w]
    choices = []
    for t in range(problem.length):
        if (w, t) in problem.fixed:
            choices.append([problem.fixed[w, t]])
        else:
            choices.append([FREE, *(sorted(worker.posts) if worker.available[t] else ())])
    yield from itertools.product(*choices)


def is_within_room(problem: Problem, rota: Rota) -> bool:
    for p, post in enumerate(problem.posts):
        for t in range(problem.length):
            agents = [w for w, row in enumerate(rota) if row[t] == p]
            decided = [w for w in agents if problem.fixed.get((w, t)) == p]
            if len(agents) > max(post.maximum[t], len(decided)):
                return False
    return True


def keeps_the_law(problem: Problem, w: int, row: Sequence[int]) -> bool:
    """10 h a day, 12 h wide, never 6 h without a break, 11 h of night; a limit that decided
    cells pass goes as far as they do."""
    days = [
        [t for t in range(problem.length) if problem.days[t] == day]
        for day in sorted(set(problem.days))
    ]
    worked = [[t for t in day if row[t] != FREE] for day in days]
    decided = [[t for t in day if problem.fixed.get((w, t), FREE) != FREE] for day in days]
    for day, cells, sure in zip(days, worked, decided, strict=True):
        if len(cells) > max(20, len(sure)):
            return False
        if _width(cells) > max(24, _width(sure)):
            return False
        for first in day[:-11]:
            run = set(range(first, first + 12))
            if run <= set(cells) and not run <= set(sure):
                return False
    return all(
        _night(problem, worked[a], worked[b])
        >= min(timedelta(hours=11), _night(problem, decided[a], decided[b]))
        for a, b in itertools.combinations(range(len(days)), 2)
    )


def _width(cells: Sequence[int]) -> int:
    return cells[-1] + 1 - cells[0] if cells else 0


def _night(problem: Problem, before: Sequence[int], after: Sequence[int]) -> timedelta:
    if not before or not after:
        return timedelta(days=9)
    return problem.starts[after[0]] - problem.starts[before[-1]] - HALF


def written(problem: Problem, rota: Rota) -> dict[str, Any]:
    """Return that rota as `flask solve-rota` writes it, with the themes."""

    def span(start: int, end: int) -> dict[str, str]:
        return {
            "starts_at": problem.starts[start].isoformat(),
            "ends_at": (problem.starts[end - 1] + HALF).isoformat(),
        }

    def named(themes: Collection[int]) -> list[str]:
        return sorted(problem.themes[theme] for theme in themes)

    return {
        "status": "optimal",
        "shifts": [
            {
                "agent": problem.workers[stint.worker].name,
                "stand": problem.posts[stint.post].name,
                **span(stint.start, stint.end),
            }
            for stint in stints_of(problem, rota)
        ],
        "uncovered": [
            {
                "stand": problem.posts[gap.post].name,
                "missing": gap.missing,
                "themes": named(gap.themes),
                **span(gap.at, gap.at + 1),
            }
            for gap in gaps_of(problem, rota)
        ],
        "needs": [
            {
                "stand": post.name,
                "minimum": post.minimum[t],
                "themes": named(post.required[t]),
                **span(t, t + 1),
            }
            for post in problem.posts
            for t in range(problem.length)
        ],
        "agents": [
            {
                "agent": worker.name,
                "stands": [problem.posts[p].name for p in sorted(worker.posts)],
                "themes": named(worker.themes),
                "available": [
                    list(span(t, t + 1).values())
                    for t in range(problem.length)
                    if worker.available[t]
                ],
            }
            for worker in problem.workers
        ],
    }


def after(times: int) -> Callable[[], bool]:
    """Return a stop button that is pressed when it has been looked at that many times."""
    looks = itertools.count()
    return lambda: next(looks) >= times
