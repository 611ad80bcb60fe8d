"""What there is to staff, with whom, and what is already decided; and the rota that answers it.

Time is cut in half hours, numbered from 0 over all the days of the edition. A rota says for each
agent and half hour on which stand the agent is: `rota[a][t]` is an index into `problem.stands`, or
FREE. Agents, stands and themes are named by index too, in the order of the problem.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property

FREE = -1
HALF_HOUR = 30
"""Minutes of a half hour."""

Rota = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Weights:
    """What each breach of a rule costs; an organiser changes them. Cover is not among them.

    `uneven`, `long`, `avoided`, `elsewhere`, `changed`: a half hour; `unwished`: an agent short
    of the wished number for a half hour; `stint`: a stint; `lunch`: a day without its hour;
    `walking`: a minute.
    """

    unwished: int = 10
    uneven: int = 20
    stint: int = 10
    long: int = 15
    lunch: int = 60
    walking: int = 2
    avoided: int = 8
    elsewhere: int = 2
    changed: int = 0


RULE_KEYS = tuple(one.name for one in fields(Weights))


@dataclass(frozen=True)
class Post:
    """A stand to staff. Each tuple holds one value per half hour.

    `required`: the themes of which somebody present must know each, while `minimum` is not 0.
    `maximum` is never passed. `hall` names where it is, for walking.
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
    """An agent. `posts`: indexes of the stands the agent may hold; `themes`: what they answer.

    `available`: one truth per half hour. `avoided`: half hours they would rather not work.
    `preferred`: stands they wish for, empty when they have no wish.
    """

    id: int
    name: str
    body: str
    posts: frozenset[int]
    themes: frozenset[int]
    available: tuple[bool, ...]
    avoided: frozenset[int] = frozenset()
    preferred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Problem:
    """`starts`: when each half hour starts (UTC). `days`: the number of its day. `lunch`: whether
    it lies between 11:30 and 14:30.

    `fixed[(worker, half hour)]` is decided: a post, or FREE when they must not work then. A fixed
    post holds whatever rule it breaks. `previous` is the rota to change least, if any.
    `walking[(hall, hall)]`: minutes between two halls; a pair that is not there costs nothing.
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

    @property
    def length(self) -> int:
        """How many half hours there are."""
        return len(self.starts)

    @cached_property
    def spans(self) -> tuple[range, ...]:
        """The half hours of each day."""
        numbers = sorted(set(self.days))
        first = {day: self.days.index(day) for day in numbers}
        return tuple(range(first[day], first[day] + self.days.count(day)) for day in numbers)

    def can_hold(self, worker: int, post: int, at: int) -> bool:
        """Whether the agent may be put there: available, allowed on it, not decided otherwise."""
        decided = self.fixed.get((worker, at))
        if decided is not None:
            return decided == post
        who = self.workers[worker]
        return who.available[at] and post in who.posts

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """Each agent's fair share, in half hours.

        What a stand wishes for is split evenly, half hour by half hour, among those who can hold
        it; nobody counts for more than one place at a time.
        """
        held = [set(one.posts) for one in self.workers]
        for (w, _), post in self.fixed.items():
            held[w] |= {post} - {FREE}
        able = [
            [(p, t) for t in range(self.length) for p in sorted(posts) if self.can_hold(w, p, t)]
            for w, posts in enumerate(held)
        ]
        count = Counter(place for places in able for place in places)
        share = [0.0] * len(self.workers)
        for w, places in enumerate(able):
            at_once = [0.0] * self.length
            for p, t in places:
                at_once[t] += self.posts[p].wished[t] / count[p, t]
            for part in at_once:
                share[w] += min(1.0, part)
        return tuple(round(one) for one in share)
