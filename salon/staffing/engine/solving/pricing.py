"""Pricing problem of the column generation: the cheapest schedule of each agent, exactly.

Agents that nothing distinguishes share one profile. The days of a schedule are priced one by one,
and tied by the number of half hours worked; the profiles of a batch advance together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from salon.staffing.engine.solving.days import NEVER, BatchFacts, Day, Numbers
from salon.staffing.engine.solving.frames import Frame, frames_of
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.engine.solving.scoring import TOLERANCE

AgentSchedule = tuple[int, ...]
Place = tuple[int, int, int]
"""A stand, a half hour and a theme that must be answered there."""

BATCH = 48
"""Profiles that advance together: enough to feed numpy, few enough to stay in cache."""


@dataclass(frozen=True)
class Profile:
    """Agents that cost and count the same in any schedule. `posts`: in order."""

    workers: tuple[int, ...]
    posts: tuple[int, ...]
    themes: frozenset[int]

    @property
    def model(self) -> int:
        return self.workers[0]


def profiles_of(problem: Problem, workers: Sequence[int]) -> tuple[Profile, ...]:
    """Return the agents grouped by all that the rules read of them, in the order of their first."""
    resting = Limits(problem).resting
    workers_by_key: dict[object, list[int]] = {}
    facts_by_key: dict[object, tuple[tuple[int, ...], frozenset[int]]] = {}
    for worker in workers:
        agent = problem.workers[worker]
        posts = tuple(
            post
            for post in range(len(problem.posts))
            if any(problem.can_hold(worker, post, at) for at in range(problem.length))
        )
        required_themes: frozenset[int] = frozenset().union(
            *(themes for post in posts for themes in problem.posts[post].required)
        )
        key = (
            posts,
            agent.themes & required_themes,
            tuple(
                tuple(problem.can_hold(worker, post, at) for at in range(problem.length))
                for post in posts
            ),
            tuple(problem.fixed.get((worker, at)) for at in range(problem.length)),
            agent.avoided,
            agent.preferred & frozenset(posts) if agent.preferred else None,
            problem.previous[worker] if problem.previous is not None else None,
            problem.shares[worker],
            agent.limits,
            resting[worker],
        )
        workers_by_key.setdefault(key, []).append(worker)
        facts_by_key[key] = (posts, agent.themes & required_themes)
    return tuple(Profile(tuple(group), *facts_by_key[key]) for key, group in workers_by_key.items())


def places_of(problem: Problem) -> tuple[Place, ...]:
    """Return where and when each theme must be answered."""
    return tuple(
        (post, at, theme)
        for post, stand in enumerate(problem.posts)
        for at in range(problem.length)
        if stand.minimum[at]
        for theme in sorted(stand.required[at])
    )


class PricingProblem:
    """The pricing problem of all profiles. `scale` multiplies the costs of the rules, so that dual
    prices keep fractions.
    """

    def __init__(self, problem: Problem, profiles: Sequence[Profile], scale: int = 1) -> None:
        self.profiles = profiles
        limits = Limits(problem)
        framed = [frames_of(limits, profile.model) for profile in profiles]
        self.is_exact = all(is_exact for _, is_exact in framed)
        frames = [profile_frames for profile_frames, _ in framed]
        places = {place: place_number for place_number, place in enumerate(places_of(problem))}
        order = sorted(range(len(profiles)), key=lambda number: len(profiles[number].posts))
        self._batches = [
            _Batch(limits, profiles, order[first : first + BATCH], places, frames, scale)
            for first in range(0, len(order), BATCH)
        ]

    def best(
        self, prices: Numbers, of_places: Numbers | None = None, changed: int = 0
    ) -> "PricingResult":
        """Return the cheapest schedule of each profile.

        To the cost of the rules, `prices[post, at]` is added for work on a stand;
        `of_places[k]` for an answer to the theme of `places_of(problem)[k]` there; `changed` for
        each half hour that differs from the previous rota.
        """
        values = np.zeros(len(self.profiles), dtype=np.int64)
        positions: dict[int, tuple[_Batch, int]] = {}
        for batch in self._batches:
            values[batch.numbers] = batch.solve(prices, of_places, changed)
            positions |= {
                number: (batch, position) for position, number in enumerate(batch.numbers)
            }
        return PricingResult(values, positions)


class PricingResult:
    """The value of each profile's cheapest schedule.

    The schedules are read back on demand, until the next call of `PricingProblem.best`.
    """

    def __init__(self, values: Numbers, positions: Mapping[int, tuple["_Batch", int]]) -> None:
        self.values = values
        self._positions = positions

    def row(self, profile: int) -> AgentSchedule:
        batch, position = self._positions[profile]
        return batch.row(position)

    def rows_by_load(self, profile: int) -> Iterator[tuple[int, AgentSchedule]]:
        """Yield the cheapest schedule of each number of half hours worked, with its value."""
        batch, position = self._positions[profile]
        return batch.rows_by_load(position)


class _Batch:
    """Profiles padded to the same number of stands."""

    def __init__(
        self,
        limits: Limits,
        profiles: Sequence[Profile],
        numbers: Sequence[int],
        places: Mapping[Place, int],
        frames: Sequence[Sequence[Frame]],
        scale: int,
    ) -> None:
        self.problem = problem = limits.problem
        self.numbers = list(numbers)
        self.profiles = [profiles[number] for number in numbers]
        self.width = max(1, *(len(profile.posts) for profile in self.profiles), 1)
        self.scale = scale
        count, length = len(numbers), problem.length
        self.index = np.zeros((count, self.width), dtype=np.int64)
        self.base = np.full((count, self.width, length), NEVER, dtype=np.int64)
        self.differs = np.zeros((count, self.width, length), dtype=np.int64)
        self.free = np.zeros((count, length), dtype=np.int64)
        self.free_differs = np.zeros((count, length), dtype=np.int64)
        self.decided = np.zeros((count, length), dtype=bool)
        self.walking = np.full((self.width, self.width, count), NEVER, dtype=np.int64)
        for position in range(count):
            self._describe(position)
        self._place(places)
        self.frames = self._closed([frames[number] for number in numbers])
        posts = [profile.posts for profile in self.profiles]
        models = [profile.model for profile in self.profiles]
        work_limits = [limits.of[worker] for worker in models]
        facts = BatchFacts(posts, self.decided, self.walking, work_limits)
        must = [limits.must_lunch[worker] for worker in models]
        self.days = [
            [
                Day(problem, span, facts, must_lunch, scale)
                for span, must_lunch in zip(problem.spans, zip(*must, strict=True), strict=True)
            ]
            for _ in self.frames
        ]
        self.weeks = limits.weeks
        self.most = [
            np.array([limits.most_of_week(worker, week) for worker in models])
            for week in self.weeks
        ]
        shares = np.array([problem.shares[profile.model] for profile in self.profiles])
        off = np.abs(np.arange(length + 1)[None, :] - shares[:, None]) - TOLERANCE
        self.uneven = np.maximum(0, off) * problem.weights.uneven * scale
        self.tables: list[list[Numbers]] = []
        self.totals: Numbers = np.zeros((0, 0, 0), dtype=np.int64)

    def _describe(self, position: int) -> None:
        problem, weights, profile = self.problem, self.problem.weights, self.profiles[position]
        agent = problem.workers[profile.model]
        before = problem.previous[profile.model] if problem.previous is not None else None
        for at in range(problem.length):
            decided = problem.fixed.get((profile.model, at), FREE)
            self.decided[position, at] = decided != FREE
            self.free[position, at] = NEVER if decided != FREE else 0
            self.free_differs[position, at] = before is not None and before[at] != FREE
        for rank, post in enumerate(profile.posts):
            self.index[position, rank] = post
            foreign = bool(agent.preferred) and post not in agent.preferred
            for at in range(problem.length):
                self.differs[position, rank, at] = before is not None and before[at] != post
                if problem.can_hold(profile.model, post, at):
                    cost = weights.avoided * (at in agent.avoided) + weights.elsewhere * foreign
                    self.base[position, rank, at] = cost * self.scale
            for former_rank, former_post in enumerate(profile.posts):
                if former_post != post:
                    halls = (problem.posts[former_post].hall, problem.posts[post].hall)
                    minutes = problem.walking.get(halls, 0)
                    cost = weights.walking * minutes * self.scale
                    self.walking[former_rank, rank, position] = cost

    def _place(self, places: Mapping[Place, int]) -> None:
        """Index where the dual price of each theme's place applies."""
        entries = [
            (position, rank, at, places[post, at, theme])
            for position, profile in enumerate(self.profiles)
            for rank, post in enumerate(profile.posts)
            for at in range(self.problem.length)
            if self.problem.posts[post].minimum[at]
            for theme in sorted(self.problem.posts[post].required[at] & profile.themes)
        ]
        columns = np.array(entries, dtype=np.int64).reshape(-1, 4).T
        self.at = (columns[0], columns[1], columns[2])
        self.place = columns[3]

    def _closed(self, frames: Sequence[Sequence[Frame]]) -> list[Numbers]:
        """Return NEVER where a frame keeps a profile from working.

        A profile with fewer frames repeats its last.
        """
        return [
            np.array(
                [
                    [
                        0 if is_open else NEVER
                        for is_open in profile_frames[min(frame_number, len(profile_frames) - 1)]
                    ]
                    for profile_frames in frames
                ],
                dtype=np.int64,
            )
            for frame_number in range(max(len(profile_frames) for profile_frames in frames))
        ]

    def solve(self, prices: Numbers, of_places: Numbers | None, changed: int) -> Numbers:
        """Return the value of the cheapest schedule of each profile."""
        unit_cost = changed + self.problem.weights.changed * self.scale
        work = self.base + prices[self.index] + unit_cost * self.differs
        if of_places is not None:
            np.add.at(work, self.at, of_places[self.place])
        free = self.free + unit_cost * self.free_differs
        self.tables = []
        totals = []
        for closed, days in zip(self.frames, self.days, strict=True):
            open_work = work + closed[:, None, :]
            tables = [day.solve(open_work, free) for day in days]
            self.tables.append(tables)
            totals.append(_total(self._of_weeks(tables)) + self.uneven)
        self.totals = np.stack(totals)
        values: Numbers = self.totals.min(axis=(0, 2))
        return values

    def _of_weeks(self, tables: Sequence[Numbers]) -> list[Numbers]:
        """Return the value of each week by its half hours of work, within the most of a week."""
        weeks = [_total([tables[day] for day in week]) for week in self.weeks]
        for table, most in zip(weeks, self.most, strict=True):
            table[np.arange(table.shape[1])[None, :] > most[:, None]] = NEVER
        return weeks

    def row(self, position: int) -> AgentSchedule:
        frame, load = np.unravel_index(
            int(self.totals[:, position].argmin()), self.totals[:, position].shape
        )
        return self._row(int(frame), position, int(load))

    def rows_by_load(self, position: int) -> Iterator[tuple[int, AgentSchedule]]:
        for load in range(self.totals.shape[2]):
            frame = int(self.totals[:, position, load].argmin())
            value = int(self.totals[frame, position, load])
            if value < NEVER // 2:
                yield value, self._row(frame, position, load)

    def _row(self, frame: int, position: int, load: int) -> AgentSchedule:
        """Rebuild a schedule: the half hours of each week, then those of each of its days."""
        tables = self.tables[frame]
        weeks = [week[position] for week in self._of_weeks(tables)]
        loads = [
            part
            for week, hours in zip(self.weeks, _parts(weeks, load), strict=True)
            for part in _parts([tables[day][position] for day in week], hours)
        ]
        row: list[int] = []
        for day, hours in zip(self.days[frame], loads, strict=True):
            row += day.row(position, hours)
        return tuple(row)


def _parts(tables: Sequence[Numbers], load: int) -> list[int]:
    """Return the half hours of each table whose sum is `load`, at the least price; found from the
    last one.
    """
    parts: list[int] = []
    for last in range(len(tables) - 1, 0, -1):
        before = _total([table[None] for table in tables[:last]])[0]
        most = min(load, len(tables[last]) - 1)
        half_hours = min(
            (part for part in range(most + 1) if load - part < len(before)),
            key=lambda part: (int(tables[last][part] + before[load - part]), part),
        )
        parts.insert(0, half_hours)
        load -= half_hours
    return [load, *parts]


def _total(tables: Sequence[Numbers]) -> Numbers:
    """Return the cheapest way to share out each number of half hours among several tables."""
    total = tables[0].copy()
    for table in tables[1:]:
        total = _summed(total, table)
    return total


def _summed(first: Numbers, second: Numbers) -> Numbers:
    """Return the cheapest way to share out each number of half hours between two tables."""
    width = first.shape[1] + second.shape[1] - 1
    total = np.full((first.shape[0], width), 2 * NEVER, dtype=np.int64)
    for hours in range(second.shape[1]):
        part = total[:, hours : hours + first.shape[1]]
        np.minimum(part, first + second[:, hours : hours + 1], out=part)
    return total
