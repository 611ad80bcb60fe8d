"""Forecast of arrivals in each quarter hour, from the half-days that people registered for.

No fair has been measured yet: the shares are what organisers of one-day fairs of this size describe
(a rush at the opening, a second and smaller one after lunch). They are not learnt.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)
MORNING = (12, 18, 16, 13, 10, 8, 7, 5, 4, 3, 2, 2)
"""Percent of the people of the morning or the whole day, by quarter hour from the opening."""

AFTERNOON = (22, 24, 18, 12, 9, 7, 5, 3)
"""Percent of the people of the afternoon, by quarter hour from its beginning."""

AFTERNOON_AFTER = timedelta(hours=4, minutes=30)
"""From the opening to the afternoon, unless the fair is shorter: then half-way."""


def forecast(
    expected: Mapping[str, int], opens_at: datetime, closes_at: datetime
) -> dict[datetime, float]:
    """Return people expected by quarter hour; `expected` counts people by half day.

    Everybody arrives between the opening and the closing.
    """
    people_by_quarter: dict[datetime, float] = {}
    afternoon = expected.get("afternoon", 0)
    morning = sum(expected.values()) - afternoon
    half = min(AFTERNOON_AFTER, (closes_at - opens_at) / 2)
    for people, shares, start in (
        (morning, MORNING, opens_at),
        (afternoon, AFTERNOON, _quarter_of(opens_at + half)),
    ):
        quarters = [start + index * QUARTER for index in range(len(shares))]
        within = [at for at in quarters if at < closes_at] or [opens_at]
        whole = sum(shares[: len(within)])
        for at, share in zip(within, shares, strict=False):
            people_by_quarter[at] = people_by_quarter.get(at, 0) + people * share / whole
    return people_by_quarter


def _quarter_of(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
