"""Shortages within twenty minutes, and the smallest remedy of each."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from salon.staffing.engine.solving.problem import FREE, Post, Worker
from salon.village_day.rules.reinforcement import (
    Kind,
    NoLongerPossible,
    PastLimits,
    Situation,
    check_can_reinforce,
    remedies_for,
    shortages_of,
)
from tests.staffing.solving.instances import make_post, make_problem, make_worker

START = datetime(2021, 10, 1, 8, tzinfo=UTC)
LENGTH = 8
"""Half hours: from 8 h to 12 h."""

FIBRE = frozenset({1})
NOTHING: frozenset[int] = frozenset()


def at(hour: int, minute: int = 0) -> datetime:
    return START + timedelta(hours=hour - 8, minutes=minute)


NINE = at(9)


MORNING = ((1, "10:00", LENGTH),)
morning_post = partial(make_post, maximum=3, length=LENGTH)


def morning_worker(*posts: int, away: Sequence[int] = (), themes: Collection[int] = ()) -> Worker:
    available = [(half_hour, half_hour + 1) for half_hour in range(LENGTH) if half_hour not in away]
    return make_worker(posts=posts, themes=themes, availability=available, length=LENGTH)


def situation(
    posts: list[Post],
    workers: list[Worker],
    planned: list[str],
    now: datetime = NINE,
    away: frozenset[int] = NOTHING,
) -> Situation:
    """`planned`: a row of each worker, a letter per half hour, `.` when free."""
    problem = make_problem(posts, workers, MORNING, themes={1: "Fibre"})
    rows = tuple(
        tuple(FREE if item == "." else "AB".index(item) for item in row) for row in planned
    )
    counted = tuple(
        tuple(FREE for _ in row) if worker in away else row for worker, row in enumerate(rows)
    )
    return Situation(problem, rows, counted, counted, away, now)


@pytest.mark.parametrize(
    ("now", "row", "expected"),
    [
        # The hole is from 9 h 30 to 10 h 30.
        (at(9), "AAA..AAA", []),
        (at(9, 9), "AAA..AAA", []),
        (at(9, 10), "AAA..AAA", [(3, 5, 40)]),
        (at(9, 30), "AAA..AAA", [(3, 5, 60)]),
        (at(10), "AAA..AAA", [(4, 5, 30)]),
        (at(10, 29), "AAA..AAA", [(4, 5, 1)]),
        (at(10, 30), "AAA..AAA", []),
        (at(7, 30), "........", []),
        (at(7, 40), "........", [(0, 8, 40)]),
    ],
)
def test_what_is_short_now_or_within_twenty_minutes(
    now: datetime, row: str, expected: list[tuple[int, int, int]]
) -> None:
    other_situation = situation([morning_post()], [morning_worker(0)], [row], now)
    assert [
        (shortage.start, shortage.end, shortage.severity)
        for shortage in shortages_of(other_situation)
    ] == expected


def test_the_worst_comes_first_and_a_theme_that_nobody_knows_counts() -> None:
    other_situation = situation(
        [morning_post(), morning_post(minimum=2, required=FIBRE)],
        [morning_worker(0), morning_worker(1)],
        ["........", "BBBBBBBB"],
    )
    shortages = shortages_of(other_situation)
    assert [
        (shortage.post, shortage.missing, shortage.themes, shortage.severity)
        for shortage in shortages
    ] == [
        (1, 1, FIBRE, 120),
        (0, 1, NOTHING, 60),
    ]


def test_who_is_late_or_absent_does_not_count() -> None:
    posts, workers = [morning_post()], [morning_worker(0)]
    assert not shortages_of(situation(posts, workers, ["AAAAAAAA"]))
    assert shortages_of(situation(posts, workers, ["AAAAAAAA"], away=(0,)))


def kinds(other_situation: Situation) -> list[tuple[Kind, int, int, int]]:
    (short,) = shortages_of(other_situation)
    workers = range(len(other_situation.problem.workers))
    return [
        (remedy.kind, remedy.worker, remedy.start, remedy.end)
        for remedy in remedies_for(other_situation, short, workers)
    ]


def test_keeping_somebody_half_an_hour_is_less_than_calling_and_than_moving() -> None:
    other_situation = situation(
        [morning_post(), morning_post()],
        [morning_worker(0), morning_worker(0), morning_worker(0, 1), morning_worker(1)],
        ["AAA.....", "....AAAA", "BBBBBBBB", "BBBBBBBB"],
        at(9, 20),
    )
    assert kinds(other_situation) == [
        (Kind.PROLONG, 0, 3, 4),
        (Kind.CALL, 1, 3, 4),
        (Kind.MOVE, 2, 3, 4),
    ]


def test_what_fills_the_hour_to_come_goes_before_what_fills_half_of_it() -> None:
    other_situation = situation(
        [morning_post()],
        [morning_worker(0, away=(4,)), morning_worker(0)],
        ["AAA.....", "........"],
        at(9, 20),
    )
    assert kinds(other_situation) == [(Kind.CALL, 1, 3, 7), (Kind.PROLONG, 0, 3, 4)]


@pytest.mark.parametrize(
    ("worker", "row", "reason"),
    [
        (morning_worker(), "........", "may not hold the stand"),
        (morning_worker(0, away=(2, 3, 4, 5, 6, 7)), "........", "is not there"),
        (morning_worker(0, 1), "BBBBBBBB", "would leave the other stand short"),
    ],
)
def test_nobody_is_offered_who_cannot(worker: Worker, row: str, reason: str) -> None:
    other_situation = situation(
        [morning_post(), morning_post()], [worker, morning_worker(1)], [row, "........"]
    )
    shortages = [shortage for shortage in shortages_of(other_situation) if shortage.post == 0]
    assert remedies_for(other_situation, shortages[0], [0]) == [], reason


def test_a_missing_theme_is_brought_by_who_knows_it_even_from_another_stand() -> None:
    other_situation = situation(
        [morning_post(required=FIBRE), morning_post()],
        [
            morning_worker(0),
            morning_worker(0),
            morning_worker(0, 1, themes=FIBRE),
            morning_worker(1),
        ],
        ["AAAAAAAA", "........", "BBBBBBBB", "BBBBBBBB"],
    )
    assert kinds(other_situation) == [(Kind.MOVE, 2, 2, 6)]


def test_the_one_who_knows_the_theme_of_their_stand_stays_there() -> None:
    other_situation = situation(
        [morning_post(), morning_post(required=FIBRE)],
        [morning_worker(0, 1, themes=FIBRE), morning_worker(1)],
        ["BBBBBBBB", "BBBBBBBB"],
    )
    assert kinds(other_situation) == []


def test_the_legal_day_holds() -> None:
    """Six hours without a break are never reached: 11 half hours are, and one more is not."""
    posts, workers = [make_post(length=13, maximum=1)], [make_worker(length=13)]
    long = make_problem(posts, workers, ((1, "10:00", 13),))
    long = replace(long, lunch=(False,) * long.length)
    rows = ((0,) * 11 + (FREE,) * 2,)
    other_situation = Situation(long, rows, rows, rows, NOTHING, at(13, 20))
    (short,) = shortages_of(other_situation)
    assert remedies_for(other_situation, short, [0]) == []


def test_a_limit_already_passed_is_not_passed_further() -> None:
    """Six hours without a break, as published: half an hour more is refused with the decree."""
    posts, workers = [make_post(length=13, maximum=1)], [make_worker(length=13)]
    long = make_problem(posts, workers, ((1, "10:00", 13),))
    long = replace(long, lunch=(False,) * long.length)
    rows = ((0,) * 12 + (FREE,),)
    other_situation = Situation(long, rows, rows, rows, NOTHING, at(13, 50))
    (short,) = shortages_of(other_situation)
    assert remedies_for(other_situation, short, [0]) == []
    with pytest.raises(PastLimits, match=r"6\sh de travail sans pause \(décret n°\s2000-815"):
        check_can_reinforce(other_situation, 0, 0, 12, 13)


def test_what_is_past_or_full_or_not_short_is_refused() -> None:
    workers = [morning_worker(0), morning_worker(0)]
    other_situation = situation([morning_post(maximum=1)], workers, ["..AAAA..", "........"])
    for span in ((0, 2), (1, 2), (2, 4), (4, 4)):
        with pytest.raises(NoLongerPossible):
            check_can_reinforce(other_situation, 1, 0, *span)
    check_can_reinforce(other_situation, 1, 0, 6, 8)
