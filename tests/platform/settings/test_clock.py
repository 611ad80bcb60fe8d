from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from salon.platform.settings import clock as times
from salon.platform.words import formats


def test_ranges_include_their_start_and_exclude_their_end() -> None:
    nine = datetime(2021, 10, 1, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert times.overlaps(nine, nine + hour, nine, nine + hour)
    assert not times.overlaps(nine, nine + hour, nine + hour, nine + 2 * hour)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2021, 10, 1), time(9), datetime(2021, 10, 1, 7, tzinfo=UTC)),
        (date(2026, 1, 15), time(9), datetime(2026, 1, 15, 8, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
    ],
)
def test_béziers_is_in_summer_or_winter_time(day: date, at: time, utc: datetime) -> None:
    assert times.paris(day, at) == utc
    assert times.local(utc).time() == at


def test_the_demonstration_s_time_runs_on_from_where_it_was_set(tmp_path: Path) -> None:
    clock = times.Clock()
    with pytest.raises(RuntimeError):
        clock.jump(datetime(2021, 10, 1, tzinfo=UTC))
    clock.path = tmp_path / "clock.json"
    assert clock.offset == timedelta()
    clock.jump(datetime(2021, 10, 1, 6, 45, tzinfo=UTC))
    other_clock = times.Clock()
    other_clock.path = clock.path
    shown = times.real_now() + other_clock.offset
    assert timedelta() <= shown - datetime(2021, 10, 1, 6, 45, tzinfo=UTC) < timedelta(minutes=1)


def test_french_is_printed_as_french() -> None:
    opening = datetime(2021, 10, 1, 6, 45, tzinfo=UTC)
    assert formats.moment(opening) == "vendredi 1er\u00a0octobre 2021, 8\u00a0h\u00a045"
    assert formats.hour(datetime(2021, 10, 1, 8, tzinfo=UTC)) == "10\u00a0h"
    assert formats.number(126348) == "126\u202f348"
    assert formats.plural(0, "badge") == "0\u00a0badge"
    assert formats.plural(2, "badge") == "2\u00a0badges"
