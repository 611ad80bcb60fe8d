"""What the plan answers to « où est le stand 66 ? »: places of the drawing, and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.fair import queries
from salon.fair.engine.geometry import Box
from salon.fair.engine.plan_questions import (
    asks_for_a_place,
    hall_meant,
    is_named,
    is_number,
    landmarks_meant,
    subject_of,
)
from salon.fair.engine.ways import (
    AHEAD,
    BACK,
    LEFT,
    RIGHT,
    Point,
    inward,
    legs_of,
    turn_towards,
    way,
)
from salon.fair.models import Edition, Hall, Landmark, LandmarkKind
from salon.fair.presenters.plan_drawing import Drawing
from salon.fair.queries import StandOnPlan
from salon.platform.words.search import nearest
from salon.platform.words.texts import folded

MOST_NEAR = 10
NO_WAY: tuple[str, Sequence[Point]] = "", ()
TURNS = {AHEAD: "tout droit", RIGHT: "à droite", BACK: "derrière vous", LEFT: "à gauche"}
SIDES = {AHEAD: "devant vous", RIGHT: "à votre droite", BACK: "derrière vous"}
SIDES[LEFT] = "à votre gauche"


@dataclass(frozen=True)
class PlanAnswer:
    """A place of the plan, in metres from the corner of its hall, or of the park (`hall` "")."""

    name: str
    details: str
    hall: str
    anchor: str
    x: float
    y: float
    width: float = 0
    depth: float = 0
    stand: str = ""
    subject: str = ""
    """How a sentence names it: « le stand 66 »."""


@dataclass(frozen=True)
class PlanAnswers:
    """Answers to a search, the best first; `search` "" when nothing was asked."""

    search: str
    places: Sequence[PlanAnswer] = ()
    standless: Sequence[tuple[str, str]] = ()
    is_place: bool = False
    way_words: str = ""
    path: Sequence[Point] = ()
    """Corners of the way to the first answer, in its hall."""

    def inside(self, hall: Hall) -> list[PlanAnswer]:
        return [place for place in self.places if place.hall == hall.name]


def answers_to(
    search: str,
    edition: Edition,
    halls: Sequence[Hall],
    drawing: Drawing,
    shown_hall: Hall | None = None,
) -> PlanAnswers:
    """Return the places that a search means: those of the hall shown first, else of the park."""
    if not folded(search):
        return PlanAnswers("")
    hall_name, words = hall_meant(search, [hall.name for hall in halls])
    if hall_name and not folded(words):
        return PlanAnswers(search, [_of_hall(queries.hall_named(halls, hall_name))])
    stands, shown_name = drawing.stands, shown_hall.name if shown_hall else ""
    if shown_name and hall_name not in ("", shown_name):
        stands = queries.stands_on_plan(edition)
    if hall_name:
        stands = [stand for stand in stands if stand.hall == hall_name]
    near = [mark for mark in drawing.landmarks if hall_name in ("", _hall_of(mark))]
    near.sort(key=lambda mark: (_hall_of(mark) != shown_name, _metres_in(mark, near)))
    places = _places_meant(edition, stands, near, words)
    if not places and hall_name:
        return answers_to(words, edition, halls, drawing, shown_hall)
    if not places and shown_name:
        places = _places_meant(edition, queries.stands_on_plan(edition), near, words)
    way, path = NO_WAY
    if len(places) == 1 or (places and places[0].hall == shown_name):
        way, path = _way_to(places[0], edition, halls, drawing.landmarks)
    return PlanAnswers(
        search=search,
        places=places,
        standless=_matches_without_stand(edition, subject_of(words)),
        is_place=asks_for_a_place(subject_of(words)),
        way_words=way,
        path=path,
    )


def _places_meant(
    edition: Edition, stands: Sequence[StandOnPlan], landmarks: Sequence[Landmark], words: str
) -> list[PlanAnswer]:
    """Return the landmarks that the words name, then the stands; else the landmarks of a kind."""
    places = [_of_landmark(mark) for mark in landmarks_meant(words, landmarks, is_alone=False)]
    places += [_of_stand(*pair) for pair in _stands_meant(edition, stands, subject_of(words))]
    return places or [
        _of_landmark(mark) for mark in landmarks_meant(words, landmarks, is_alone=True)
    ]


def _metres_in(landmark: Landmark, landmarks: Sequence[Landmark]) -> float:
    """Return how far a landmark is from the nearest entrance of its hall; 0 without any."""
    distances = [
        abs(mark.x - landmark.x) + abs(mark.y - landmark.y)
        for mark in landmarks
        if mark.kind == LandmarkKind.ENTRANCE and mark.hall_id == landmark.hall_id
    ]
    return min(distances, default=0)


def _hall_of(landmark: Landmark) -> str:
    return landmark.hall.name if landmark.hall else ""


def _of_hall(hall: Hall) -> PlanAnswer:
    box = hall.width, hall.depth
    return PlanAnswer(f"Hall {hall.name}", "", hall.name, "plan-drawing", 0, 0, *box)


def _of_landmark(landmark: Landmark) -> PlanAnswer:
    return PlanAnswer(
        name=landmark.name,
        details=(landmark.place_label[:1].upper() + landmark.place_label[1:])
        + (", accessible en fauteuil" if landmark.is_step_free else ""),
        hall=_hall_of(landmark),
        anchor=anchor_of(landmark),
        x=landmark.x,
        y=landmark.y,
        subject=f"«\u00a0{landmark.name}\u00a0»",
    )


def _of_stand(stand: StandOnPlan, name: str) -> PlanAnswer:
    shared = f", avec {stand.who}" if name != stand.who else ""
    return PlanAnswer(
        name=name or "Stand libre",
        details=f"Hall\u00a0{stand.hall}, stand\u00a0{stand.number}{shared}",
        hall=stand.hall,
        anchor=f"stand-{stand.number}",
        x=stand.x,
        y=stand.y,
        width=stand.width,
        depth=stand.depth,
        stand=stand.number,
        subject=f"le stand\u00a0{stand.number}",
    )


def _stands_meant(
    edition: Edition, stands: Sequence[StandOnPlan], subject: str
) -> list[tuple[StandOnPlan, str]]:
    """Return (stand, its occupant, co-exhibitor or theme that was meant): those that hold the
    words, whole words first, else the nearest names; « village », the stands of its bodies."""
    if subject in ("village", folded(edition.village_name.removeprefix("le "))):
        return [(stand, stand.who) for stand in stands if stand.body]
    by_id = {stand.id: stand for stand in stands}
    shown = [*queries.names_shared_on(edition), *queries.themes_shown_on(edition)]
    names = [(stand, stand.who) for stand in stands if stand.who]
    names += [(by_id[number], name) for number, name in shown if number in by_id]
    keys = [(pair, folded(pair[1])) for pair in names]
    matches = [(stand, stand.who) for stand in stands if is_number(subject, stand.number)]
    named = [(pair, key) for pair, key in keys if is_named(subject, key)]
    named.sort(key=lambda row: f" {subject} " not in f" {row[1]} ")
    matches += [pair for pair, _ in named]
    by_stand: dict[StandOnPlan, str] = {}
    for stand, name in matches or nearest(subject, keys, MOST_NEAR):
        by_stand.setdefault(stand, name)
    return list(by_stand.items())


def _matches_without_stand(edition: Edition, subject: str) -> list[tuple[str, str]]:
    """Return (name, slug) of the exhibitors without a stand that match the search."""
    names = queries.exhibitors_without_stand(edition)
    return nearest(subject, ((pair, folded(pair[0])) for pair in names), MOST_NEAR)


def _way_to(
    place: PlanAnswer, edition: Edition, halls: Sequence[Hall], landmarks: Sequence[Landmark]
) -> tuple[str, Sequence[Point]]:
    """Return the way from the nearest visitors' entrance of its hall, in words and in metres."""
    entrances = [
        mark
        for mark in landmarks
        if mark.kind == LandmarkKind.ENTRANCE and place.hall and _hall_of(mark) == place.hall
    ]
    if not place.subject or place.anchor in {anchor_of(entrance) for entrance in entrances}:
        return NO_WAY
    if entrances:
        not_for_all = {door.label for door in queries.doors_of(edition) if door.admits}
        entrances = [entrance for entrance in entrances if entrance.name not in not_for_all]
    if not entrances:
        return NO_WAY
    hall = queries.hall_named(halls, place.hall)
    entrance = min(entrances, key=lambda mark: abs(mark.x - place.x) + abs(mark.y - place.y))
    door = Box(entrance.x, entrance.y, 0, 0)
    corners = way(hall.width, hall.depth, queries.stands_on_plan(hall), door, place)
    heading = inward(door, hall.width, hall.depth)
    return (way_words(entrance.name, corners, heading, place) if corners else ""), corners


def anchor_of(landmark: Landmark) -> str:
    """Return the id of a landmark on the drawing."""
    return f"repere-{landmark.id}"


def way_words(entrance: str, corners: Sequence[Point], heading: int, place: PlanAnswer) -> str:
    """Return « Entrée A : tout droit sur 12 m, puis à gauche sur 20 m ; le stand 66 est… »."""
    legs = [f"{TURNS[turn]} sur {metres}\u00a0m" for turn, metres in legs_of(corners, heading)]
    side = SIDES[turn_towards(corners, heading, place)]
    walked = f"{', puis '.join(legs)}\u00a0; " if legs else ""
    return f"{entrance}\u00a0: {walked}{place.subject} est {side}."
