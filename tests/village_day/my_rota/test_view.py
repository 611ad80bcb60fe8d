"""An agent's page by the hour: before, between, during, after, on two days, DST."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest

from salon.fair.models import Hall, Stand
from salon.platform.settings.clock import paris
from salon.platform.words.formats import duration
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.village_day.presenters.my_rota import (
    Break,
    Handover,
    MyRota,
    MyShift,
    corner,
    my_rota_view,
    wait,
)

FAIR = date(2021, 10, 1)
HALL = Hall(id=1, name="3", width=90, depth=60)
THD = Stand(id=66, hall_id=1, number="66", x=0, y=0, width=6, depth=6, hall=HALL)
SDIS = Stand(id=12, hall_id=1, number="12", x=60, y=40, width=6, depth=6, hall=HALL)
AGNES, LOU, HUGO = (
    Agent(id=number, first_name=first, last_name=last)
    for number, first, last in (
        (1, "Agnès", "Roqueblave"),
        (2, "Lou", "Espinasse"),
        (3, "Hugo", "Bessière"),
    )
)


def at(hour: int, minute: int = 0, day: date = FAIR) -> datetime:
    return paris(day, time(hour, minute))


def shift(
    number: int,
    start: datetime,
    end: datetime,
    stand: Stand = THD,
    agent: Agent = AGNES,
) -> Shift:
    return Shift(
        id=number,
        agent=agent,
        agent_id=agent.id,
        stand=stand,
        stand_id=stand.id,
        starts_at=start,
        ends_at=end,
        status=ShiftStatus.PUBLISHED,
        origin=ShiftOrigin.BY_HAND,
    )


def rota_of(*own: Shift, others: tuple[Shift, ...] = ()) -> MyRota:
    return my_rota_view(own, [*own, *others])


def a_day() -> MyRota:
    """9–11 on THD, 11–12 on the SDIS right after, 13–15 on THD."""
    return rota_of(
        shift(1, at(9), at(11)), shift(2, at(11), at(12), SDIS), shift(3, at(13), at(15))
    )


CASES = [
    ("the eve", at(17, 0, FAIR - timedelta(days=1)), "next", 1, 2),
    ("early", at(8, 14), "next", 1, 2),
    ("45 minutes before: one may arrive", at(8, 15), "soon", 1, 2),
    ("a minute before", at(8, 59), "soon", 1, 2),
    ("a shift includes its start", at(9), "now", 1, 2),
    ("the last minute", at(10, 59), "now", 1, 2),
    ("the next begins as this one ends", at(11), "now", 2, 3),
    ("free, the next is far", at(12, 10), "next", 3, None),
    ("free, the next is near", at(12, 15), "soon", 3, None),
    ("a shift excludes its end", at(15), "done", 3, None),
    ("the day after", at(9, 0, FAIR + timedelta(days=1)), "done", 3, None),
]


@pytest.mark.parametrize(
    ("now", "kind", "number", "following"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_top_of_the_page_by_the_hour(
    now: datetime, kind: str, number: int, following: int | None
) -> None:
    result = a_day().at(now)
    assert result is not None
    assert (result.kind, result.shift.id) == (kind, number)
    assert (result.following.id if result.following else None) == following


def test_moments_follow_one_another_without_gap_or_overlap() -> None:
    """Whatever the hour, the page says one thing and only one."""
    moments = a_day().moments
    assert moments[0].starts_at is None
    assert moments[-1].ends_at is None
    for before, after in itertools.pairwise(moments):
        assert before.ends_at == after.starts_at


def test_a_short_break_leaves_no_time_for_far() -> None:
    rota = rota_of(shift(1, at(9), at(10)), shift(2, at(10, 30), at(11)))
    assert [moment.kind for moment in rota.moments] == [
        "next",
        "soon",
        "now",
        "soon",
        "now",
        "done",
    ]
    assert rota.moments[3].starts_at == at(10)


def test_two_days_are_two_lists_and_the_second_follows() -> None:
    saturday = FAIR + timedelta(days=1)
    rota = rota_of(shift(1, at(9), at(11)), shift(2, at(10, 0, saturday), at(12, 0, saturday)))
    assert [day.day_on for day in rota.days] == [FAIR, saturday]
    result = rota.at(at(18))
    assert result is not None
    assert (result.kind, result.shift.id) == ("next", 2)
    assert rota.moments[2].following is None
    assert rota.worked == timedelta(hours=4)


def test_nothing_published_says_nothing() -> None:
    rota = my_rota_view([], [])
    assert (rota.days, rota.moments, rota.at(at(9))) == ((), (), None)


def test_the_list_of_a_day_has_its_breaks_and_its_hours() -> None:
    (day,) = a_day().days
    assert [type(entry) for entry in day.entries] == [MyShift, MyShift, Break, MyShift]
    assert day.entries[2] == Break(at(12), at(13))
    assert day.worked == timedelta(hours=5)


def test_the_day_when_clocks_go_back_keeps_its_hours() -> None:
    """On 31 October 2021 the fair's hours are an hour later in UTC than the day before."""
    sunday = date(2021, 10, 31)
    rota = rota_of(shift(1, at(1, 30, sunday), at(9, 0, sunday)))
    assert rota.worked == timedelta(hours=8, minutes=30)
    (day,) = rota.days
    assert day.day_on == sunday
    result = rota.at(datetime(2021, 10, 31, 7, 59, tzinfo=UTC))
    assert result is not None
    assert result.kind == "now"


def colleagues_of(*others: Shift) -> list[tuple[str, datetime, datetime, bool]]:
    rota = rota_of(shift(1, at(9), at(11)), others=others)
    return [
        (colleague.name, colleague.starts_at, colleague.ends_at, colleague.throughout)
        for colleague in rota.shifts[0].colleagues
    ]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], []),
        ([(at(8), at(12), THD)], [(at(9), at(11), True)]),
        ([(at(10), at(12), THD)], [(at(10), at(11), False)]),
        ([(at(9), at(10), THD), (at(10), at(11), THD)], [(at(9), at(11), True)]),
        (
            [(at(9), at(9, 30), THD), (at(10, 30), at(11), THD)],
            [(at(9), at(9, 30), False), (at(10, 30), at(11), False)],
        ),
        ([(at(11), at(12), THD)], []),
        ([(at(9), at(11), SDIS)], []),
    ],
    ids=["alone", "wider", "later", "in two pieces", "twice", "after", "elsewhere"],
)
def test_with_whom(
    others: list[tuple[datetime, datetime, Stand]],
    expected: list[tuple[datetime, datetime, bool]],
) -> None:
    colleagues = colleagues_of(
        *(shift(10 + i, start, end, stand, LOU) for i, (start, end, stand) in enumerate(others))
    )
    assert colleagues == [("Lou Espinasse", *row) for row in expected]


def test_who_is_before_and_who_takes_over() -> None:
    lou = shift(10, at(8), at(9), agent=LOU)
    hugo = shift(11, at(10), at(12, 30), agent=HUGO)
    lou_again = shift(12, at(11), at(12), agent=LOU)
    (my_shift,) = rota_of(shift(1, at(9), at(11)), others=(lou, hugo, lou_again)).shifts
    assert my_shift.before == Handover(("Lou Espinasse",), (), False, None)
    assert my_shift.after == Handover(
        ("Lou Espinasse",), (("Hugo Bessière", at(12, 30)),), False, None
    )


def test_nobody_takes_over() -> None:
    later = shift(10, at(14), at(15), agent=LOU)
    (my_shift,) = rota_of(shift(1, at(9), at(11)), others=(later,)).shifts
    assert my_shift.before.is_alone
    assert my_shift.before.away_at is None
    assert my_shift.after.is_alone
    assert my_shift.after.away_at == at(14)


def test_i_take_over_from_myself() -> None:
    first, second = rota_of(shift(1, at(9), at(10)), shift(2, at(10), at(11))).shifts
    assert first.after.myself
    assert second.before.myself
    assert first.colleagues == ()


def test_who_comes_tomorrow_does_not_take_over_today() -> None:
    saturday = FAIR + timedelta(days=1)
    (my_shift,) = rota_of(
        shift(1, at(9), at(11)),
        others=(shift(10, at(9, 0, saturday), at(11, 0, saturday), agent=LOU),),
    ).shifts
    assert my_shift.after.away_at is None


@pytest.mark.parametrize(
    ("now", "start", "words"),
    [
        (at(10, 5), at(10, 30), "Dans 25\u00a0min"),
        (at(10, 4, FAIR) + timedelta(seconds=30), at(10, 30), "Dans 26\u00a0min"),
        (at(9, 30), at(10, 30), "Dans 1\u00a0h"),
        (at(8, 25), at(10, 30), "Dans 2\u00a0h\u00a005"),
        (at(23, 50, FAIR - timedelta(days=1)), at(9), "Demain"),
        (at(9, 0, FAIR - timedelta(days=3)), at(9), "Dans 3\u00a0jours"),
        (at(10, 30), at(10, 30), "Maintenant"),
        (at(23, 0, date(2021, 10, 30)), at(9, 0, date(2021, 10, 31)), "Demain"),
        (at(1, 30, date(2021, 10, 31)), at(4, 0, date(2021, 10, 31)), "Dans 3\u00a0h\u00a030"),
    ],
)
def test_how_long_until(now: datetime, start: datetime, words: str) -> None:
    assert wait(now, start) == words


def test_durations() -> None:
    assert duration(timedelta(minutes=30)) == "30\u00a0min"
    assert duration(timedelta(hours=2)) == "2\u00a0h"
    assert duration(timedelta(hours=6, minutes=5)) == "6\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("x", "y", "expected_place"),
    [(3, 3, "nord-ouest"), (45, 30, ""), (89, 59, "sud-est"), (45, 60, "sud"), (90, 30, "est")],
)
def test_where_in_the_hall(x: float, y: float, expected_place: str) -> None:
    assert corner(x, y, 90, 60) == expected_place
