"""Describe the shortages of a rota, their obstacles and their remedies, by index."""

from dataclasses import dataclass, field
from enum import StrEnum

from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.engine.solving.scoring import gaps_of


class Hindrance(StrEnum):
    """Why an agent is not on a stand that lacks agents."""

    ABSENT = "absent"
    DECIDED = "decided"
    NEEDED = "needed"
    LIMIT = "limit"
    FULL = "full"
    NOT_ALLOWED = "not_allowed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Obstacle:
    """The hindrance that keeps an agent from the stand from half hour `start` (included) to `end`
    (excluded).

    `post`: where they are decided (FREE: decided not to work) or needed. `limit`: the legal limit
    they would pass. NOTHING is left only where the rota is not the best one.
    """

    worker: int
    hindrance: Hindrance
    start: int
    end: int
    post: int | None = None
    limit: str | None = None


@dataclass(frozen=True)
class Bottleneck:
    """A proof of a shortage in figures: these stands need more than these agents can give.

    Without a `limit`, agents are counted at one half hour: `demand` of them, `supply` at most. With
    one (`run`, `day`), agents × half hours are. With a `theme`, only the agents able to answer it.
    """

    posts: tuple[int, ...]
    start: int
    end: int
    demand: int
    supply: int
    limit: str | None = None
    theme: int | None = None


class RemedyKind(StrEnum):
    EXTEND = "extend"
    UNLOCK = "unlock"
    LOWER = "lower"
    WAIVE = "waive"
    ENLARGE = "enlarge"
    ALLOW = "allow"
    TEACH = "teach"


@dataclass(frozen=True)
class Remedy:
    """One change to the problem, computed to make the missing fall by `gain`.

    EXTEND: `worker` is there from `start` to `end` too, `amount` more minutes. UNLOCK: what is
    decided for `worker` then no longer is. LOWER, ENLARGE: the minimum of `post` is `amount` less
    then, its maximum `amount` more. WAIVE: `theme` is not required there then. ALLOW: `worker` may
    hold `post`. TEACH: `worker` learns `theme`. `rows`: the schedules that make it fall so.
    """

    kind: RemedyKind
    start: int
    end: int
    worker: int | None = None
    post: int | None = None
    theme: int | None = None
    amount: int = 0
    gain: int = 0
    rows: tuple[tuple[int, tuple[int, ...]], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Shortage:
    """A stand that lacks the same over consecutive half hours of a day.

    `is_partial`: there was no time to try all that could be a remedy.
    """

    post: int
    start: int
    end: int
    missing: int
    themes: frozenset[int]
    obstacles: tuple[Obstacle, ...] = ()
    bottlenecks: tuple[Bottleneck, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    is_partial: bool = False

    @property
    def weight(self) -> int:
        """Return agents and themes, × half hours."""
        return (self.missing + len(self.themes)) * (self.end - self.start)


def shortages_of(problem: Problem, rota: Rota) -> list[Shortage]:
    """Return the gaps, joined while a stand lacks the same; by start, then stand. Not explained
    yet.
    """
    joined: list[Shortage] = []
    for gap in sorted(gaps_of(problem, rota), key=lambda gap: (gap.post, gap.at)):
        last = joined[-1] if joined else None
        if last and _continues(problem, last, gap.post, gap.at, (gap.missing, gap.themes)):
            joined[-1] = Shortage(last.post, last.start, gap.at + 1, last.missing, last.themes)
        else:
            joined.append(Shortage(gap.post, gap.at, gap.at + 1, gap.missing, gap.themes))
    return sorted(joined, key=lambda shortage: (shortage.start, shortage.post))


def _continues(
    problem: Problem, last: Shortage, post: int, at: int, lack: tuple[int, frozenset[int]]
) -> bool:
    return (last.post, last.end, last.missing, last.themes) == (post, at, *lack) and problem.days[
        last.start
    ] == problem.days[at]


def weight_at(problem: Problem, rota: Rota, post: int, at: int, without: int | None = None) -> int:
    """Return the weight of the gap of a stand at a half hour, optionally `without` an agent."""
    stand = problem.posts[post]
    if not stand.minimum[at]:
        return 0
    agents = [worker for worker, row in enumerate(rota) if row[at] == post and worker != without]
    themes_present = frozenset().union(*(problem.workers[worker].themes for worker in agents))
    return max(0, stand.minimum[at] - len(agents)) + len(stand.required[at] - themes_present)


def is_needed(problem: Problem, rota: Rota, worker: int, at: int) -> bool:
    """Return whether the agent's stand at that half hour would lack more without them."""
    post = rota[worker][at]
    return weight_at(problem, rota, post, at, worker) > weight_at(problem, rota, post, at)
