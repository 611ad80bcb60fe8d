"""Villages to staff: the demonstration's, spelled out, and a larger one drawn from a seed.

Each has a minimum that can be covered, a wished number that cannot be reached everywhere, and too
few people at lunch. The drawn one keeps its minimum coverable because it never passes what a
rota drawn first (and then forgotten) puts there.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from salon.staffing.engine.solving.problem import FREE, Post, Problem, Worker

LENGTH = 19
"""8:30 to 18:00."""
OPENING = datetime(2026, 10, 1, 6, 30, tzinfo=UTC)
LUNCH = range(6, 12)
STARTS = tuple(OPENING + timedelta(minutes=30 * t) for t in range(LENGTH))
INVENTED = {"60x20": (60, 20, 602)}
"""Agents, stands and seed."""
NAMES = ("demonstration", *INVENTED)

HALLS = ("A", "B", "C")
MINUTES = {("A", "B"): 4, ("B", "C"): 5, ("A", "C"): 8}
WALKING = {**MINUTES, **{(end, start): minutes for (start, end), minutes in MINUTES.items()}}

OWNER = "Département"
OWNER_MINIMUM = (3, 3, 4, 4, 4, 4, 4, 3, 3, 3, 3, 4, 5, 5, 4, 4, 4, 3, 3)
OWNER_WISHED = (4, 5, 6, 7, 8, 8, 7, 6, 5, 5, 6, 7, 8, 8, 7, 6, 6, 5, 4)
OWNER_MAXIMUM = 9
PARTNER_WISHED = (1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1, 1)
PARTNER_MAXIMUM = 3
PARTNERS = (
    ("Hérault THD", "A"),
    ("CAUE 34", "A"),
    ("Cogitis", "B"),
    ("EID Méditerranée", "B"),
    ("Hérault Énergies", "A"),
    ("Hérault Logement", "B"),
    ("SDIS 34", "C"),
)
THEMES = (
    "fibre",
    "urbanisme",
    "cybersécurité",
    "moustiques",
    "énergie",
    "logement",
    "secours",
    "routes",
    "aides aux communes",
)
ROADS, GRANTS = 7, 8

CREW: tuple[tuple[str, tuple[int, ...], tuple[int, ...], str, str], ...] = (
    (OWNER, (ROADS, GRANTS), (), "8:30", "18:00"),
    (OWNER, (ROADS,), (), "8:30", "17:00"),
    (OWNER, (ROADS, 3), (4,), "8:30", "18:00"),
    (OWNER, (GRANTS,), (), "8:30", "18:00"),
    (OWNER, (GRANTS, 1), (2,), "8:30", "16:00"),
    (OWNER, (GRANTS, 5), (6,), "9:00", "18:00"),
    (OWNER, (2,), (3,), "8:30", "18:00"),
    (OWNER, (0, 2), (1, 3), "10:00", "18:00"),
    (OWNER, (ROADS, 6), (7,), "8:30", "18:00"),
    (OWNER, (3, GRANTS), (4,), "8:30", "12:30"),
    (OWNER, (4,), (5,), "13:00", "18:00"),
    (OWNER, (ROADS, GRANTS), (), "8:30", "18:00"),
    ("Hérault THD", (0,), (), "8:30", "18:00"),
    ("Hérault THD", (0, 2), (3,), "8:30", "17:30"),
    ("CAUE 34", (1,), (), "8:30", "18:00"),
    ("CAUE 34", (1, 4), (5,), "9:00", "18:00"),
    ("Cogitis", (2,), (), "8:30", "18:00"),
    ("EID Méditerranée", (3,), (), "8:30", "18:00"),
    ("Hérault Énergies", (4,), (), "8:30", "18:00"),
    ("Hérault Énergies", (4, 1), (2,), "8:30", "16:30"),
    ("Hérault Logement", (5, GRANTS), (0,), "8:30", "18:00"),
    ("SDIS 34", (6,), (), "8:30", "18:00"),
    ("SDIS 34", (6,), (), "8:30", "13:00"),
    ("SDIS 34", (6, 3), (4,), "11:00", "18:00"),
)
"""Body, themes known, other stands held, arrival, departure; stand 0 is the Département's."""
AVOIDED = {1: range(2), 5: range(16, 19), 12: range(2), 20: range(17, 19)}
PREFERRED = {2: 0, 5: 0, 7: 1, 13: 1}


def instance(name: str) -> Problem:
    """Return the problem of that name; the same each time."""
    return _demonstration() if name == "demonstration" else _invented(*INVENTED[name])


def _demonstration() -> Problem:
    everybody = range(LENGTH)
    posts = [
        Post(
            id=1,
            name="Département de l’Hérault",
            body=OWNER,
            hall="B",
            minimum=OWNER_MINIMUM,
            wished=OWNER_WISHED,
            maximum=(OWNER_MAXIMUM,) * LENGTH,
            required=(frozenset({ROADS, GRANTS}),) * LENGTH,
        )
    ]
    posts += [
        Post(
            id=2 + number,
            name=name,
            body=name,
            hall=hall,
            minimum=(1,) * LENGTH,
            wished=PARTNER_WISHED,
            maximum=(PARTNER_MAXIMUM,) * LENGTH,
            required=(frozenset({number}),) * LENGTH,
        )
        for number, (name, hall) in enumerate(PARTNERS)
    ]
    own = {post.body: number for number, post in enumerate(posts)}
    workers = [
        Worker(
            id=number + 1,
            name=f"Agent {number + 1}",
            body=body,
            posts=frozenset({own[body], *others}),
            themes=frozenset(themes),
            available=tuple(_slot(arrives) <= t < _slot(leaves) for t in everybody),
            avoided=frozenset(AVOIDED.get(number, ())),
            preferred=frozenset({PREFERRED[number]} if number in PREFERRED else ()),
        )
        for number, (body, themes, others, arrives, leaves) in enumerate(CREW)
    ]
    return _problem(posts, workers, THEMES)


def _slot(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return (hour * 60 + minute - 510) // 30


def _problem(posts: list[Post], workers: list[Worker], themes: tuple[str, ...]) -> Problem:
    return Problem(
        starts=STARTS,
        days=(0,) * LENGTH,
        lunch=tuple(t in LUNCH for t in range(LENGTH)),
        posts=tuple(posts),
        workers=tuple(workers),
        themes=dict(enumerate(themes)),
        walking=WALKING,
    )


@dataclass(frozen=True)
class _Site:
    """A stand being drawn: two themes are its own, the first of which must be there."""

    crew: int
    hall: str
    themes: tuple[int, int]


def _invented(agents: int, stands: int, seed: int) -> Problem:
    """Return a village of that size: sizes, hours, skills and wishes are drawn."""
    draw = Random(seed)
    crews = [1] * stands
    for _ in range(agents - stands):
        crews[draw.choice(range(stands)) if draw.random() < 0.7 else draw.choice((0, 1))] += 1
    sites = [
        _Site(crew, draw.choice(HALLS), (2 * number, 2 * number + 1))
        for number, crew in enumerate(crews)
    ]
    workers = [
        replace(_drawn_worker(draw, sites, site, rank), id=number + 1)
        for number, (site, rank) in enumerate(
            (site, rank) for site, crew_site in enumerate(sites) for rank in range(crew_site.crew)
        )
    ]
    rows = [
        _drawn_row(draw, worker, own) for worker, own in zip(workers, _owns(sites), strict=True)
    ]
    posts = [_drawn_post(p, crew_site, workers, rows) for p, crew_site in enumerate(sites)]
    return _problem(posts, workers, tuple(f"thème {n + 1}" for n in range(2 * stands)))


def _owns(sites: list[_Site]) -> list[int]:
    return [number for number, site in enumerate(sites) for _ in range(site.crew)]


def _drawn_worker(draw: Random, sites: list[_Site], site: int, rank: int) -> Worker:
    near = [
        p for p, crew_site in enumerate(sites) if p != site and crew_site.hall == sites[site].hall
    ]
    far = [p for p in range(len(sites)) if p != site]
    others: set[int] = set()
    if draw.random() < 0.4:
        others.add(draw.choice(near or far))
    if draw.random() < 0.2:
        others.add(draw.choice(far))
    first, second = sites[site].themes
    themes = {first} if rank == 0 or draw.random() < 0.6 else {second}
    themes |= {sites[p].themes[0] for p in others if draw.random() < 0.7}
    arrives, leaves = 0, LENGTH
    if draw.random() < 0.3:
        arrives, leaves = draw.choice(((0, 8), (0, 15), (1, LENGTH), (4, LENGTH), (9, LENGTH)))
    return Worker(
        id=0,
        name=f"Agent de {site + 1}, n° {rank + 1}",
        body=f"Organisme {site + 1}",
        posts=frozenset({site, *others}),
        themes=frozenset(themes),
        available=tuple(arrives <= t < leaves for t in range(LENGTH)),
        avoided=frozenset(
            draw.choice((range(2), range(16, LENGTH))) if draw.random() < 0.15 else ()
        ),
        preferred=frozenset({site} if others and draw.random() < 0.4 else ()),
    )


def _drawn_row(draw: Random, worker: Worker, own: int) -> list[int]:
    """Return a day that somebody could have been given: stints of 1 h 30 or 2 h, lunch, breaks."""
    row = [FREE] * LENGTH
    lunch = draw.choice(range(LUNCH.start, LUNCH.stop - 1))
    others = sorted(worker.posts - {own})
    t = draw.choice((0, 0, 0, 1, 2))
    while t < LENGTH:
        post = draw.choice(others) if others and draw.random() < 0.25 else own
        for _ in range(draw.choice((3, 4, 4))):
            if t < LENGTH and worker.available[t] and t not in (lunch, lunch + 1):
                row[t] = post
            t += 1
        t += draw.choice((0, 1, 1, 2))
    return row


def _drawn_post(p: int, site: _Site, workers: list[Worker], rows: list[list[int]]) -> Post:
    """The minimum asks for six tenths of the crew, and never more than the rows drawn give."""
    staffed = [sum(row[t] == p for row in rows) for t in range(LENGTH)]
    minimum = max(1, round(site.crew * 0.6))
    theme = site.themes[0]
    answered = [
        any(
            row[t] == p and theme in worker.themes
            for worker, row in zip(workers, rows, strict=True)
        )
        for t in range(LENGTH)
    ]
    peak = [t in range(3, 8) or t in range(11, 16) for t in range(LENGTH)]
    return Post(
        id=p + 1,
        name=f"Stand {p + 1}",
        body=f"Organisme {p + 1}",
        hall=site.hall,
        minimum=tuple(min(minimum, staff) for staff in staffed),
        wished=tuple(max(1, round(site.crew * (0.85 if busy else 0.6))) for busy in peak),
        maximum=(site.crew + 2,) * LENGTH,
        required=tuple(frozenset({theme} if is_answered else ()) for is_answered in answered),
    )
