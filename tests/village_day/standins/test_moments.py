"""When agents are asked and coordinators told, and until when a shift is given up."""

from datetime import datetime, timedelta

import pytest

from salon.staffing.models import ShiftStatus
from salon.village_day.rules import exchanges, standins
from tests.refusals import check_refusal
from tests.village_day.standins.test_rules import START

AT = START + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "minutes", "reason"),
    [
        (timedelta(hours=10), 30, "calm: each half hour"),
        (timedelta(hours=4, minutes=20), 20, "until the pace quickens"),
        (timedelta(hours=4, minutes=5), 10, "but never sooner than the quick pace"),
        (timedelta(hours=3), 10, "near"),
        (timedelta(hours=1, minutes=4), 4, "until all are asked"),
        (timedelta(minutes=40), 10, "all were asked"),
        (timedelta(minutes=-20), 10, "it has begun"),
    ],
)
def test_the_pace_quickens(before: timedelta, minutes: int, reason: str) -> None:
    now = AT - before
    assert standins.next_wave_at(now, AT) == now + timedelta(minutes=minutes), reason


def test_all_are_asked_in_the_last_hour() -> None:
    assert standins.wave_size(AT - timedelta(hours=1), AT) == standins.WAVE
    assert standins.wave_size(AT - timedelta(minutes=59), AT) is None
    assert standins.wave_size(AT + timedelta(minutes=1), AT) is None


@pytest.mark.parametrize(
    ("now", "told_minutes", "is_due", "reason"),
    [
        (61, None, False, "too early"),
        (60, None, True, "an hour before"),
        (59, 60, False, "told an hour before"),
        (59, 300, True, "told long ago, that nobody was left"),
        (15, 60, True, "a quarter of an hour before"),
        (14, 15, False, "told at the quarter"),
        (-5, 20, True, "begun, told before the quarter only"),
        (-5, -4, False, "told once begun"),
    ],
)
def test_those_who_coordinate_are_told_an_hour_and_a_quarter_before(
    now: int, told_minutes: int | None, is_due: bool, reason: str
) -> None:
    told_at = None if told_minutes is None else AT - timedelta(minutes=told_minutes)
    assert standins.is_alarm_due(AT - timedelta(minutes=now), AT, told_at) is is_due, reason


@pytest.mark.parametrize(
    ("status", "now", "error"),
    [
        (ShiftStatus.DRAFT, AT, standins.ShiftNotPublished),
        (ShiftStatus.WITHDRAWN, AT, standins.ShiftNotPublished),
        (ShiftStatus.PUBLISHED, AT + timedelta(hours=2), standins.ShiftIsOver),
    ],
)
def test_what_cannot_be_given_up(
    status: ShiftStatus, now: datetime, error: type[Exception]
) -> None:
    with pytest.raises(error):
        standins.check_can_be_given_up(status, AT + timedelta(hours=2), now)


def test_a_shift_is_given_up_until_its_last_minute() -> None:
    last = AT - timedelta(minutes=1)
    standins.check_can_be_given_up(ShiftStatus.PUBLISHED, AT, last)


def test_a_published_shift_is_exchanged_until_it_begins() -> None:
    allowed = (ShiftStatus.PUBLISHED, AT, AT - timedelta(seconds=1))
    for error, refused in (
        (exchanges.ShiftsChanged, (ShiftStatus.DRAFT, *allowed[1:])),
        (exchanges.HasBegun, (ShiftStatus.PUBLISHED, AT, AT)),
    ):
        check_refusal((error, exchanges.check_can_be_exchanged, refused, allowed))
