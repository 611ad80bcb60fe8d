"""Compare a schedule with an agent's limits of working time, before and after a change.

A limit that is already exceeded may not be exceeded further: `worse_bounds` is what every change of
a schedule asks.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from salon.platform.settings.clock import Timed, local
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.working_time import Bound, Limit, WorkLimits, is_late

LUNCH_FROM, LUNCH_TO = time(11, 30), time(14, 30)


def half_hours_of(shifts: Iterable[Timed]) -> list[datetime]:
    """Return the half hours of some shifts, by their start, in time."""
    starts = []
    for shift in shifts:
        at = shift.starts_at
        while at < shift.ends_at:
            starts.append(at)
            at += HALF_HOUR
    return sorted(starts)


def excesses(worked: Sequence[datetime], limits: WorkLimits) -> dict[tuple[Bound, str], int]:
    """Return by how much a schedule passes each limit, with the day or the week.

    `worked`: the starts of the half hours of work, in time. Only what they hold is counted: what
    an agent works elsewhere that week is not known.
    """
    days: dict[date, list[datetime]] = {}
    for start in worked:
        days.setdefault(local(start).date(), []).append(start)
    return {
        (bound, where): over
        for bound in limits.bounds
        for where, over in _excess(bound, days)
        if over > 0
    }


def worse_bounds(
    before: Sequence[datetime], after: Sequence[datetime], limits: WorkLimits
) -> list[Bound]:
    """Return the limits that a change of an agent's half hours of work passes, or passes further
    than before, on any day or in any week.
    """
    former = excesses(before, limits)
    now = excesses(after, limits)
    return list(dict.fromkeys(key[0] for key, over in now.items() if over > former.get(key, 0)))


def worse_words(before: Iterable[Timed], after: Iterable[Timed], limits: WorkLimits) -> list[str]:
    """Return what a change of an agent's shifts makes worse, each limit with its article."""
    bounds = worse_bounds(half_hours_of(before), half_hours_of(after), limits)
    return [bound.breach for bound in bounds]


def breach_words(shifts: Iterable[Timed], limits: WorkLimits) -> list[str]:
    """Return what some shifts of an agent pass, each with its article."""
    passed = excesses(half_hours_of(shifts), limits)
    return list(dict.fromkeys(bound.breach for bound, _ in passed))


def _excess(bound: Bound, days: Mapping[date, Sequence[datetime]]) -> Iterable[tuple[str, int]]:
    """Yield (day or week, half hours beyond the limit)."""
    match bound.limit:
        case Limit.DAY:
            for day, starts in days.items():
                yield str(day), len(starts) - bound.value
        case Limit.WIDTH:
            for day, starts in days.items():
                yield str(day), (starts[-1] - starts[0]) // HALF_HOUR + 1 - bound.value
        case Limit.RUN:
            for day, starts in days.items():
                runs = [over for run in _runs(starts) if (over := run - bound.value) > 0]
                yield f"{day}, longest", max(runs, default=0)
                yield f"{day}, all", sum(runs)
        case Limit.NIGHT:
            for before, after in itertools.pairwise(days.values()):
                night = (after[0] - before[-1]) // HALF_HOUR - 1
                yield str(local(after[0]).date()), bound.value - night
        case Limit.LATE:
            for day, starts in days.items():
                yield str(day), sum(is_late(bound, start) for start in starts)
        case Limit.WEEK:
            for week, numbers in _weeks(days).items():
                yield str(week), sum(len(days[day]) for day in numbers) - bound.value
        case Limit.LUNCH:
            for day, starts in days.items():
                yield str(day), bound.value - _longest_lunch(starts)
        case Limit.REST:
            for week in _weeks(days):
                yield str(week), bound.value - _longest_rest(week, days)


def _weeks(days: Iterable[date]) -> dict[date, list[date]]:
    """Return the days of each week, by its Monday."""
    weeks: dict[date, list[date]] = {}
    for day in days:
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(day)
    return weeks


def _longest_rest(monday: date, days: Mapping[date, Sequence[datetime]]) -> int:
    """Return the longest rest of a week, in half hours; one that begins or ends in another week
    counts whole once a day of it lies in this one. Before the first shift and after the last, the
    agent rests.
    """
    zone = local(next(iter(days.values()))[0]).tzinfo
    start = datetime.combine(monday, time(), zone)
    end = start + timedelta(days=7)
    worked = sorted(at for starts in days.values() for at in starts)
    ends = [start - timedelta(days=7), *(at + HALF_HOUR for at in worked)]
    begins = [*worked, end + timedelta(days=7)]
    longest = timedelta()
    for rests_from, rests_until in zip(ends, begins, strict=True):
        inside = min(rests_until, end) - max(rests_from, start)
        whole = rests_until - rests_from if inside >= timedelta(days=1) else inside
        longest = max(longest, whole)
    return longest // HALF_HOUR


def is_lunch(start: datetime) -> bool:
    """Return whether a half hour lies in the time of lunch."""
    return LUNCH_FROM <= local(start).time() < LUNCH_TO


def _longest_lunch(starts: Sequence[datetime]) -> int:
    """Return the most half hours in a row that a day's work leaves at the time of lunch."""
    day = local(starts[0])
    first = day.replace(hour=LUNCH_FROM.hour, minute=LUNCH_FROM.minute)
    times = [at for number in range(6) if is_lunch(at := first + number * HALF_HOUR)]
    free = [at for at in times if at not in set(starts)]
    return max(_runs(free), default=0)


def _runs(starts: Sequence[datetime]) -> list[int]:
    """Return the length of each run of half hours without a break."""
    runs: list[int] = []
    for number, start in enumerate(starts):
        if number and start - starts[number - 1] == HALF_HOUR:
            runs[-1] += 1
        else:
            runs.append(1)
    return runs
