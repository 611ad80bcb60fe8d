"""The limits of each agent's days and weeks, given what is already decided.

A decided shift holds whatever limit it breaks. The limit then goes as far as the decided shifts
force it, and no further: nothing may be added that takes the agent beyond them.
"""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from salon.platform.settings.clock import local
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.problem import FREE, Problem, decided_rows
from salon.staffing.engine.solving.scoring import has_lunch

DAY_AND_NIGHT = 70
"""Half hours: the 35 h of a free day with the night before it."""


class Limits:
    """Limits of working time per agent and day. `decided[worker][day]`: the half hours of decided
    shifts, in time. `widest[worker][day]`: the most from the first half hour of work to the last,
    never under the agent's limit.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.spans = problem.spans
        self.decided: list[list[list[int]]] = [[[] for _ in self.spans] for _ in problem.workers]
        for (worker, at), post in sorted(problem.fixed.items()):
            if post != FREE:
                self.decided[worker][self.day_of[at]].append(at)
        self.of = [worker.limits for worker in problem.workers]
        self.widest = [
            [max(limits.width, day[-1] + 1 - day[0] if day else 0) for day in days]
            for limits, days in zip(self.of, self.decided, strict=True)
        ]

    @cached_property
    def day_of(self) -> list[int]:
        """Return the day of each half hour, as a position in `spans`."""
        return [number for number, span in enumerate(self.spans) for _ in span]

    @cached_property
    def must_lunch(self) -> list[list[bool]]:
        """Return whether each agent must have lunch, each day, what is decided permitting."""
        rows = decided_rows(self.problem)
        return [
            [
                bool(limits.lunch)
                and has_lunch(self.problem, row, day)
                and any(self.problem.lunch[at] for at in day)
                for day in self.spans
            ]
            for limits, row in zip(self.of, rows, strict=True)
        ]

    @cached_property
    def nights(self) -> list[tuple[int, int]]:
        """Return the pairs of days so near that work on both can cost the rest between them."""
        shortest = max((limits.night for limits in self.of), default=0)
        return [
            (before, after)
            for before, after in itertools.combinations(range(len(self.spans)), 2)
            if self.rest(self.spans[before].stop - 1, self.spans[after].start) < shortest
        ]

    @cached_property
    def weeks(self) -> list[list[int]]:
        """Return the days of each calendar week, as positions in `spans`."""
        mondays = []
        for span in self.spans:
            day = local(self.problem.starts[span.start]).date()
            mondays.append(day - timedelta(days=day.weekday()))
        return [
            [number for number, monday in enumerate(mondays) if monday == week]
            for week in dict.fromkeys(mondays)
        ]

    @cached_property
    def resting(self) -> list[frozenset[int]]:
        """Return the half hours when each agent has their weekly rest.

        Only a fair open all seven days of a week needs one: days without decided shifts, one agent
        after another; where none is left, the longest rest that decided shifts leave.
        """
        whole_weeks = [week for week in self.weeks if len(week) == 7]
        resting = []
        for worker, days in enumerate(self.decided):
            half_hours: frozenset[int] = frozenset()
            for week in whole_weeks:
                decided = {at for day in week for at in days[day]}
                rests = [rest for rest in self._rests(worker, week) if not rest & decided]
                longest = self._longest_rest(week, sorted(decided))
                half_hours |= rests[worker % len(rests)] if rests else longest
            resting.append(half_hours)
        return resting

    def _rests(self, worker: int, week: Sequence[int]) -> list[frozenset[int]]:
        """Return the rests of a week, each of a day or two and of what lacks the evening before."""
        starts, shortest = self.problem.starts, self.of[worker].rest * HALF_HOUR
        length = 1 if self.of[worker].rest <= DAY_AND_NIGHT else 2
        rests = []
        for first in range(len(week) - length + 1):
            half_hours = {at for day in week[first : first + length] for at in self.spans[day]}
            if 0 < first < len(week) - length:
                until = starts[self.spans[week[first + length]].start]
                for at in reversed(self.spans[week[first - 1]]):
                    if until - starts[at] - HALF_HOUR >= shortest:
                        break
                    half_hours.add(at)
            rests.append(frozenset(half_hours))
        return rests

    def _longest_rest(self, week: Sequence[int], decided: Sequence[int]) -> frozenset[int]:
        span = range(self.spans[week[0]].start, self.spans[week[-1]].stop)
        edges = [span.start - 1, *decided, span.stop]
        before, after = max(
            itertools.pairwise(edges),
            key=lambda pair: (
                self.problem.starts[max(span.start, min(pair[1], span.stop - 1))]
                - self.problem.starts[max(span.start, pair[0])]
            ),
        )
        return frozenset(range(before + 1, after))

    def most_of_week(self, worker: int, week: Sequence[int]) -> int:
        """Return the most half hours of work of a week, never under those decided."""
        decided = sum(len(self.decided[worker][day]) for day in week)
        return max(self.of[worker].week, decided)

    def rest(self, last: int, first: int) -> int:
        """Return the half hours of rest between the end of one half hour and the start of
        another.
        """
        starts = self.problem.starts
        return (starts[first] - starts[last]) // HALF_HOUR - 1

    def shortest(self, worker: int, before: int, after: int) -> int:
        """Return the half hours of rest the agent must have between two days."""
        ends, begins = self.decided[worker][before], self.decided[worker][after]
        shortest = self.of[worker].night
        forced = self.rest(ends[-1], begins[0]) if ends and begins else shortest
        return min(shortest, forced)

    def is_run(self, worker: int, first: int) -> bool:
        """Return whether a run beyond the longest allowed is wholly decided from there on."""
        day = self.decided[worker][self.day_of[first]]
        return set(range(first, first + self.of[worker].run + 1)) <= set(day)

    def reached(self, worker: int, row: Sequence[int], at: int) -> str | None:
        """Return the limit that forbids the agent, with that schedule, to work at that half hour as
        well: `rest`, `day`, `width`, `run`, `week`, `lunch`, `night`, or None.
        """
        if at in self.resting[worker]:
            return "rest"
        number = self.day_of[at]
        day = self.spans[number]
        worked = {half_hour for half_hour in day if row[half_hour] != FREE} | {at}
        if len(worked) > self.of[worker].day:
            return "day"
        if max(worked) + 1 - min(worked) > self.widest[worker][number]:
            return "width"
        length = self.of[worker].run + 1
        for first in range(max(day.start, at - length + 1), min(at, day.stop - length) + 1):
            if all(
                half_hour in worked for half_hour in range(first, first + length)
            ) and not self.is_run(worker, first):
                return "run"
        week = next(days for days in self.weeks if number in days)
        if sum(len(self._worked(row, other_day)) for other_day in week) >= self.of[worker].week:
            return "week"
        if self.must_lunch[worker][number] and not has_lunch(
            self.problem, [*row[:at], 0, *row[at + 1 :]], day
        ):
            return "lunch"
        for before, after in self.nights:
            if number in (before, after):
                ends = worked if number == before else self._worked(row, before)
                begins = worked if number == after else self._worked(row, after)
                if ends and begins:
                    night = self.rest(max(ends), min(begins))
                    if night < self.shortest(worker, before, after):
                        return "night"
        return None

    def _worked(self, row: Sequence[int], day: int) -> set[int]:
        return {at for at in self.spans[day] if row[at] != FREE}
