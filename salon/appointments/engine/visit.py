"""Mon parcours: choose appointments and talks that fit together, and stands on the way.

In order: the most appointments, the most talks, the least walking, the earliest end. Then the time
left between them is filled with stands worth a visit, nearest first.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from salon.fair.engine.walking import Spot, minutes_between

UNKNOWN_WALK = 3
"""Minutes to or from a room that is not on the plan."""
TIME_AT_STAND = timedelta(minutes=10)
FIVE = timedelta(minutes=5)
MOST_STANDS = 8
MOST_TIMES = 8
"""Times tried for each wish, so that all combinations of four wishes are quickly tried."""


class Kind(StrEnum):
    BOOKED = "booked"
    MEETING = "meeting"
    TALK = "talk"
    STAND = "stand"


@dataclass(frozen=True)
class VisitPlace:
    """A stand or a room; `spot`: None when the plan does not show it."""

    name: str
    spot: Spot | None = None


@dataclass(frozen=True)
class Stop:
    """A step of a visit. `key`: the theme, talk or stand, whatever the time."""

    kind: Kind
    key: str
    title: str
    place: VisitPlace
    starts_at: datetime
    ends_at: datetime

    @property
    def about_at(self) -> datetime:
        """Return the start rounded to five minutes, for « vers 9 h 30 »."""
        seconds = FIVE.total_seconds()
        near = round(self.starts_at.timestamp() / seconds) * seconds
        return datetime.fromtimestamp(near, UTC)


@dataclass(frozen=True)
class Goal:
    """A stand worth a visit, at any time."""

    key: str
    title: str
    place: VisitPlace


def walking_time(origin: VisitPlace, destination: VisitPlace) -> timedelta:
    """Return the walking time between two places."""
    if origin == destination:
        return timedelta()
    if origin.spot is None or destination.spot is None:
        return timedelta(minutes=UNKNOWN_WALK)
    return timedelta(minutes=minutes_between(origin.spot, destination.spot))


def fit_together(stops: Sequence[Stop]) -> bool:
    """Return whether one person can attend all the stops, walking in between."""
    in_time = sorted(stops, key=lambda stop: stop.starts_at)
    return all(
        before.ends_at + walking_time(before.place, after.place) <= after.starts_at
        for before, after in itertools.pairwise(in_time)
    )


def choose_stops(fixed: Sequence[Stop], wishes: Sequence[Sequence[Stop]]) -> list[Stop]:
    """Return the stops of a visit, in time: the `fixed` ones, and at most one time of each wish.

    `wishes`: the possible times of each wish, earliest first.
    """
    best = min(_visits(list(fixed), [wish[:MOST_TIMES] for wish in wishes]), key=_cost)
    return sorted(best, key=lambda stop: (stop.starts_at, stop.key))


def add_stands(
    stops: Sequence[Stop], goals: Sequence[Goal], starts_at: datetime, ends_at: datetime
) -> tuple[list[Stop], list[Goal]]:
    """Return (the visit with stands on its way, the goals for which no time is left).

    A stand where the visitor has an appointment is not visited again.
    """
    seen = {stop.place for stop in stops}
    left = [goal for goal in goals if goal.place not in seen]
    visits: list[Stop] = []
    at, position = starts_at, None
    for stop in (*stops, None):
        until = stop.starts_at if stop else ends_at
        while len(visits) < MOST_STANDS and left:
            visit = _next_visit(position, at, left, stop, until)
            if visit is None:
                break
            left = [goal for goal in left if goal.key != visit.key]
            visits.append(visit)
            at, position = visit.ends_at, visit.place
        if stop is not None:
            at, position = stop.ends_at, stop.place
    return sorted([*stops, *visits], key=lambda stop: stop.starts_at), left


def _next_visit(
    position: VisitPlace | None,
    at: datetime,
    goals: Sequence[Goal],
    stop: Stop | None,
    until: datetime,
) -> Stop | None:
    """Return the nearest stand that leaves enough time to reach the next stop, or None."""
    nearest = (
        min(goals, key=lambda goal: walking_time(position, goal.place)) if position else goals[0]
    )
    arrives = at + (walking_time(position, nearest.place) if position else timedelta())
    leaves = arrives + TIME_AT_STAND
    if leaves + (walking_time(nearest.place, stop.place) if stop else timedelta()) > until:
        return None
    return Stop(Kind.STAND, nearest.key, nearest.title, nearest.place, arrives, leaves)


def _visits(stops: list[Stop], wishes: Sequence[Sequence[Stop]]) -> Iterator[list[Stop]]:
    """Yield every feasible choice of the wishes, some left out."""
    if not wishes:
        yield stops
        return
    for stop in wishes[0]:
        if fit_together([*stops, stop]):
            yield from _visits([*stops, stop], wishes[1:])
    yield from _visits(stops, wishes[1:])


def _cost(stops: Sequence[Stop]) -> tuple[int, int, float, float]:
    in_time = sorted(stops, key=lambda stop: stop.starts_at)
    walking = sum(
        (walking_time(before.place, after.place) for before, after in itertools.pairwise(in_time)),
        timedelta(),
    )
    last = in_time[-1].ends_at.timestamp() if in_time else 0
    talks = sum(stop.kind == Kind.TALK for stop in stops)
    return talks - len(stops), -talks, walking.total_seconds(), last


def steps_of(stops: Sequence[Stop]) -> list[tuple[Stop, int]]:
    """Return each stop with the minutes on foot from the previous one, 0 for the first."""
    if not stops:
        return []
    walks = [walking_time(before.place, after.place) for before, after in itertools.pairwise(stops)]
    return [(stops[0], 0)] + [
        (stop, int(walked.total_seconds() // 60))
        for stop, walked in zip(stops[1:], walks, strict=True)
    ]
