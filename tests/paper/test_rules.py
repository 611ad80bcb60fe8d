"""The instant meant by an hour on paper, and the most lines typed at once."""

from datetime import datetime, time

import pytest

from salon.paper import rules
from salon.platform.words.errors import RuleBroken
from tests.paper.people import at


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("09:15", time(9, 15)),
        ("9 h 15", time(9, 15)),
        ("9h", time(9)),
        ("9\u00a0h\u00a015", time(9, 15)),
        ("0915", time(9, 15)),
        ("915", time(9, 15)),
        ("23:59", time(23, 59)),
        ("24:00", None),
        ("9:60", None),
        ("midi", None),
        ("", None),
        ("9" * 40, None),
        ("٩:١٥", None),
    ],
)
def test_an_hour_is_read(text: str, hour: time | None) -> None:
    assert rules.hour_in(text) == hour


@pytest.mark.parametrize(
    ("hour", "now", "moment"),
    [
        (time(9, 15), at(11), at(9, 15)),
        (time(9, 15), at(9, 15), at(9, 15)),
        (time(9, 16), at(9, 15), at(9, 16)),
        (time(0, 5), at(0, 30), at(0, 5)),
        (time(9, 15), at(20), at(9, 15)),
    ],
)
def test_an_hour_of_today(hour: time, now: datetime, moment: datetime) -> None:
    assert rules.moment_of(hour, now) == moment


def test_in_the_small_hours_an_evening_hour_is_yesterday_s() -> None:
    now = at(0, 30)
    assert (now - rules.moment_of(time(23, 50), now)).total_seconds() == 40 * 60


@pytest.mark.parametrize(
    ("hour", "now", "error"),
    [
        (time(9, 18), at(9, 15), rules.HourToCome),
        (time(21), at(9), rules.HourToCome),
        (time(8), at(20, 1), rules.HourTooOld),
        (time(11, 0), at(0, 30), rules.HourTooOld),
    ],
)
def test_an_hour_that_cannot_be(hour: time, now: datetime, error: type[RuleBroken]) -> None:
    with pytest.raises(error) as refusal:
        rules.moment_of(hour, now)
    assert refusal.value.status == 400


def test_how_many_codes_at_once() -> None:
    rules.check_codes(1)
    rules.check_codes(rules.MOST_CODES)
    with pytest.raises(rules.NothingTyped):
        rules.check_codes(0)
    with pytest.raises(rules.TooManyCodes):
        rules.check_codes(rules.MOST_CODES + 1)


def test_the_quarter_that_runs() -> None:
    assert rules.quarter_of(at(9, 29)) == time(9, 15)
    assert rules.quarter_of(at(9)) == time(9)
