"""When an agent may be said arrived, and where they are at each minute of the day."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from salon.staffing.models import ShiftStatus
from salon.village_day.engine import Where, expected_at
from salon.village_day.rules import day as rules
from salon.village_day.rules.day import Presence

DAY = datetime(2021, 10, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minute)


def make_shift(start: datetime, end: datetime, stand: int = 1, **marks: Any) -> Any:
    marks = {"arrived_at": None, "absent_at": None, "agent_id": 1, **marks}
    return SimpleNamespace(starts_at=start, ends_at=end, stand_id=stand, **marks)


@pytest.mark.parametrize(
    ("now", "error"),
    [
        (at(8, 14), rules.TooEarlyToArrive),
        (at(8, 15), None),
        (at(9), None),
        (at(10, 59), None),
        (at(11), rules.ShiftIsOver),
    ],
)
def test_an_arrival_is_noted_from_45_minutes_before_until_the_end(
    now: datetime, error: type[Exception] | None
) -> None:
    if error is None:
        rules.check_can_arrive(at(9), at(11), now)
        return
    with pytest.raises(error):
        rules.check_can_arrive(at(9), at(11), now)


@pytest.mark.parametrize("status", [ShiftStatus.DRAFT, ShiftStatus.WITHDRAWN])
def test_only_what_is_published_is_noted(status: ShiftStatus) -> None:
    rules.check_is_published(ShiftStatus.PUBLISHED)
    with pytest.raises(rules.NoLongerPublished):
        rules.check_is_published(status)


@pytest.mark.parametrize(
    ("now", "marks", "seeking", "stays", "presence"),
    [
        (at(8, 59), {}, False, False, Presence.COMING),
        (at(9), {}, False, False, Presence.DUE),
        (at(9, 5), {}, False, False, Presence.DUE),
        (at(9, 6), {}, False, False, Presence.LATE),
        (at(8, 50), {"arrived_at": at(8, 45)}, False, False, Presence.PRESENT),
        (at(9, 6), {"arrived_at": at(9)}, False, False, Presence.PRESENT),
        (at(10, 30), {"arrived_at": at(9)}, False, False, Presence.LEAVING),
        (at(10, 30), {"arrived_at": at(9)}, False, True, Presence.PRESENT),
        (at(9, 6), {}, True, False, Presence.SEEKING),
        (at(9, 6), {"arrived_at": at(9)}, True, False, Presence.PRESENT),
        (at(9, 6), {"absent_at": at(9)}, True, False, Presence.ABSENT),
        (at(9, 6), {"arrived_at": at(9), "absent_at": at(9, 5)}, False, False, Presence.ABSENT),
        (at(11), {}, False, False, Presence.OVER),
    ],
)
def test_where_an_agent_is(
    now: datetime, marks: dict[str, Any], seeking: bool, stays: bool, presence: Presence
) -> None:
    assert rules.presence_of(make_shift(at(9), at(11), **marks), now, seeking, stays) == presence


@pytest.mark.parametrize(
    ("tapped", "counts"),
    [
        (None, at(9, 40)),
        (at(9), at(9)),
        (at(9, 41), at(9, 40)),
        (at(9, 40) - timedelta(hours=13), at(9, 40)),
    ],
)
def test_a_phone_without_network_says_when_it_was_tapped(
    tapped: datetime | None, counts: datetime
) -> None:
    assert rules.time_of_tap(tapped, at(9, 40)) == counts


def test_what_follows_on_is_the_same_stand_without_a_break() -> None:
    first = make_shift(at(9), at(10))
    second, third = make_shift(at(10), at(11)), make_shift(at(11), at(12))
    elsewhere, later = make_shift(at(12), at(13), stand=2), make_shift(at(13), at(14))
    shifts = [later, third, elsewhere, first, second]
    assert rules.following_shifts(first, shifts) == [second, third]
    assert rules.following_shifts(third, shifts) == []


MORNING = make_shift(at(9), at(11))
NOON = make_shift(at(11), at(12), stand=2)
EVENING = make_shift(at(15), at(17))


@pytest.mark.parametrize(
    ("stand", "now", "expected_place", "shift"),
    [
        (1, at(8, 14), Where.LATER_HERE, MORNING),
        (1, at(8, 20), Where.HERE, MORNING),
        (1, at(10), Where.HERE, MORNING),
        (2, at(8, 20), Where.ELSEWHERE, MORNING),
        (2, at(10, 30), Where.ELSEWHERE, MORNING),
        (2, at(10, 46), Where.HERE, NOON),
        (1, at(11, 30), Where.ELSEWHERE, NOON),
        (1, at(12, 30), Where.LATER_HERE, EVENING),
        (1, at(14, 20), Where.HERE, EVENING),
        (2, at(14, 20), Where.ELSEWHERE, EVENING),
        (1, at(17), Where.OVER, None),
    ],
)
def test_where_somebody_at_a_stand_is_expected(
    stand: int, now: datetime, expected_place: Where, shift: Any
) -> None:
    place = expected_at(stand, [MORNING, NOON, EVENING], now)
    assert (place.where, place.shift) == (expected_place, shift)


def test_who_has_no_shift_that_day_is_told_so() -> None:
    assert expected_at(1, [], at(9)).where == Where.NOT_TODAY
