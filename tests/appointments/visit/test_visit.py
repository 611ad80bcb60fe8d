"""Mon parcours: what fits together, least walking, stands on the way."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from salon.appointments.engine.visit import (
    MOST_STANDS,
    TIME_AT_STAND,
    Goal,
    Kind,
    Stop,
    VisitPlace,
    add_stands,
    choose_stops,
    fit_together,
    steps_of,
    walking_time,
)

DAY = datetime(2026, 10, 1, 7, tzinfo=UTC)
HERE = VisitPlace("Hall 3, stand 66", (60.0, 40.0))
NEAR = VisitPlace("Hall 3, stand 67", (70.0, 40.0))
FAR = VisitPlace("Hall 1A, stand 1", (360.0, 140.0))
ROOM = VisitPlace("Salle de conférence")


def at(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


def stop(key: str, start: int, length: int, place: VisitPlace, kind: Kind = Kind.MEETING) -> Stop:
    return Stop(kind, key, key, place, at(start), at(start + length))


def test_one_walks_at_four_kilometres_an_hour_along_the_aisles() -> None:
    assert walking_time(HERE, HERE) == timedelta()
    assert walking_time(HERE, NEAR) == timedelta(minutes=1)
    assert walking_time(HERE, FAR) == timedelta(minutes=6)
    assert walking_time(HERE, ROOM) == timedelta(minutes=3)


def test_two_that_leave_no_time_to_walk_do_not_fit() -> None:
    assert fit_together([stop("a", 0, 20, HERE), stop("b", 20, 20, HERE)])
    assert not fit_together([stop("a", 0, 20, HERE), stop("b", 24, 20, FAR)])
    assert fit_together([stop("a", 0, 20, HERE), stop("b", 26, 20, FAR)])


def test_a_meeting_counts_more_than_a_talk() -> None:
    talk = [stop("talk", 0, 45, ROOM, Kind.TALK)]
    meeting = [stop("water", 10, 20, HERE)]
    assert [choose_stop.key for choose_stop in choose_stops([], [talk, meeting])] == ["water"]


def test_what_is_booked_stays_and_the_rest_fits_around_it() -> None:
    booked = stop("held", 30, 20, HERE, Kind.BOOKED)
    times = [stop("water", start, 20, HERE) for start in (20, 40, 55)]
    assert [
        (choose_stop.key, choose_stop.starts_at) for choose_stop in choose_stops([booked], [times])
    ] == [
        ("held", at(30)),
        ("water", at(55)),
    ]


def test_the_order_that_walks_least_is_chosen() -> None:
    first, last = [stop("first", 0, 20, HERE)], [stop("last", 60, 20, NEAR)]
    between = [stop("between", 30, 20, FAR), stop("between", 30, 20, NEAR)]
    stops = choose_stops([], [first, last, between])
    assert [stop.place for stop in stops] == [HERE, NEAR, NEAR]
    assert walking(stops) == 1


def walking(stops: list[Stop]) -> int:
    return sum(minutes for _, minutes in steps_of(stops))


def test_stands_fill_the_time_between_nearest_first() -> None:
    current_stop = stop("held", 60, 20, HERE)
    goals = [Goal("b", "Loin", FAR), Goal("a", "Près", NEAR), Goal("c", "Ici", HERE)]
    stops, left = add_stands([current_stop], goals, at(0), at(120))
    assert [stop.key for stop in stops] == ["b", "a", "held"]
    assert left == []


def test_a_stand_that_makes_one_late_waits() -> None:
    current_stop = stop("held", 12, 20, HERE)
    stops, left = add_stands([current_stop], [Goal("b", "Loin", FAR)], at(0), at(40))
    assert ([stop.key for stop in stops], [item.key for item in left]) == (["held"], ["b"])


PLACES = st.sampled_from((HERE, NEAR, FAR, ROOM))
STOPS = st.builds(
    stop,
    st.sampled_from("abcd"),
    st.integers(0, 40).map(lambda item: 5 * item),
    st.sampled_from((15, 20, 30, 45)),
    PLACES,
    st.sampled_from((Kind.MEETING, Kind.TALK)),
)


@given(st.lists(st.lists(STOPS, max_size=4), max_size=3))
def test_what_is_chosen_fits_and_nothing_more_would(wishes: list[list[Stop]]) -> None:
    """Against every combination: as many meetings, then talks, then as little walking."""
    stops = choose_stops([], wishes)
    assert fit_together(stops)
    combinations = [
        [item for item in combination if item is not None]
        for combination in itertools.product(*[[None, *wish] for wish in wishes])
    ]
    best = min(cost(item) for item in combinations if fit_together(item))
    assert cost(stops) == best


def cost(stops: list[Stop]) -> tuple[int, int, int]:
    in_time = sorted(stops, key=lambda item: item.starts_at)
    talks = sum(stop.kind == Kind.TALK for stop in stops)
    return talks - len(stops), -talks, walking(in_time)


@given(
    st.lists(STOPS, max_size=3),
    st.lists(st.builds(Goal, st.text("xyz", min_size=1), st.just("Stand"), PLACES), max_size=12),
)
def test_stands_never_make_one_late(stops: list[Stop], goals: list[Goal]) -> None:
    fixed = choose_stops([], [[stop] for stop in stops])
    stored_stops, left = add_stands(fixed, goals, at(0), at(300))
    assert fit_together(stored_stops)
    assert [stored_stop for stored_stop in stored_stops if stored_stop.kind != Kind.STAND] == fixed
    stands = [stored_stop for stored_stop in stored_stops if stored_stop.kind == Kind.STAND]
    assert len(stands) <= MOST_STANDS
    assert all(stand.ends_at - stand.starts_at == TIME_AT_STAND for stand in stands)
    assert {stand.key for stand in stands}.isdisjoint({item.key for item in left})
