"""Forecast of arrivals in each quarter hour, as measured at an earlier edition.

Before one is measured, people come by the half-days that they registered for, in shares that
organisers of one-day fairs of this size describe: a rush at the opening, a second and smaller one
after lunch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)
MORNING = (12, 18, 16, 13, 10, 8, 7, 5, 4, 3, 2, 2)
"""Percent of the people of the morning or the whole day, by quarter hour from the opening."""

AFTERNOON = (22, 24, 18, 12, 9, 7, 5, 3)
"""Percent of the people of the afternoon, by quarter hour from its beginning."""

AFTERNOON_AFTER = timedelta(hours=4, minutes=30)
"""From the opening to the afternoon, unless the fair is shorter: then half-way."""


@dataclass(frozen=True)
class MeasuredArrivals:
    """First entries of each day of an edition by quarter hour from the opening of that day, below
    0 before it, and how many people were registered for its days: who comes on two counts twice."""

    people: Mapping[int, int]
    registered: int

    @property
    def entered(self) -> int:
        return sum(self.people.values())

    @property
    def turnout(self) -> float:
        """Return the share of the registered people who came, at most 1."""
        return min(1.0, self.entered / self.registered) if self.registered else 1.0

    @property
    def busiest(self) -> tuple[int, int]:
        """Return the quarter hour with most first entries, and their number."""
        quarter = max(self.people, key=lambda index: self.people[index])
        return quarter, self.people[quarter]


def forecast(
    expected: Mapping[str, int],
    opens_at: datetime,
    closes_at: datetime,
    measured: MeasuredArrivals | None = None,
) -> dict[datetime, float]:
    """Return people expected by quarter hour; `expected` counts people by half day.

    `measured`: arrivals of an earlier edition, whose curve and turnout are expected again. Without
    it, everybody arrives between the opening and the closing.
    """
    if measured is not None:
        return _as_measured(sum(expected.values()), opens_at, closes_at, measured)
    people_by_quarter: dict[datetime, float] = {}
    afternoon = expected.get("afternoon", 0)
    morning = sum(expected.values()) - afternoon
    half = min(AFTERNOON_AFTER, (closes_at - opens_at) / 2)
    for people, shares, start in (
        (morning, MORNING, opens_at),
        (afternoon, AFTERNOON, quarter_of(opens_at + half)),
    ):
        quarters = [start + index * QUARTER for index in range(len(shares))]
        quarters_open = [at for at in quarters if at < closes_at] or [opens_at]
        share_total = sum(shares[: len(quarters_open)])
        for at, share in zip(quarters_open, shares, strict=False):
            people_by_quarter[at] = people_by_quarter.get(at, 0) + people * share / share_total
    return people_by_quarter


def _as_measured(
    people: int, opens_at: datetime, closes_at: datetime, measured: MeasuredArrivals
) -> dict[datetime, float]:
    arrivals = {
        opens_at + index * QUARTER: count
        for index, count in sorted(measured.people.items())
        if opens_at + index * QUARTER < closes_at
    }
    arrival_total = sum(arrivals.values())
    return {at: people * measured.turnout * count / arrival_total for at, count in arrivals.items()}


def quarter_of(at: datetime) -> datetime:
    """Return the quarter hour in which an instant is."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
