"""Define the rota problem (stands, agents, what is already decided) and the shape of a rota.

Time is cut in half hours, numbered from 0 over all the days of the edition. A rota gives for each
agent and half hour the stand the agent is on: `rota[a][t]` is an index into `problem.posts`, or
FREE. Agents, stands and themes are named by index too, in the order of the problem.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from itertools import groupby

from salon.staffing.engine.working_time import WorkLimits, limits_of

FREE = -1
HALF_HOUR = 30
"""Minutes of a half hour."""

LONGEST_LEAST = 4
"""The longest that the shortest stint may be, in half hours."""

Rota = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Weights:
    """The cost of each breach of a soft rule; an organiser changes them. Cover is not among them.

    Units: `uneven`, `long`, `avoided`, `elsewhere`, `changed`: a half hour; `unwished`: one agent
    short of the wished number for a half hour; `stint`: a stint; `short`: a half hour that a stint
    lacks; `lunch`: a day without its hour; `walking`: a minute.
    """

    unwished: int = 10
    uneven: int = 20
    stint: int = 10
    short: int = 60
    long: int = 15
    lunch: int = 60
    walking: int = 2
    avoided: int = 8
    elsewhere: int = 2
    changed: int = 0


RULE_KEYS = tuple(weight.name for weight in fields(Weights))


@dataclass(frozen=True)
class Post:
    """A stand to staff. Each tuple holds one value per half hour.

    `required`: the themes of which each must be known by an agent present, while `minimum` is not
    0. `maximum` is never passed. `hall` names the place, for walking.
    """

    id: int
    name: str
    body: str
    hall: str
    minimum: tuple[int, ...]
    wished: tuple[int, ...]
    maximum: tuple[int, ...]
    required: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Worker:
    """An agent. `posts`: indexes of the stands the agent may hold; `themes`: those they can answer.

    `available`: one boolean per half hour. `avoided`: half hours they would rather not work.
    `preferred`: stands they wish for, empty when they have no wish. `limits`: of working time.
    """

    id: int
    name: str
    body: str
    posts: frozenset[int]
    themes: frozenset[int]
    available: tuple[bool, ...]
    avoided: frozenset[int] = frozenset()
    preferred: frozenset[int] = frozenset()
    limits: WorkLimits = field(default_factory=limits_of)


@dataclass(frozen=True)
class Problem:
    """An instance of the rota problem.

    `starts`: when each half hour starts (UTC). `days`: the number of its day. `lunch`: whether it
    lies between 11:30 and 14:30.

    `fixed[(worker, half hour)]` is decided: a post, or FREE when they must not work then. A fixed
    post holds whatever rule it breaks. `previous` is the rota to change least, if any.
    `walking[(hall, hall)]`: minutes between two halls; a missing pair costs nothing. `least_stint`:
    the half hours of the shortest stint, `LONGEST_LEAST` at most.
    """

    starts: tuple[datetime, ...]
    days: tuple[int, ...]
    lunch: tuple[bool, ...]
    posts: tuple[Post, ...]
    workers: tuple[Worker, ...]
    themes: Mapping[int, str] = field(default_factory=dict)
    walking: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fixed: Mapping[tuple[int, int], int] = field(default_factory=dict)
    previous: Rota | None = None
    weights: Weights = Weights()
    least_stint: int = 2

    @property
    def length(self) -> int:
        """Return the number of half hours."""
        return len(self.starts)

    @cached_property
    def spans(self) -> tuple[range, ...]:
        """Return the half hours of each day."""
        numbers = sorted(set(self.days))
        first = {day: self.days.index(day) for day in numbers}
        return tuple(range(first[day], first[day] + self.days.count(day)) for day in numbers)

    @cached_property
    def least_stints(self) -> tuple[tuple[int, ...], ...]:
        """Return the half hours that a stint begun then must last, by stand: no more than the need
        that it meets.
        """
        rows = []
        for post in self.posts:
            needed = [max(numbers) > 0 for numbers in zip(post.wished, post.minimum, strict=True)]
            row = []
            for _, group in groupby(zip(self.days, needed, strict=True)):
                half_hours = list(group)
                least = min(self.least_stint, len(half_hours)) if half_hours[0][1] else 0
                row += [least] * len(half_hours)
            rows.append(tuple(row))
        return tuple(rows)

    def can_hold(self, worker: int, post: int, at: int) -> bool:
        """Return whether the agent may be put there: available, allowed, not decided otherwise."""
        decided = self.fixed.get((worker, at))
        if decided is not None:
            return decided == post
        agent = self.workers[worker]
        return agent.available[at] and post in agent.posts

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """Return each agent's fair share, in half hours.

        What a stand wishes for is split evenly, half hour by half hour, among the agents able to
        hold it; an agent counts for at most one place at a time.
        """
        allowed_posts = [set(agent.posts) for agent in self.workers]
        for (worker, _), post in self.fixed.items():
            allowed_posts[worker] |= {post} - {FREE}
        able = [
            [
                (post, at)
                for at in range(self.length)
                for post in sorted(posts)
                if self.can_hold(worker, post, at)
            ]
            for worker, posts in enumerate(allowed_posts)
        ]
        count = Counter(place for places in able for place in places)
        share = [0.0] * len(self.workers)
        for worker, places in enumerate(able):
            at_once = [0.0] * self.length
            for post, at in places:
                at_once[at] += self.posts[post].wished[at] / count[post, at]
            for part in at_once:
                share[worker] += min(1.0, part)
        return tuple(round(half_hours) for half_hours in share)


def decided_rows(problem: Problem) -> list[list[int]]:
    """Return schedules that hold what is decided and nothing else."""
    return [
        [problem.fixed.get((worker, at), FREE) for at in range(problem.length)]
        for worker in range(len(problem.workers))
    ]
