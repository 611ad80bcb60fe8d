"""Candidates to take over a shift or to exchange it: their order and their obstacles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salon.staffing.engine.solving.problem import FREE, Problem, Rota, Worker
from salon.staffing.models import Agent, ExchangeStatus, StandIn, StandInStatus
from salon.village_day.rules import exchanges, standins
from salon.village_day.rules.replacing import (
    YOURS,
    Bend,
    Candidate,
    Duty,
    Obstacle,
    PastLimit,
    rank,
    remedies,
)
from tests.staffing.solving.instances import make_post, make_problem, make_worker

START = datetime(2021, 10, 1, 6, 30, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
LENGTH = 24
"""Half hours of the day: 8 h 30 to 20 h 30."""
HOLDER, OTHER = 0, 1
STAND, SIDE = 0, 1
DUTY = Duty(HOLDER, STAND, range(4, 8))
"""From 10 h 30 to 12 h 30."""
FIBRE = 7


def make_candidate(number: int, **overrides: Any) -> Worker:
    """Make an agent of the stand, there all day."""
    values = {"id": number, "body": "Département", "posts": {STAND}, "length": LENGTH, **overrides}
    return make_worker(f"Agent {number}", **values)


def make_village(*candidates: Worker, theme: int | None = None) -> Problem:
    """`candidates` come after the holder, who knows the theme."""
    required = {STAND: {theme} if theme else (), SIDE: ()}
    posts = [
        make_post(f"Stand {number}", 1, 3, themes, LENGTH, id=number, body=f"Organisme {number}")
        for number, themes in required.items()
    ]
    workers = (make_candidate(HOLDER, themes={FIBRE}), *candidates)
    village = make_problem(posts, workers, ((1, "8:30", LENGTH),), themes={FIBRE: "Fibre"})
    return replace(village, lunch=(False,) * LENGTH)


def make_wide_village(starts: Sequence[datetime], days: Sequence[int]) -> Problem:
    """Make a village of half hours that begin at these times, on these days; nobody lunches."""
    village, length = make_village(make_candidate(OTHER)), len(starts)
    posts = tuple(
        replace(
            post,
            minimum=(1,) * length,
            wished=(1,) * length,
            maximum=(3,) * length,
            required=(frozenset(),) * length,
        )
        for post in village.posts
    )
    workers = tuple(replace(worker, available=(True,) * length) for worker in village.workers)
    return replace(
        village,
        starts=tuple(starts),
        days=tuple(days),
        lunch=(False,) * length,
        posts=posts,
        workers=workers,
    )


def row(*current_row: tuple[int, int, int]) -> tuple[int, ...]:
    """Return a row with (stand, from, to) in half hours."""
    result = [FREE] * LENGTH
    for post, start, end in current_row:
        result[start:end] = [post] * (end - start)
    return tuple(result)


HOLDERS = row((STAND, 4, 8))


def only(problem: Problem, rota: Rota, **more: object) -> Candidate:
    (candidate,) = rank(problem, rota, DUTY, **more)  # type: ignore[arg-type]
    return candidate


def limits_of_obstacles(candidate: Candidate) -> tuple[Obstacle | str, ...]:
    """Return the obstacles, a limit of working time by what it limits."""
    return tuple(
        obstacle.bound.limit.value if isinstance(obstacle, PastLimit) else obstacle
        for obstacle in candidate.obstacles
    )


def all_but(half_hour: int) -> tuple[tuple[int, int], ...]:
    return ((0, half_hour), (half_hour + 1, LENGTH))


@pytest.mark.parametrize(
    ("worker", "own", "expected", "reason"),
    [
        ({}, row(), (), "free, allowed, there"),
        ({"availability": all_but(7)}, row(), (Obstacle.AWAY,), "leaves before the end"),
        ({"availability": all_but(8)}, row(), (), "leaves just at its end"),
        ({"posts": frozenset({SIDE})}, row(), (Obstacle.NOT_ALLOWED,), "not their stand"),
        ({}, row((SIDE, 7, 9)), (Obstacle.ELSEWHERE,), "half an hour elsewhere"),
        ({}, row((SIDE, 8, 10)), (), "elsewhere just after"),
        ({}, row((SIDE, 0, 4), (SIDE, 9, 21)), (), "10 h in all"),
        (
            {},
            row((SIDE, 0, 4), (SIDE, 9, 15), (SIDE, 16, 23)),
            ("day",),
            "10 h 30 in all",
        ),
        ({}, row((SIDE, 0, 4), (SIDE, 8, 11)), (), "5 h 30 in a row"),
        ({}, row((SIDE, 0, 4), (SIDE, 8, 12)), ("run",), "6 h in a row"),
        ({}, row((SIDE, 8, 20)), ("run",), "6 h in a row already, 8 h then"),
        ({}, row((SIDE, 9, 21)), (), "6 h in a row already, and a break before"),
        (
            {"posts": frozenset({SIDE}), "availability": all_but(4)},
            row(),
            (Obstacle.NOT_ALLOWED, Obstacle.AWAY),
            "two reasons, the mildest first",
        ),
    ],
)
def test_why_an_agent_can_or_cannot(
    worker: dict[str, Any], own: tuple[int, ...], expected: tuple[Obstacle | str, ...], reason: str
) -> None:
    problem = make_village(make_candidate(OTHER, **worker))
    assert limits_of_obstacles(only(problem, (HOLDERS, own))) == expected, reason


def test_a_day_wider_than_twelve_hours_is_refused() -> None:
    problem = make_wide_village([START + n * HALF_HOUR for n in range(26)], [0] * 26)
    (candidate,) = rank(
        problem, ((STAND, *(FREE,) * 25), (*(FREE,) * 25, SIDE)), Duty(0, STAND, range(1))
    )
    assert limits_of_obstacles(candidate) == ("width",)


def test_a_night_shorter_than_eleven_hours_is_refused() -> None:
    evening = START + timedelta(hours=14)  # 22 h 30; the next day starts at 8 h 30
    starts = (evening, evening + HALF_HOUR, START + timedelta(days=1))
    problem = make_wide_village(starts, (0, 0, 1))
    (candidate,) = rank(
        problem, ((FREE, FREE, STAND), (SIDE, FREE, FREE)), Duty(0, STAND, range(2, 3))
    )
    assert limits_of_obstacles(candidate) == ("night",)


@pytest.mark.parametrize(
    ("theme", "knows", "present", "lacks", "reason"),
    [
        (None, False, False, False, "nothing is required"),
        (FIBRE, True, False, False, "the candidate knows it"),
        (FIBRE, False, False, True, "nobody would know it"),
        (FIBRE, False, True, False, "somebody else on the stand knows it"),
    ],
)
def test_the_theme_that_leaves_with_the_holder_must_come_with_somebody(
    theme: int | None, knows: bool, present: bool, lacks: bool, reason: str
) -> None:
    themes = frozenset({FIBRE})
    candidate = make_candidate(OTHER, themes=themes if knows else frozenset())
    third = make_candidate(2, themes=themes)
    problem = make_village(candidate, third, theme=theme)
    rota = (HOLDERS, row(), row((STAND, 4, 8)) if present else row())
    stored_candidate = next(
        candidate for candidate in rank(problem, rota, DUTY) if candidate.worker == OTHER
    )
    assert (Obstacle.LACKS_THEME in stored_candidate.obstacles) is lacks, reason
    assert stored_candidate.lacks == (themes if lacks else frozenset())


def test_a_theme_that_the_holder_did_not_bring_is_asked_of_nobody() -> None:
    problem = make_village(make_candidate(OTHER), theme=FIBRE)
    holder = replace(problem.workers[HOLDER], themes=frozenset())
    problem = replace(problem, workers=(holder, problem.workers[OTHER]))
    assert only(problem, (HOLDERS, row())).can


def test_those_who_refused_or_are_not_coming_are_not_asked() -> None:
    problem = make_village(make_candidate(OTHER))
    rota = (HOLDERS, row())
    assert only(problem, rota, refused={OTHER}).obstacles == (Obstacle.REFUSED,)
    assert only(problem, rota, not_coming={OTHER}).obstacles == (Obstacle.NOT_COMING,)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"body": "SDIS 34"}, {}, "of the holder's body first"),
        ({"avoided": frozenset({5})}, {}, "an hour they would avoid comes later"),
        ({"own": row((SIDE, 12, 16))}, {}, "who works less first"),
        ({"own": row((STAND, 12, 14))}, {"own": row((STAND, 8, 10))}, "already there just after"),
    ],
)
def test_who_is_asked_first(
    first: dict[str, object], second: dict[str, object], reason: str
) -> None:
    rows = [first.pop("own", row()), second.pop("own", row())]
    problem = make_village(make_candidate(1, **first), make_candidate(2, **second))
    candidates = rank(problem, (HOLDERS, *rows), DUTY)  # type: ignore[arg-type]
    assert [candidate.worker for candidate in candidates] == [2, 1], reason
    assert all(candidate.can for candidate in candidates)


def test_equal_ones_are_asked_in_the_order_of_the_problem() -> None:
    problem = make_village(*(make_candidate(number) for number in (1, 2, 3)))
    candidates = rank(problem, (HOLDERS, row(), row(), row()), DUTY)
    assert [candidate.worker for candidate in candidates] == [1, 2, 3]


def test_what_it_would_cost_is_said() -> None:
    worker = make_candidate(OTHER, avoided=frozenset({4}), preferred=frozenset({SIDE}))
    candidate = only(make_village(worker), (HOLDERS, row((STAND, 2, 4))))
    assert candidate.bends == (Bend.AVOIDED, Bend.LONG, Bend.WISH)
    assert (candidate.can, candidate.load) == (True, 2)


@pytest.mark.parametrize(
    ("others", "is_spare", "reason"),
    [
        (row(), False, "alone on a stand that needs one"),
        (row((SIDE, 4, 8)), True, "somebody else stays there"),
    ],
)
def test_who_leaves_a_stand_covered_can_be_moved(
    others: tuple[int, ...], is_spare: bool, reason: str
) -> None:
    problem = make_village(make_candidate(OTHER), make_candidate(2, posts=frozenset({SIDE})))
    rota = (HOLDERS, row((SIDE, 4, 8)), others)
    candidate = next(
        candidate for candidate in rank(problem, rota, DUTY) if candidate.worker == OTHER
    )
    assert candidate.obstacles == (Obstacle.ELSEWHERE,)
    assert (candidate.is_spare, candidate.may_be_assigned) == (is_spare, is_spare), reason


def test_an_agent_whose_stand_would_be_left_comes_after_all_who_may_be_assigned() -> None:
    workers = [make_candidate(1), make_candidate(2, posts=frozenset({SIDE}))]
    rota = (HOLDERS, row((SIDE, 4, 8)), row())
    candidates = rank(make_village(*workers), rota, DUTY, refused={2})
    assert [candidate.worker for candidate in candidates] == [2, 1]
    assert [len(candidate.obstacles) for candidate in candidates] == [2, 1]


def test_the_smallest_remedies_come_first_and_never_pass_over_the_law() -> None:
    workers = [
        make_candidate(1, posts=frozenset({SIDE})),
        make_candidate(2, availability=all_but(4)),
        make_candidate(3),
        make_candidate(4, avoided=frozenset({4})),
    ]
    rota = (HOLDERS, row(), row(), row(), row())
    candidates = remedies(rank(make_village(*workers), rota, DUTY, refused={4}), 5)
    assert [candidate.worker for candidate in candidates] == [3, 4, 1]


def test_every_obstacle_has_its_words() -> None:
    assert all(obstacle.label for obstacle in Obstacle)
    assert set(YOURS) == set(Obstacle) - {Obstacle.REFUSED}


def stand_in(status: StandInStatus) -> StandIn:
    return StandIn(status=status, taken_by=Agent(first_name="Camille", last_name="Vidal"))


def test_the_first_yes_is_named() -> None:
    with pytest.raises(standins.AlreadyTaken, match="Camille Vidal a déjà pris cette vacation"):
        standins.check_still_looking(stand_in(StandInStatus.TAKEN))
    with pytest.raises(standins.NoLongerLooking):
        standins.check_still_looking(stand_in(StandInStatus.WITHDRAWN))
    standins.check_still_looking(stand_in(StandInStatus.OPEN))


def test_an_earlier_no_does_not_hold_back_and_a_coordinator_passes_over_what_was_read() -> None:
    problem = make_village(make_candidate(OTHER, posts=frozenset({SIDE})))
    candidate = only(problem, (HOLDERS, row()), refused={OTHER})
    with pytest.raises(standins.CannotTake, match="ce stand n’est pas parmi les vôtres"):
        standins.check_can_take(candidate)
    with pytest.raises(standins.BreaksMore):
        standins.check_can_take(candidate, ["refused"], "Bruno")
    standins.check_can_take(candidate, ["refused", "not_allowed"], "Bruno")
    standins.check_can_take(replace(candidate, obstacles=(Obstacle.REFUSED,)))


SWAP = Duty(OTHER, STAND, range(12, 16))


def test_an_exchange_is_checked_for_both() -> None:
    problem = make_village(make_candidate(OTHER))
    rota = (HOLDERS, row((STAND, 12, 16)))
    assert exchanges.swap_obstacles(problem, rota, DUTY, SWAP) == ([], [])
    leaves = make_village(make_candidate(OTHER, availability=all_but(4)))
    assert exchanges.swap_obstacles(leaves, rota, DUTY, SWAP) == ([], [Obstacle.AWAY])
    needed = make_village(make_candidate(OTHER), theme=FIBRE)
    assert exchanges.swap_obstacles(needed, rota, DUTY, SWAP) == ([], [Obstacle.LACKS_THEME])


def test_an_exchange_may_leave_a_passed_limit_as_it_was_and_not_pass_it_further() -> None:
    """The second agent works 6 h without a break: as long elsewhere, or half an hour more."""
    both_stands = frozenset({STAND, SIDE})
    problem = make_village(make_candidate(OTHER, posts=both_stands))
    holder = replace(problem.workers[HOLDER], posts=both_stands)
    problem = replace(problem, workers=(holder, problem.workers[OTHER]))
    longer = Duty(HOLDER, STAND, range(4, 9))
    for duty, expected in ((DUTY, []), (longer, ["run"])):
        rota = (row((STAND, duty.span.start, duty.span.stop)), row((SIDE, 9, 17), (SIDE, 5, 9)))
        given = Duty(OTHER, SIDE, range(5, 9))
        _, obstacles = exchanges.swap_obstacles(problem, rota, duty, given)
        assert [obstacle.bound.limit for obstacle in obstacles] == expected


def test_what_an_agent_gives_is_free_for_what_they_take() -> None:
    """Overlapping hours on two stands can be exchanged."""
    both_stands = frozenset({STAND, SIDE})
    problem = make_village(make_candidate(OTHER, posts=both_stands))
    holder = replace(problem.workers[HOLDER], posts=both_stands)
    problem = replace(problem, workers=(holder, problem.workers[OTHER]))
    rota = (HOLDERS, row((SIDE, 5, 9)))
    overlapping = Duty(OTHER, SIDE, range(5, 9))
    assert exchanges.swap_obstacles(problem, rota, DUTY, overlapping) == ([], [])
    assert exchanges.is_a_change(DUTY, overlapping)


def test_an_exchange_changes_something() -> None:
    assert not exchanges.is_a_change(DUTY, replace(DUTY, holder=OTHER))
    assert not exchanges.is_a_change(DUTY, replace(DUTY, post=SIDE))
    assert exchanges.is_a_change(DUTY, SWAP)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ExchangeStatus.ACCEPTED, "déjà fait"),
        (ExchangeStatus.REFUSED, "déjà été refusé"),
        (ExchangeStatus.WITHDRAWN, "vient d’être retiré"),
        (ExchangeStatus.OVERTAKEN, "Le planning a changé depuis"),
    ],
)
def test_an_exchange_that_is_over_says_why(status: ExchangeStatus, words: str) -> None:
    with pytest.raises(exchanges.ExchangeIsOver, match=words):
        exchanges.check_waits(status)
