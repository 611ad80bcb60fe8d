"""Villages drawn for the rota: 8 to 20 stands, 15 to 80 agents, one or two days.

A hard village asks at each half hour, on every stand, for a share of the agents who are there; from
0.75 on, it is tight. An ordinary one has 2 to 5 agents a stand, one of whom must be there, and two
at the busy hours if it can be.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench.rota_instances import HALLS, WALKING
from salon.staffing.engine.solving.problem import Post, Problem, Worker
from salon.staffing.engine.working_time import Age, Employer, WorkLimits, limits_of
from tests.staffing.limits.law import Person

OPENING = datetime(2026, 10, 1, 6, 30, tzinfo=UTC)
LUNCH = range(6, 12)
"""11:30 to 14:30, of half hours counted from 8:30."""
LENGTHS = (17, 19, 21)
SHARES = (0.4, 0.5, 0.5, 0.6, 0.6, 0.75, 0.9)
"""What the minimums of a hard village ask for, of the agents who are there."""
TIGHT = (0.75, 0.9)
HARD_AMONG_ORDINARY = (3, 10, 18, 25)
"""The villages, of each 30 that are drawn as ordinary, that are tight."""


@dataclass(frozen=True)
class Size:
    stands: int
    agents: int
    days: int
    length: int
    share: float | None
    """What the minimums ask for, of the agents who are there; None in an ordinary village."""

    @property
    def words(self) -> str:
        asked = "ordinary" if self.share is None else f"{self.share:.0%}"
        return f"{self.agents:2} agents × {self.stands:2} stands × {self.days} d, {asked}"


def hard_size(number: int) -> Size:
    draw = Random(number)
    stands = draw.randint(8, 20)
    agents = draw.randint(max(15, stands), 80)
    return Size(stands, agents, draw.choice((1, 1, 2)), draw.choice(LENGTHS), draw.choice(SHARES))


def ordinary_size(number: int) -> Size:
    """Return the size of a village as most are: one in seven or eight is tight."""
    draw = Random(3000 + number)
    stands = draw.randint(8, 20)
    agents = draw.randint(max(15, 2 * stands), min(80, 5 * stands))
    days, length = draw.choice((1, 1, 2)), draw.choice(LENGTHS)
    share = draw.choice(TIGHT) if number % 30 in HARD_AMONG_ORDINARY else None
    return Size(stands, agents, days, length, share)


def people_of(number: int, size: Size) -> list[Person]:
    """Return what the law reads of each agent; lunch is due in one village of three."""
    draw, lunch = Random(2000 + number), number % 3 == 0
    return [
        Person(
            under=18 if draw.random() < 0.05 else None,
            private=draw.random() < 0.2,
            most=6 if draw.random() < 0.1 else None,
            lunch=lunch,
        )
        for _ in range(size.agents)
    ]


def limits_of_person(person: Person) -> WorkLimits:
    return limits_of(
        Employer.PRIVATE if person.private else Employer.TERRITORIAL,
        {None: Age.ADULT, 18: Age.UNDER_18, 16: Age.UNDER_16}[person.under],
        {},
        {} if person.most is None else {"day": int(person.most * 2)},
        2 if person.lunch else 0,
    )


def drawn_village(number: int, size: Size) -> Problem:
    """Return the village of that number and size; the same each time."""
    draw = Random(1000 + number)
    length = size.length * size.days
    halls = [draw.choice(HALLS) for _ in range(size.stands)]
    homes = _homes(draw, size)
    workers = [_worker(draw, worker, home, size) for worker, home in enumerate(homes)]
    workers = [
        replace(worker, limits=limits_of_person(person))
        for worker, person in zip(workers, people_of(number, size), strict=True)
    ]
    posts = [
        _post(draw, stand, halls[stand], size, [w for w in workers if w.body == _body(stand)])
        for stand in range(size.stands)
    ]
    return Problem(
        starts=tuple(
            OPENING + timedelta(days=day, minutes=30 * at)
            for day in range(size.days)
            for at in range(size.length)
        ),
        days=tuple(day for day in range(size.days) for _ in range(size.length)),
        lunch=tuple(at % size.length in LUNCH for at in range(length)),
        posts=tuple(posts),
        workers=tuple(workers),
        themes={stand: f"thème {stand + 1}" for stand in range(size.stands)},
        walking=WALKING,
    )


def _homes(draw: Random, size: Size) -> list[int]:
    """Return the stand of each agent: any or, in hard villages, often one of two large ones."""
    stands = list(range(size.stands))
    if size.share is None:
        return 2 * stands + draw.sample(3 * stands, size.agents - 2 * size.stands)
    return stands + [
        draw.randrange(size.stands) if draw.random() < 0.6 else draw.choice((0, 1))
        for _ in range(size.agents - size.stands)
    ]


def _body(stand: int) -> str:
    return f"Organisme {stand + 1}"


def _worker(draw: Random, number: int, home: int, size: Size) -> Worker:
    others = {draw.randrange(size.stands) for _ in range(draw.choice((0, 0, 1, 1, 2)))}
    available: list[bool] = []
    for _ in range(size.days):
        arrives, leaves = 0, size.length
        if draw.random() < 0.35:
            hours = ((0, 8), (0, 14), (2, size.length), (5, size.length), (9, size.length), (0, 0))
            arrives, leaves = draw.choice(hours)
        available += [arrives <= at < leaves for at in range(size.length)]
    early = range(2), range(size.length - 3, size.length)
    return Worker(
        id=number + 1,
        name=f"Agent {number + 1}",
        body=_body(home),
        posts=frozenset({home, *others}),
        themes=frozenset({home} if draw.random() < 0.7 else ())
        | frozenset(stand for stand in others if draw.random() < 0.6),
        available=tuple(available),
        avoided=frozenset(draw.choice(early) if draw.random() < 0.15 else ()),
        preferred=frozenset({home} if others and draw.random() < 0.4 else ()),
    )


def _post(draw: Random, stand: int, hall: str, size: Size, crew: list[Worker]) -> Post:
    length = size.length * size.days
    present = [sum(worker.available[at] for worker in crew) for at in range(length)]
    peak = [
        at % size.length in range(3, 9) or at % size.length in range(11, 16) for at in range(length)
    ]
    if size.share is None:
        minimum = tuple(int(count > 0) for count in present)
        wished = tuple(least + busy for least, busy in zip(minimum, peak, strict=True))
    else:
        minimum = tuple(
            max(int(count > 0), round(count * size.share * (1 if busy else 0.8)))
            for count, busy in zip(present, peak, strict=True)
        )
        wished = tuple(
            least + (draw.random() < 0.6) * busy for least, busy in zip(minimum, peak, strict=True)
        )
    themed = draw.random() < 0.6
    return Post(
        id=stand + 1,
        name=f"Stand {stand + 1}",
        body=_body(stand),
        hall=hall,
        minimum=minimum,
        wished=wished,
        maximum=tuple(number + 2 for number in wished),
        required=tuple(frozenset({stand} if themed and least else ()) for least in minimum),
    )
