"""Rank the agents able to take over a duty, with their obstacles.

`problem` gives agents, stands and needs, nothing in it being decided (`fixed`); `rota` is the
published one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from salon.platform.words.labels import LabelledEnum
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import row_counts, worse_limits
from salon.staffing.engine.working_time import Bound


class Obstacle(LabelledEnum):
    """An obstacle to taking a duty, from the lightest to the heaviest."""

    REFUSED = "refused", "a déjà répondu non"
    NOT_ALLOWED = "not_allowed", "ce stand n’est pas parmi les siens"
    LACKS_THEME = "lacks_theme", "le stand n’aurait plus personne pour un thème demandé"
    ELSEWHERE = "elsewhere", "tient un autre stand à cette heure-là"
    NOT_COMING = "not_coming", "se fait remplacer ou est absent ce jour-là"
    AWAY = "away", "n’est pas disponible à ces heures"

    @property
    def yours(self) -> str:
        return YOURS.get(self, self.label)

    @property
    def is_absolute(self) -> bool:
        """Return whether even a coordinator cannot pass over it."""
        return self not in PASSABLE


YOURS = {
    Obstacle.NOT_ALLOWED: "ce stand n’est pas parmi les vôtres",
    Obstacle.LACKS_THEME: "le stand n’aurait plus personne pour un thème demandé",
    Obstacle.ELSEWHERE: "vous tenez un autre stand à cette heure-là",
    Obstacle.NOT_COMING: "ce jour-là, votre absence est notée ou vous cherchez un remplaçant",
    Obstacle.AWAY: "vous n’êtes pas disponible à ces heures",
}
"""Labels of the obstacles, addressed to the agent."""

PASSABLE = frozenset(
    {Obstacle.REFUSED, Obstacle.NOT_ALLOWED, Obstacle.LACKS_THEME, Obstacle.ELSEWHERE}
)
"""Obstacles that a coordinator may pass over; ELSEWHERE only when the other stand stays covered."""


@dataclass(frozen=True)
class PastLimit:
    """An obstacle: the agent would pass a limit of working time, or pass it further than today."""

    bound: Bound
    is_absolute = True

    @property
    def label(self) -> str:
        return f"aurait {self.bound.breach}"

    @property
    def yours(self) -> str:
        return f"vous auriez {self.bound.breach}"


AnyObstacle = Obstacle | PastLimit


class Bend(LabelledEnum):
    """A soft rule bent when an agent takes the duty."""

    AVOIDED = "avoided", "à une heure qu’il ou elle préfère éviter"
    LONG = "long", "plus de 2\u00a0h de suite sur un stand"
    LUNCH = "lunch", "sans heure pour déjeuner"
    WISH = "elsewhere", "pas sur le stand souhaité"


@dataclass(frozen=True)
class Duty:
    """A time on a stand: the half hours of `span` on `post`, that `holder` gives up."""

    holder: int
    post: int
    span: range


@dataclass(frozen=True)
class Candidate:
    """An agent weighed for a duty.

    `lacks`: themes that no agent on the stand could answer. `is_spare`: the stands the agent holds
    meanwhile stay covered without them. `load`: half hours that day already; `order`: the sort key
    of the asking order.
    """

    worker: int
    obstacles: tuple[AnyObstacle, ...]
    bends: tuple[Bend, ...]
    lacks: frozenset[int]
    is_spare: bool
    load: int
    order: tuple[int, ...]

    @property
    def can(self) -> bool:
        """Return whether the agent may be asked."""
        return not self.obstacles

    @property
    def may_be_assigned(self) -> bool:
        """Return whether a coordinator may assign the agent all the same."""
        if any(obstacle.is_absolute for obstacle in self.obstacles):
            return False
        return Obstacle.ELSEWHERE not in self.obstacles or self.is_spare


def rank(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    refused: Collection[int] = (),
    not_coming: Collection[int] = (),
) -> list[Candidate]:
    """Return every agent but the holder: those able to take the duty, in asking order; then the
    others.

    Asking order: the holder's body; no avoided hour; far below their fair share; already on this
    stand just before or after; the order of the problem. `refused`, `not_coming`: indexes of agents
    who declined, or who are not there that day.
    """
    left = without_duty(rota, duty.holder, duty.span)
    missing = missing_of(problem, left, duty)
    candidates = [
        _candidate(problem, left, duty, w, missing, _given_obstacles(w, refused, not_coming))
        for w in range(len(problem.workers))
        if w != duty.holder
    ]
    return sorted(candidates, key=lambda candidate: (_severity(candidate), candidate.order))


def candidate_for(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    worker: int,
    refused: Collection[int] = (),
    not_coming: Collection[int] = (),
) -> Candidate:
    """Return one agent as a candidate for a duty, as in `rank`."""
    left = without_duty(rota, duty.holder, duty.span)
    missing = missing_of(problem, left, duty)
    return _candidate(
        problem, left, duty, worker, missing, _given_obstacles(worker, refused, not_coming)
    )


def remedies(candidates: Sequence[Candidate], most: int = 3) -> list[Candidate]:
    """Return the candidates that a coordinator may assign, mildest obstacles first."""
    possible = [candidate for candidate in candidates if candidate.may_be_assigned]
    return sorted(
        possible,
        key=lambda candidate: (_severity(candidate), len(candidate.bends), candidate.order),
    )[:most]


def obstacles_of(
    problem: Problem,
    rota: Rota,
    worker: int,
    duty: Duty,
    missing: frozenset[int],
    before: Sequence[int] | None = None,
) -> list[AnyObstacle]:
    """Return what keeps an agent from a duty that its holder has left, the lightest first.

    `missing`: the themes of `missing_of`. `before`: the agent's schedule before the change, where
    `rota` is not that one.
    """
    row, agent = rota[worker], problem.workers[worker]
    row_after = [duty.post if t in duty.span else post for t, post in enumerate(row)]
    broken = {
        Obstacle.AWAY: not all(agent.available[t] for t in duty.span),
        Obstacle.NOT_ALLOWED: duty.post not in agent.posts,
        Obstacle.ELSEWHERE: any(row[t] != FREE for t in duty.span),
        Obstacle.LACKS_THEME: not missing <= agent.themes,
    }
    worse = worse_limits(problem, worker, row if before is None else before, row_after)
    return [
        *(obstacle for obstacle in Obstacle if broken.get(obstacle)),
        *(PastLimit(bound) for bound in worse),
    ]


def missing_of(problem: Problem, rota: Rota, duty: Duty) -> frozenset[int]:
    """Return the required themes that only the holder brought to the stand."""
    post, brought = problem.posts[duty.post], problem.workers[duty.holder].themes
    missing: frozenset[int] = frozenset()
    for t in duty.span:
        if post.minimum[t] and post.required[t] & brought:
            themes_present = _themes_present(problem, rota, duty.post, t, without=duty.holder)
            missing |= (post.required[t] & brought) - themes_present
    return missing


def without_duty(rota: Rota, worker: int, span: range) -> Rota:
    """Return the rota once an agent has left the half hours of `span`."""
    row = tuple(FREE if t in span else post for t, post in enumerate(rota[worker]))
    return tuple(row if w == worker else other_row for w, other_row in enumerate(rota))


def _given_obstacles(
    worker: int, refused: Collection[int], not_coming: Collection[int]
) -> list[AnyObstacle]:
    obstacles: list[AnyObstacle] = [Obstacle.REFUSED] if worker in refused else []
    return [*obstacles, Obstacle.NOT_COMING] if worker in not_coming else obstacles


def _candidate(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    worker: int,
    missing: frozenset[int],
    given_obstacles: Sequence[AnyObstacle],
) -> Candidate:
    all_obstacles = [*given_obstacles, *obstacles_of(problem, rota, worker, duty, missing)]
    row, agent = rota[worker], problem.workers[worker]
    bends = _bends(problem, worker, row, duty)
    worked = sum(post != FREE for post in row)
    day = problem.days[duty.span.start]
    beside = any(
        0 <= t < problem.length and problem.days[t] == day and row[t] == duty.post
        for t in (duty.span.start - 1, duty.span.stop)
    )
    return Candidate(
        worker=worker,
        obstacles=tuple(sorted(all_obstacles, key=_weight)),
        bends=bends,
        lacks=missing - agent.themes,
        is_spare=_is_spare(problem, rota, worker, duty),
        load=sum(row[t] != FREE for t in range(problem.length) if problem.days[t] == day),
        order=(
            agent.body != problem.workers[duty.holder].body,
            Bend.AVOIDED in bends,
            worked - problem.shares[worker],
            not beside,
            worker,
        ),
    )


def _bends(problem: Problem, worker: int, row: Sequence[int], duty: Duty) -> tuple[Bend, ...]:
    row_after = [duty.post if t in duty.span else post for t, post in enumerate(row)]
    before: Mapping[str, int] = row_counts(problem, worker, row)
    after: Mapping[str, int] = row_counts(problem, worker, row_after)
    return tuple(bend for bend in Bend if after[bend] > before[bend])


def _is_spare(problem: Problem, rota: Rota, worker: int, duty: Duty) -> bool:
    """Return whether the other stands that the agent holds meanwhile stay covered without them."""
    for t in duty.span:
        p = rota[worker][t]
        if p == FREE:
            continue
        if p == duty.post:
            return False
        post = problem.posts[p]
        others_count = sum(row[t] == p for row in rota) - 1
        themes_present = _themes_present(problem, rota, p, t, without=worker)
        if others_count < post.minimum[t] or (
            post.minimum[t] and not post.required[t] <= themes_present
        ):
            return False
    return True


def _themes_present(
    problem: Problem, rota: Rota, post: int, at: int, without: int
) -> frozenset[int]:
    others = [w for w, row in enumerate(rota) if row[at] == post and w != without]
    return frozenset().union(*(problem.workers[w].themes for w in others))


def _severity(candidate: Candidate) -> tuple[int, ...]:
    """Return the sort key of the obstacles: none first; one mild obstacle before a grave one."""
    heaviest = max(map(_weight, candidate.obstacles), default=-1)
    return (not candidate.can, not candidate.may_be_assigned, len(candidate.obstacles), heaviest)


def _weight(obstacle: AnyObstacle) -> int:
    """Return how heavy an obstacle is: a limit of working time weighs more than any other."""
    return list(Obstacle).index(obstacle) if isinstance(obstacle, Obstacle) else len(Obstacle)
