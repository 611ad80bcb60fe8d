"""Find where cover is short within minutes, and the smallest remedy.

Everything is in the solver's terms (`solving.problem`): half hours, stands and agents by index.
Three rotas: `planned` is the published rota; `counted` is the same without the agents who are not
there (late, absent, looking for a stand-in); `arrived` has only those whose arrival is marked.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from salon.platform.words.errors import RuleBroken
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import Gap, gaps_of, row_breaks, worse_limits
from salon.staffing.engine.working_time import Bound
from salon.village_day.rules.day import AHEAD

WEIGHED = timedelta(hours=1)
"""The time ahead over which a shortage is weighed."""

LONGEST_CALL = 4
"""Half hours: an agent called or moved comes for 2 h at most."""

LONGEST_PROLONGATION = 2
"""Half hours: an agent stays 1 h longer at most."""


class NoLongerPossible(RuleBroken):
    message = (
        "Ce renfort n’est plus possible\u00a0: cet agent n’est plus libre ou plus disponible à "
        "cette heure, ou le stand n’en a plus besoin. Voici la situation à jour."
    )


class PastLimits(NoLongerPossible):
    """The agent would pass a limit of working time, or pass it further than today."""

    def __init__(self, name: str, bounds: Sequence[Bound]) -> None:
        words = ", ".join(bound.breach for bound in bounds)
        super().__init__(f"Ce renfort n’est pas possible. {name} aurait {words}.")


class StandCover(StrEnum):
    """The cover of a stand at a moment. `AWAITED`: covered once the agents expected have
    arrived.
    """

    SHORT = "short"
    AWAITED = "awaited"
    SHORT_SOON = "short_soon"
    HELD = "held"
    IDLE = "idle"


class Kind(StrEnum):
    """The kinds of remedy, the smallest first."""

    PROLONG = "prolong"
    CALL = "call"
    MOVE = "move"


@dataclass(frozen=True)
class Shortage:
    """A stand short from half hour `start` (included) to `end` (excluded).

    `severity`: minutes that lack over the hour to come, each agent and each theme counted.
    """

    post: int
    start: int
    end: int
    missing: int
    themes: frozenset[int]
    severity: int


@dataclass(frozen=True)
class Remedy:
    """An agent on the stand that is short, from `start` to `end`.

    `left`: what still lacks then, over these half hours of the hour to come.
    """

    kind: Kind
    worker: int
    post: int
    start: int
    end: int
    left: int
    source: int | None = None


@dataclass(frozen=True)
class Situation:
    """The day at a moment. `away`: agents who are not there, whatever is planned."""

    problem: Problem
    planned: Rota
    counted: Rota
    arrived: Rota
    away: frozenset[int]
    now: datetime

    @cached_property
    def present(self) -> dict[tuple[int, int], list[int]]:
        """Return the agents that count, by stand and half hour."""
        return _workers_at(self.counted)

    @cached_property
    def there(self) -> dict[tuple[int, int], list[int]]:
        """Return the agents whose arrival is marked, by stand and half hour."""
        return _workers_at(self.arrived)

    @property
    def current(self) -> int | None:
        """Return the half hour under way, or None."""
        starts = self.problem.starts
        return next((t for t, at in enumerate(starts) if at <= self.now < at + HALF_HOUR), None)

    def shows(self, at: int) -> bool:
        """Return whether a half hour is under way or begins within 20 minutes."""
        start = self.problem.starts[at]
        return start + HALF_HOUR > self.now and start <= self.now + AHEAD


def _workers_at(rota: Rota) -> dict[tuple[int, int], list[int]]:
    workers: dict[tuple[int, int], list[int]] = {}
    for worker, row in enumerate(rota):
        for at, post in enumerate(row):
            if post != FREE:
                workers.setdefault((post, at), []).append(worker)
    return workers


def cover_of(situation: Situation, post: int) -> StandCover:
    """Return how a stand is held now, or that it falls short within 20 minutes."""
    at = situation.current
    if at is not None:
        if gap_at(situation, post, at):
            return StandCover.SHORT
        if _lack(situation.problem, post, at, situation.there.get((post, at), [])):
            return StandCover.AWAITED
    halves = range(len(situation.problem.starts))
    if any(situation.shows(t) and gap_at(situation, post, t) for t in halves):
        return StandCover.SHORT_SOON
    if at is None or not situation.problem.posts[post].minimum[at]:
        return StandCover.IDLE
    return StandCover.HELD


def shortages_of(situation: Situation) -> list[Shortage]:
    """Return the stands short of cover now or within 20 minutes, the worst first."""
    by_post: dict[int, dict[int, Gap]] = {}
    for gap in gaps_of(situation.problem, situation.counted):
        by_post.setdefault(gap.post, {})[gap.at] = gap
    shortages = []
    for post, gaps in by_post.items():
        start = next((at for at in sorted(gaps) if situation.shows(at)), None)
        if start is not None:
            shortages.append(_shortage(situation, post, gaps, start))
    return sorted(
        shortages, key=lambda shortage: (-shortage.severity, shortage.start, shortage.post)
    )


def shortages_during(situation: Situation, post: int, start: int, end: int) -> list[Shortage]:
    """Return the shortages of a stand, not over, that touch half hours `start` to `end`
    (excluded).
    """
    gaps = {
        gap.at: gap
        for gap in gaps_of(situation.problem, situation.counted)
        if gap.post == post and situation.problem.starts[gap.at] + HALF_HOUR > situation.now
    }
    begins = (
        at for at in sorted(gaps) if start <= at < end and (at == start or at - 1 not in gaps)
    )
    return [_shortage(situation, post, gaps, at) for at in begins]


def _shortage(situation: Situation, post: int, gaps: dict[int, Gap], start: int) -> Shortage:
    """Return the shortage that begins at `start`, until the stand is covered or the day ends."""
    run = list(_run(situation.problem, gaps, start))
    return Shortage(
        post,
        start,
        start + len(run),
        max(gap.missing for gap in run),
        frozenset().union(*(gap.themes for gap in run)),
        sum(gap.weight * _minutes(situation, gap.at) for gap in run),
    )


def _run(problem: Problem, gaps: dict[int, Gap], start: int) -> Iterator[Gap]:
    at = start
    while at in gaps and problem.days[at] == problem.days[start]:
        yield gaps[at]
        at += 1


def _minutes(situation: Situation, at: int) -> int:
    """Return the minutes of a half hour within the hour to come."""
    start = max(situation.problem.starts[at], situation.now)
    end = min(situation.problem.starts[at] + HALF_HOUR, situation.now + WEIGHED)
    return max(0, round((end - start).total_seconds() / 60))


def remedies_for(
    situation: Situation, shortage: Shortage, workers: Collection[int]
) -> list[Remedy]:
    """Return the best remedy of each kind with one of `workers`, the smallest first.

    Smallest: the least left lacking in the hour to come, then prolong rather than call, call rather
    than move; then the shortest, then the agent with the least work.
    """
    best: dict[Kind, tuple[tuple[int, ...], Remedy]] = {}
    for worker in workers:
        remedy = _remedy_with(situation, shortage, worker)
        if remedy is None:
            continue
        row = situation.planned[worker]
        load = sum(post != FREE for post in row)
        is_on_stand = shortage.post in row
        rank = (remedy.left, remedy.start - remedy.end, not is_on_stand, load, worker)
        if remedy.kind not in best or rank < best[remedy.kind][0]:
            best[remedy.kind] = (rank, remedy)
    order = list(Kind)
    remedies = [remedy for _, remedy in best.values()]
    return sorted(remedies, key=lambda remedy: (remedy.left, order.index(remedy.kind)))


def _remedy_with(situation: Situation, shortage: Shortage, worker: int) -> Remedy | None:
    start = shortage.start
    kind, source = _kind(situation, shortage.post, start, worker)
    longest = LONGEST_PROLONGATION if kind == Kind.PROLONG else LONGEST_CALL
    for end in range(min(shortage.end, start + longest), start, -1):
        try:
            check_can_reinforce(situation, worker, shortage.post, start, end)
        except NoLongerPossible:
            continue
        left = _left(situation, shortage, worker, end)
        return Remedy(kind, worker, shortage.post, start, end, left, source)
    return None


def _kind(situation: Situation, post: int, start: int, worker: int) -> tuple[Kind, int | None]:
    planned = situation.planned[worker][start]
    if planned != FREE:
        return Kind.MOVE, planned
    stays = start > 0 and situation.counted[worker][start - 1] == post
    if stays and situation.problem.starts[start] > situation.now:
        return Kind.PROLONG, None
    return Kind.CALL, None


def _left(situation: Situation, shortage: Shortage, worker: int, end: int) -> int:
    """Return the lack over the hour that begins with the shortage, once the agent is there until
    `end`.
    """
    left = 0
    for at in range(shortage.start, min(shortage.end, shortage.start + 2)):
        left += gap_at(situation, shortage.post, at, added=worker if at < end else None)
    return left


def check_can_reinforce(situation: Situation, worker: int, post: int, start: int, end: int) -> None:
    """Check that the agent may go to the stand: something lacks there, no hard rule breaks, and the
    stand that the agent leaves, if any, keeps its cover. Raises NoLongerPossible, PastLimits.
    """
    problem, span = situation.problem, range(start, end)
    if not span or worker in situation.away or problem.starts[start] + HALF_HOUR <= situation.now:
        raise NoLongerPossible
    before = situation.planned[worker]
    after = [post if at in span else planned for at, planned in enumerate(before)]
    if worse := worse_limits(problem, worker, before, after):
        raise PastLimits(problem.workers[worker].name, worse)
    if Counter(row_breaks(problem, worker, after)) - Counter(row_breaks(problem, worker, before)):
        raise NoLongerPossible
    if not _gain(situation, worker, post, start):
        raise NoLongerPossible
    for at in span:
        source, present = before[at], situation.present.get((post, at), [])
        if source == post or len(present) + 1 > problem.posts[post].maximum[at]:
            raise NoLongerPossible
        if source != FREE and gap_at(situation, source, at, without=worker):
            raise NoLongerPossible


def _gain(situation: Situation, worker: int, post: int, at: int) -> int:
    """Return how much less lacks on a stand with this agent there."""
    return gap_at(situation, post, at) - gap_at(situation, post, at, added=worker)


def gap_at(
    situation: Situation, post: int, at: int, added: int | None = None, without: int | None = None
) -> int:
    """Return the lack on a stand at a half hour: agents under the minimum, and themes without an
    agent.

    `added` and `without`: an agent added or removed for the comparison.
    """
    agents = [w for w in situation.present.get((post, at), []) if w != without]
    agents += [] if added is None else [added]
    return _lack(situation.problem, post, at, agents)


def _lack(problem: Problem, post: int, at: int, workers: Sequence[int]) -> int:
    """Return the lack on a stand with these agents: agents under the minimum, and themes."""
    minimum, required = problem.posts[post].minimum[at], problem.posts[post].required[at]
    if not minimum:
        return 0
    themes = frozenset().union(*(problem.workers[worker].themes for worker in workers))
    return max(0, minimum - len(workers)) + len(required - themes)
