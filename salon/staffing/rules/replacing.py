"""Who could take over a time on a stand, in the order in which they are asked, and why not.

`problem` says agents, stands and needs, nothing in it being decided (`fixed`); `rota` is what is
published.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import row_breaks, row_counts


class Obstacle(StrEnum):
    """Why an agent cannot take a time on a stand. The order: from what weighs least."""

    REFUSED = "refused"
    NOT_ALLOWED = "not_allowed"
    LACKS_THEME = "lacks_theme"
    ELSEWHERE = "elsewhere"
    NOT_COMING = "not_coming"
    AWAY = "away"
    DAY_TOO_LONG = "day_too_long"
    DAY_TOO_WIDE = "day_too_wide"
    NO_BREAK = "no_break"
    NIGHT_TOO_SHORT = "night_too_short"

    @property
    def label(self) -> str:
        return OBSTACLES[self]

    @property
    def yours(self) -> str:
        return YOURS.get(self, self.label)

    @property
    def is_absolute(self) -> bool:
        """Whether even a coordinator cannot pass over it."""
        return self not in PASSABLE


OBSTACLES = {
    Obstacle.REFUSED: "a déjà répondu non",
    Obstacle.NOT_ALLOWED: "ce stand n’est pas parmi les siens",
    Obstacle.LACKS_THEME: "le stand n’aurait plus personne pour un thème demandé",
    Obstacle.ELSEWHERE: "tient un autre stand à cette heure-là",
    Obstacle.NOT_COMING: "se fait remplacer ou est absent ce jour-là",
    Obstacle.AWAY: "n’est pas disponible à ces heures",
    Obstacle.DAY_TOO_LONG: "dépasserait 10\u00a0h de travail dans la journée",
    Obstacle.DAY_TOO_WIDE: "sa journée s’étendrait sur plus de 12\u00a0h",
    Obstacle.NO_BREAK: "travaillerait 6\u00a0h sans pause",
    Obstacle.NIGHT_TOO_SHORT: "aurait moins de 11\u00a0h de repos entre deux jours",
}

YOURS = {
    Obstacle.NOT_ALLOWED: "ce stand n’est pas parmi les vôtres",
    Obstacle.LACKS_THEME: "le stand n’aurait plus personne pour un thème demandé",
    Obstacle.ELSEWHERE: "vous tenez un autre stand à cette heure-là",
    Obstacle.NOT_COMING: "vous êtes noté absent ou demandez à être remplacé ce jour-là",
    Obstacle.AWAY: "vous n’êtes pas disponible à ces heures",
    Obstacle.DAY_TOO_LONG: "votre journée dépasserait 10\u00a0h de travail",
    Obstacle.DAY_TOO_WIDE: "votre journée s’étendrait sur plus de 12\u00a0h",
    Obstacle.NO_BREAK: "vous travailleriez 6\u00a0h sans pause",
    Obstacle.NIGHT_TOO_SHORT: "vous auriez moins de 11\u00a0h de repos entre deux jours",
}
"""The same, said to the agent."""

PASSABLE = frozenset(
    {Obstacle.REFUSED, Obstacle.NOT_ALLOWED, Obstacle.LACKS_THEME, Obstacle.ELSEWHERE}
)
"""What a coordinator may decide to pass over; ELSEWHERE only when the other stand stays covered."""

BREAKS = {
    "available": Obstacle.AWAY,
    "post": Obstacle.NOT_ALLOWED,
    "day": Obstacle.DAY_TOO_LONG,
    "width": Obstacle.DAY_TOO_WIDE,
    "run": Obstacle.NO_BREAK,
    "night": Obstacle.NIGHT_TOO_SHORT,
}
"""By the hard rules of `solving.scoring.row_breaks`."""


class Bend(StrEnum):
    """What taking it would cost an agent who can."""

    AVOIDED = "avoided"
    LONG = "long"
    LUNCH = "lunch"
    WISH = "elsewhere"

    @property
    def label(self) -> str:
        return {
            "avoided": "à une heure qu’il ou elle préfère éviter",
            "long": "plus de 2\u00a0h de suite sur un stand",
            "lunch": "sans heure pour déjeuner",
            "elsewhere": "pas sur le stand souhaité",
        }[self.value]


@dataclass(frozen=True)
class Duty:
    """A time on a stand: the half hours of `span` on `post`, that `holder` gives up."""

    holder: int
    post: int
    span: range


@dataclass(frozen=True)
class Candidate:
    """What it would be for an agent to take a duty.

    `lacks`: themes that nobody on the stand would know. `is_spare`: the stands the agent holds
    meanwhile stay covered without them. `load`: half hours that day already; `order`: who is asked
    first.
    """

    worker: int
    obstacles: tuple[Obstacle, ...]
    bends: tuple[Bend, ...]
    lacks: frozenset[int]
    is_spare: bool
    load: int
    order: tuple[int, ...]

    @property
    def can(self) -> bool:
        """Whether they may be asked."""
        return not self.obstacles

    @property
    def may_be_assigned(self) -> bool:
        """Whether a coordinator may decide it all the same."""
        if any(one.is_absolute for one in self.obstacles):
            return False
        return Obstacle.ELSEWHERE not in self.obstacles or self.is_spare


def rank(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    refused: Collection[int] = (),
    not_coming: Collection[int] = (),
) -> list[Candidate]:
    """Every agent but the holder: first those who can, as they are asked; then the others.

    Asked first: of the holder's body; at no avoided hour; far below their fair share; already on
    this stand just before or after; in the order of the problem. `refused`, `not_coming`: indexes
    of agents who said no, or who are not there that day.
    """
    left = freed(rota, duty.holder, duty.span)
    missing = missing_of(problem, left, duty)
    found = [
        _candidate(problem, left, duty, w, missing, _said(w, refused, not_coming))
        for w in range(len(problem.workers))
        if w != duty.holder
    ]
    return sorted(found, key=lambda one: (_severity(one), one.order))


def weigh(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    worker: int,
    refused: Collection[int] = (),
    not_coming: Collection[int] = (),
) -> Candidate:
    """What it would be for one agent to take a duty, as `rank` says it."""
    left = freed(rota, duty.holder, duty.span)
    missing = missing_of(problem, left, duty)
    return _candidate(problem, left, duty, worker, missing, _said(worker, refused, not_coming))


def remedies(candidates: Sequence[Candidate], most: int = 3) -> list[Candidate]:
    """The smallest remedies left to a coordinator: those who may be assigned, mildest first."""
    possible = [one for one in candidates if one.may_be_assigned]
    return sorted(possible, key=lambda one: (_severity(one), len(one.bends), one.order))[:most]


def obstacles_of(
    problem: Problem, rota: Rota, worker: int, duty: Duty, missing: frozenset[int]
) -> set[Obstacle]:
    """The hard rules that an agent would break by taking a duty that its holder has left.

    `missing`: the themes of `missing_of`. What is already broken elsewhere does not forbid.
    """
    row, wanted = rota[worker], list(rota[worker])
    for t in duty.span:
        wanted[t] = duty.post
    before = set(row_breaks(problem, worker, row))
    broken = {BREAKS[one] for one in row_breaks(problem, worker, wanted) if one not in before}
    who = problem.workers[worker]
    if not all(who.available[t] for t in duty.span):
        broken.add(Obstacle.AWAY)
    if duty.post not in who.posts:
        broken.add(Obstacle.NOT_ALLOWED)
    if any(row[t] != FREE for t in duty.span):
        broken.add(Obstacle.ELSEWHERE)
    if not missing <= who.themes:
        broken.add(Obstacle.LACKS_THEME)
    return broken


def missing_of(problem: Problem, rota: Rota, duty: Duty) -> frozenset[int]:
    """The required themes that only the holder brought to the stand."""
    post, brought = problem.posts[duty.post], problem.workers[duty.holder].themes
    missing: frozenset[int] = frozenset()
    for t in duty.span:
        if post.minimum[t] and post.required[t] & brought:
            known = _known(problem, rota, duty.post, t, without=duty.holder)
            missing |= (post.required[t] & brought) - known
    return missing


def freed(rota: Rota, worker: int, span: range) -> Rota:
    """The rota once an agent has left the half hours of `span`."""
    row = tuple(FREE if t in span else post for t, post in enumerate(rota[worker]))
    return tuple(row if w == worker else other for w, other in enumerate(rota))


def _said(worker: int, refused: Collection[int], not_coming: Collection[int]) -> set[Obstacle]:
    found = {Obstacle.REFUSED} if worker in refused else set()
    return found | ({Obstacle.NOT_COMING} if worker in not_coming else set())


def _candidate(
    problem: Problem,
    rota: Rota,
    duty: Duty,
    worker: int,
    missing: frozenset[int],
    said: set[Obstacle],
) -> Candidate:
    found = said | obstacles_of(problem, rota, worker, duty, missing)
    row, who = rota[worker], problem.workers[worker]
    bends = _bends(problem, worker, row, duty)
    worked = sum(post != FREE for post in row)
    day = problem.days[duty.span.start]
    beside = any(
        0 <= t < problem.length and problem.days[t] == day and row[t] == duty.post
        for t in (duty.span.start - 1, duty.span.stop)
    )
    return Candidate(
        worker=worker,
        obstacles=tuple(one for one in Obstacle if one in found),
        bends=bends,
        lacks=missing - who.themes,
        is_spare=_is_spare(problem, rota, worker, duty),
        load=sum(row[t] != FREE for t in range(problem.length) if problem.days[t] == day),
        order=(
            who.body != problem.workers[duty.holder].body,
            Bend.AVOIDED in bends,
            worked - problem.shares[worker],
            not beside,
            worker,
        ),
    )


def _bends(problem: Problem, worker: int, row: Sequence[int], duty: Duty) -> tuple[Bend, ...]:
    wanted = [duty.post if t in duty.span else post for t, post in enumerate(row)]
    before: Mapping[str, int] = row_counts(problem, worker, row)
    after: Mapping[str, int] = row_counts(problem, worker, wanted)
    return tuple(one for one in Bend if after[one] > before[one])


def _is_spare(problem: Problem, rota: Rota, worker: int, duty: Duty) -> bool:
    """Whether the other stands that the agent holds meanwhile stay covered without them."""
    for t in duty.span:
        p = rota[worker][t]
        if p == FREE:
            continue
        if p == duty.post:
            return False
        post = problem.posts[p]
        here = sum(row[t] == p for row in rota) - 1
        known = _known(problem, rota, p, t, without=worker)
        if here < post.minimum[t] or (post.minimum[t] and not post.required[t] <= known):
            return False
    return True


def _known(problem: Problem, rota: Rota, post: int, at: int, without: int) -> frozenset[int]:
    there = [w for w, row in enumerate(rota) if row[at] == post and w != without]
    return frozenset().union(*(problem.workers[w].themes for w in there))


def _severity(one: Candidate) -> tuple[int, ...]:
    """Compares what stands in the way: nothing first; one mild obstacle before a grave one."""
    heaviest = max((list(Obstacle).index(it) for it in one.obstacles), default=-1)
    return (not one.can, not one.may_be_assigned, len(one.obstacles), heaviest)
