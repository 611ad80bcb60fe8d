"""The limits of working time, read from the law once more; no code of the product.

Décret 2000-815, art. 3 (public employers), code du travail (private ones, minors). Hours are hours.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)
Span = tuple[datetime, datetime]


class Person(NamedTuple):
    """`under`: 18 or 16 for a minor. `private`: of a private employer. `most`: hours a day that the
    agent's record allows, None for no such limit. `lunch`: an hour is due from 11:30 to 14:30.
    """

    under: int | None = None
    private: bool = False
    most: float | None = None
    lunch: bool = False


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def breaches(person: Person, half_hours: Sequence[datetime]) -> dict[tuple[str, str], timedelta]:
    """Return how far beyond each limit, by (limit, day or week): what is not there is kept."""
    shifts = _joined(half_hours)
    by_day: dict[str, list[Span]] = {}
    for shift in shifts:
        by_day.setdefault(shift[0].astimezone(PARIS).strftime("%Y-%m-%d"), []).append(shift)
    facts = [*_of_days(person, by_day), *_of_nights(person, by_day), *_of_weeks(person, shifts)]
    return {where: over for where, over in facts if over > timedelta(0)}


def worse(person: Person, before: Sequence[datetime], after: Sequence[datetime]) -> set[str]:
    """Return the limits that a change takes the person past, or further past."""
    former = breaches(person, before)
    now = breaches(person, after)
    return {where[0] for where, over in now.items() if over > former.get(where, timedelta(0))}


def _of_days(
    person: Person, by_day: dict[str, list[Span]]
) -> Iterable[tuple[tuple[str, str], timedelta]]:
    for day, shifts in by_day.items():
        lengths = [end - start for start, end in shifts]
        work = sum(lengths, timedelta())
        yield ("day", f"{day} law"), work - hours({18: 8, 16: 7}.get(person.under or 0, 10))
        yield ("day", f"{day} adult"), work - hours(10)
        if person.most is not None:
            yield ("day", f"{day} own"), work - hours(person.most)
        if person.lunch:
            yield ("lunch", day), hours(1) - _longest_lunch(shifts)
        wide = shifts[-1][1] - shifts[0][0]
        yield ("width", day), wide - hours(13 if person.private else 12)
        for name, longest in (("adult", hours(5.5)), ("minor", hours(4.5))):
            if name == "adult" or person.under:
                over = [length - longest for length in lengths if length > longest]
                yield ("run", f"{day} {name} longest"), max(over, default=timedelta())
                yield ("run", f"{day} {name} all"), sum(over, timedelta())
        if person.under:
            evening = {18: 22, 16: 20}[person.under]
            late = [
                half_hour
                for start, end in shifts
                for half_hour in _halves(start, end)
                if not 6 <= half_hour.astimezone(PARIS).hour < evening
            ]
            yield ("late", day), len(late) * hours(0.5)


def _longest_lunch(shifts: Sequence[Span]) -> timedelta:
    """Return the longest time without work between 11:30 and 14:30."""
    noon = shifts[0][0].astimezone(PARIS).replace(hour=11, minute=30)
    end, free, longest = noon + hours(3), noon, timedelta(0)
    for start, stop in [*shifts, (end, end)]:
        longest = max(longest, min(start, end) - free)
        free = max(free, stop)
    return longest


def _of_nights(
    person: Person, by_day: dict[str, list[Span]]
) -> Iterable[tuple[tuple[str, str], timedelta]]:
    days = sorted(by_day)
    for before, after in itertools.pairwise(days):
        rest = by_day[after][0][0] - by_day[before][-1][1]
        yield ("night", f"{after} adult"), hours(11) - rest
        if person.under:
            yield ("night", f"{after} minor"), hours({18: 12, 16: 14}[person.under]) - rest


def _of_weeks(
    person: Person, shifts: Sequence[Span]
) -> Iterable[tuple[tuple[str, str], timedelta]]:
    mondays = {_monday(start) for start, _ in shifts}
    for monday in mondays:
        work = [end - start for start, end in shifts if _monday(start) == monday]
        total = sum(work, timedelta())
        ends = [monday - WEEK, *(end for _, end in shifts)]
        starts = [*(start for start, _ in shifts), monday + 2 * WEEK]
        rests = []
        for rests_from, rests_until in zip(ends, starts, strict=True):
            here = min(rests_until, monday + WEEK) - max(rests_from, monday)
            rests.append(rests_until - rests_from if here >= hours(24) else here)
        yield ("week", f"{monday} adult"), total - hours(48)
        yield ("rest", f"{monday} adult"), hours(35) - max(rests)
        if person.under:
            yield ("week", f"{monday} minor"), total - hours(35)
            yield ("rest", f"{monday} minor"), hours(48) - max(rests)


def _monday(moment: datetime) -> datetime:
    at = moment.astimezone(PARIS)
    midnight = at.replace(hour=0, minute=0)
    return midnight - timedelta(days=at.weekday())


def _halves(start: datetime, end: datetime) -> list[datetime]:
    return [start + hours(0.5) * number for number in range((end - start) // hours(0.5))]


def _joined(half_hours: Sequence[datetime]) -> list[Span]:
    shifts: list[Span] = []
    for start in sorted(half_hours):
        if shifts and shifts[-1][1] == start:
            shifts[-1] = (shifts[-1][0], start + hours(0.5))
        else:
            shifts.append((start, start + hours(0.5)))
    return shifts
