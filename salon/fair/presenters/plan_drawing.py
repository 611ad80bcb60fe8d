"""The drawn plans as HTML, cached by the application while nothing on them changes.

The cache key holds the versions of the halls and a stamp of their occupants: it changes when a
stand moves or when an exhibitor comes, goes or changes its name.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from flask import current_app
from markupsafe import Markup

from salon.fair import queries
from salon.fair.engine.geometry import Box, Rectangle
from salon.fair.engine.plan_frames import (
    Frame,
    hall_frame,
    name_place,
    park_frame,
    squares,
    stands_frame,
)
from salon.fair.models import Edition, Hall, Landmark, PartnerBody, Stand
from salon.fair.presenters.stand_labels import Lettering, lettering
from salon.fair.queries import StandOnPlan

KEPT = 24
Drawn = TypeVar("Drawn")
PARK_SIGN = 2.2
"""Radius of the sign of a landmark on the park, in metres."""
HALL_LETTERS = 5.5
"""Size of a hall's name on the park, in metres."""


@dataclass(frozen=True)
class Drawing:
    """The content of a drawing, the lines of its table, and their data."""

    frame: Frame
    stands: Sequence[StandOnPlan]
    landmarks: Sequence[Landmark]
    """Those of the whole edition, never kept: they are read anew."""
    svg: Markup
    rows: Markup


class Drawings:
    """Least recently used cache of drawings, on screen or on paper."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], draw: Callable[[], Drawn]) -> Drawn:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                cached: Drawn = self._kept[key]
                return cached
        drawing = draw()
        with self._lock:
            self._kept[key] = drawing
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return drawing


def _drawings() -> Drawings:
    drawings: Drawings = current_app.extensions.setdefault("salon_drawings", Drawings())
    return drawings


def hall_drawing(edition: Edition, hall: Hall) -> Drawing:
    """Return a hall with its stands, their occupants and its landmarks."""
    landmarks = queries.landmarks_of(edition)
    key = "hall", *_hall_key(hall, landmarks)
    drawing = _drawings().get(key, lambda: _draw_hall(hall, landmarks))
    return replace(drawing, landmarks=landmarks)


def park_drawing(edition: Edition, halls: Sequence[Hall]) -> Drawing:
    """Return all the halls at their place."""
    landmarks = queries.landmarks_of(edition)
    key = "park", *_park_key(edition, halls, landmarks)
    drawing = _drawings().get(key, lambda: _draw_park(edition, halls, landmarks))
    return replace(drawing, landmarks=landmarks)


def hall_paper(edition: Edition, hall: Hall, now: datetime) -> bytes:
    """Return the hall on A3, drawn at most once a minute."""
    from salon.fair.documents.plan_pdf import hall_pdf

    landmarks = landmarks_shown(queries.landmarks_of(edition), hall)
    return _drawings().get(
        ("hall paper", _minute(now), *_hall_key(hall, landmarks)),
        lambda: hall_pdf(edition, hall, queries.stands_on_plan(hall), landmarks, now),
    )


def park_paper(edition: Edition, halls: Sequence[Hall], now: datetime) -> bytes:
    """Return the park on A3, drawn at most once a minute."""
    from salon.fair.documents.plan_pdf import park_pdf

    landmarks = queries.landmarks_of(edition)
    return _drawings().get(
        ("park paper", _minute(now), *_park_key(edition, halls, landmarks)),
        lambda: park_pdf(edition, halls, queries.stands_on_plan(edition), landmarks, now),
    )


def landmarks_shown(landmarks: Sequence[Landmark], hall: Hall) -> list[Landmark]:
    """Return the landmarks of a hall."""
    return [landmark for landmark in landmarks if landmark.hall_id == hall.id]


def _hall_key(hall: Hall, landmarks: Sequence[Landmark]) -> tuple[object, ...]:
    return hall.id, hall.version, _stamp(landmarks), *queries.occupants_stamp(hall)


def _park_key(
    edition: Edition, halls: Sequence[Hall], landmarks: Sequence[Landmark]
) -> tuple[object, ...]:
    versions = tuple((hall.id, hall.version) for hall in halls)
    return edition.id, versions, _stamp(landmarks), *queries.occupants_stamp(edition)


def _stamp(landmarks: Sequence[Landmark]) -> tuple[object, ...]:
    return tuple(
        (mark.id, mark.kind, mark.label, mark.hall_id, mark.x, mark.y) for mark in landmarks
    )


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def village_drawings(bodies: Sequence[PartnerBody]) -> list[tuple[Hall, Frame, list[Stand]]]:
    """Return the stands of the village by hall."""
    halls: dict[int, list[Stand]] = {}
    for body in bodies:
        halls.setdefault(body.stand.hall_id, []).append(body.stand)
    return [(stands[0].hall, stands_frame(stands), stands) for stands in halls.values()]


def letters_of(stand: StandOnPlan) -> Lettering:
    return lettering(stand.number, stand.who, stand.width, stand.depth)


def _draw_hall(hall: Hall, landmarks: Sequence[Landmark]) -> Drawing:
    stands = queries.stands_on_plan(hall)
    return Drawing(
        hall_frame(hall),
        stands,
        (),
        _render_part(
            "fair/_hall_stands.html",
            hall=hall,
            stands=stands,
            landmarks=landmarks_shown(landmarks, hall),
            letters_of=letters_of,
            squares=squares,
        ),
        _render_part("fair/_stand_rows.html", stands=stands),
    )


def _draw_park(edition: Edition, halls: Sequence[Hall], landmarks: Sequence[Landmark]) -> Drawing:
    stands = queries.stands_on_plan(edition)
    frame = park_frame(halls, outdoors(landmarks))
    stands_by_hall = [
        (hall, [stand for stand in stands if stand.hall == hall.name]) for hall in halls
    ]
    names = {
        hall.id: _name_place(hall, [*stands_inside, *_boxes(landmarks_shown(landmarks, hall))])
        for hall, stands_inside in stands_by_hall
    }
    svg = _render_part(
        "fair/_park_halls.html",
        drawn=stands_by_hall,
        names=names,
        landmarks=landmarks,
        size=PARK_SIGN,
    )
    return Drawing(frame, stands, (), svg, Markup(""))


def outdoors(landmarks: Sequence[Landmark]) -> list[tuple[float, float]]:
    """Return the points of the landmarks outside the halls."""
    return [(mark.x, mark.y) for mark in landmarks if mark.hall_id is None]


def _render_part(template: str, **values: object) -> Markup:
    """Render a part of a page, without page-level context (edition, signed-in account)."""
    return Markup(current_app.jinja_env.get_template(template).render(**values))


def _boxes(landmarks: Sequence[Landmark]) -> list[Box]:
    side = 2 * PARK_SIGN
    return [Box(mark.x - PARK_SIGN, mark.y - PARK_SIGN, side, side) for mark in landmarks]


def _name_place(hall: Hall, stands: Sequence[Rectangle]) -> tuple[float, float]:
    """Return the middle of the hall's name on the park, in metres."""
    across = (len(hall.name) + 5) * HALL_LETTERS * 0.55
    return name_place(hall.width, hall.depth, stands, across, HALL_LETTERS * 1.2)
