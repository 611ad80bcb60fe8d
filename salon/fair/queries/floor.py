"""Halls, doors and stands, with who holds them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from salon.fair.models import Door, Edition, Hall, Landmark, PartnerBody, Stand, Theme, ZoneKind
from salon.platform.database.db import current_session


def halls_of(edition: Edition) -> Sequence[Hall]:
    """Return the halls in use by name, with their stands and bodies."""
    return _halls(edition, Hall.closed_at.is_(None))


def closed_halls_of(edition: Edition) -> Sequence[Hall]:
    """Return the halls that the fair does without, by name, with their stands."""
    return _halls(edition, Hall.closed_at.is_not(None))


def _halls(edition: Edition, condition: ColumnElement[bool]) -> Sequence[Hall]:
    statement = select(Hall).where(Hall.edition_id == edition.id, condition)
    with_stands = selectinload(Hall.stands).joinedload(Stand.body)
    return current_session().scalars(statement.options(with_stands).order_by(Hall.name)).all()


def doors_of(edition: Edition) -> Sequence[Door]:
    """Return the doors by code, with the zones they lead to."""
    doors = select(Door).where(Door.edition_id == edition.id).options(joinedload(Door.zone))
    return current_session().scalars(doors.order_by(Door.code)).all()


def fair_doors_of(edition: Edition) -> list[Door]:
    """Return the doors of the fair itself, without those of rooms and stands inside it."""
    doors = doors_of(edition)
    return [door for door in doors if door.zone is None or door.zone.kind == ZoneKind.FAIR]


class StandOnPlan(NamedTuple):
    """A stand as a plan shows it; `who` is the occupant, "" when it is free.

    `slug` names its page: a body of the village, or an exhibitor of the catalogue.
    """

    id: int
    hall: str
    number: str
    x: float
    y: float
    width: float
    depth: float
    body: str | None
    exhibitor: str | None
    body_slug: str | None
    slug: str | None

    @property
    def who(self) -> str:
        return self.body or self.exhibitor or ""

    @property
    def area(self) -> float:
        return self.width * self.depth


class HallCount(NamedTuple):
    """Occupancy of a hall. Areas in m²."""

    hall: Hall
    stands: int
    taken: int
    drawn_area: float
    taken_area: float


def get_hall(edition: Edition, name: str) -> Hall:
    """Return a hall in use; its stands are loaded lazily."""
    statement = select(Hall).where(
        Hall.edition_id == edition.id, Hall.name == name, Hall.closed_at.is_(None)
    )
    return current_session().scalars(statement).one()


def stands_on_plan(area: Edition | Hall) -> list[StandOnPlan]:
    """Return the stands of the halls in use by number, in one SELECT of columns."""
    exhibitor = _occupant()
    statement = (
        select(
            Stand.id,
            Hall.name,
            Stand.number,
            Stand.x,
            Stand.y,
            Stand.width,
            Stand.depth,
            PartnerBody.short_name,
            exhibitor.name,
            PartnerBody.slug,
            exhibitor.slug,
        )
        .join(Stand.hall)
        .outerjoin(Stand.body)
        .outerjoin(exhibitor, exhibitor.stand_id == Stand.id)
        .where(_stands_of(area), Hall.closed_at.is_(None))
    )
    stands = [StandOnPlan._make(row) for row in current_session().execute(statement)]
    return sorted(stands, key=lambda stand: number_order(stand.number))


def landmarks_of(edition: Edition) -> Sequence[Landmark]:
    """Return the landmarks by name, without those of closed halls, each with its hall."""
    statement = (
        select(Landmark)
        .outerjoin(Landmark.hall)
        .where(Landmark.edition_id == edition.id, Hall.closed_at.is_(None))
        .options(contains_eager(Landmark.hall))
        .order_by(Landmark.name)
    )
    return current_session().scalars(statement).all()


def get_landmark(edition: Edition, landmark_id: int) -> Landmark:
    """Return a landmark. Raises NoResultFound."""
    statement = select(Landmark).where(
        Landmark.id == landmark_id, Landmark.edition_id == edition.id
    )
    return current_session().scalars(statement).one()


def landmarks_in(hall: Hall) -> Sequence[Landmark]:
    """Return the landmarks of a hall, also of a closed one."""
    statement = select(Landmark).where(Landmark.hall_id == hall.id).order_by(Landmark.name)
    return current_session().scalars(statement).all()


def stand_ids_by_number(edition: Edition) -> dict[str, int]:
    """Return the id of each stand of an edition, of its closed halls too, by number."""
    statement = select(Stand.number, Stand.id).where(Stand.edition_id == edition.id)
    return dict(current_session().execute(statement).all())


def occupants_stamp(area: Edition | Hall) -> tuple[int, int, int]:
    """Return a stamp that changes whenever an occupant's name on a plan may have changed."""
    exhibitor = _occupant()
    statement = (
        select(
            func.count(exhibitor.id),
            func.coalesce(func.sum(exhibitor.version), 0),
            func.coalesce(func.sum(exhibitor.id), 0),
        )
        .join(Stand, exhibitor.stand_id == Stand.id)
        .where(_stands_of(area))
    )
    count, versions, ids = current_session().execute(statement).one()
    return count, versions, ids


def names_shared_on(edition: Edition) -> list[tuple[int, str]]:
    """Return (stand, co-exhibitor) of each shared stand."""
    exhibitor = _occupant()
    sharing = exhibitor.co_exhibitors.property.mapper.class_
    names = (
        select(exhibitor.stand_id, sharing.name)
        .join(sharing, sharing.exhibitor_id == exhibitor.id)
        .where(exhibitor.edition_id == edition.id, exhibitor.stand_id.is_not(None))
        .order_by(sharing.name_key)
    )
    return [(stand_id, name) for stand_id, name in current_session().execute(names)]


def themes_shown_on(edition: Edition) -> list[tuple[int, str]]:
    """Return (stand, words) of the themes of each body, and of its whole name and its topics."""
    themes = (
        select(PartnerBody.stand_id, PartnerBody.name, PartnerBody.topics, Theme.name)
        .outerjoin(PartnerBody.themes)
        .where(PartnerBody.edition_id == edition.id, PartnerBody.withdrawn_at.is_(None))
        .order_by(PartnerBody.rank, Theme.rank)
    )
    rows = current_session().execute(themes)
    words = [(stand_id, text) for stand_id, *texts in rows for text in texts if text]
    return list(dict.fromkeys(words))


def exhibitors_without_stand(edition: Edition) -> list[tuple[str, str]]:
    """Return (name, slug) of the listed exhibitors without stand, by name."""
    exhibitor = _occupant()
    waiting = (
        select(exhibitor.name, exhibitor.slug)
        .where(
            exhibitor.edition_id == edition.id,
            exhibitor.status == "accepted",
            exhibitor.slug.is_not(None),
            exhibitor.stand_id.is_(None),
        )
        .order_by(exhibitor.name_key)
    )
    return [(name, slug) for name, slug in current_session().execute(waiting)]


def count_exhibitors(edition: Edition) -> int:
    """Return how many exhibitors the catalogue lists."""
    exhibitor = _occupant()
    statement = select(func.count(exhibitor.id)).where(
        exhibitor.edition_id == edition.id,
        exhibitor.status == "accepted",
        exhibitor.slug.is_not(None),
    )
    return current_session().scalar(statement) or 0


def hall_counts(edition: Edition) -> list[HallCount]:
    """Return the halls by name with the stands drawn and taken, in one SELECT."""
    exhibitor = _occupant()
    area = Stand.width * Stand.depth
    is_taken = or_(PartnerBody.id.is_not(None), exhibitor.id.is_not(None))
    statement = (
        select(
            Hall,
            func.count(Stand.id),
            func.count(case((is_taken, Stand.id))),
            func.coalesce(func.sum(area), 0.0),
            func.coalesce(func.sum(case((is_taken, area), else_=0.0)), 0.0),
        )
        .outerjoin(Hall.stands)
        .outerjoin(Stand.body)
        .outerjoin(exhibitor, exhibitor.stand_id == Stand.id)
        .where(Hall.edition_id == edition.id, Hall.closed_at.is_(None))
        .group_by(Hall.id)
        .order_by(Hall.name)
    )
    return [HallCount._make(row) for row in current_session().execute(statement)]


def number_order(number: str) -> tuple[str, int, str]:
    """Return a sort key: « 9 » before « 10 », and « A2 » before « A10 »."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return letters, int(digits or 0), number


def _stands_of(area: Edition | Hall) -> ColumnElement[bool]:
    return Stand.hall_id == area.id if isinstance(area, Hall) else Stand.edition_id == area.id


def _occupant() -> Any:
    """Return the exhibitors' class through the stand's relation: that feature is above this one."""
    return Stand.exhibitor.property.mapper.class_


def get_stand(hall: Hall, stand_id: int) -> Stand:
    statement = select(Stand).where(Stand.id == stand_id, Stand.hall_id == hall.id)
    return current_session().scalars(statement).one()


def halls_by_name(edition: Edition) -> Sequence[Hall]:
    """Return the halls in use by name; their stands are loaded lazily."""
    in_use = select(Hall).where(Hall.edition_id == edition.id, Hall.closed_at.is_(None))
    statement = in_use.order_by(Hall.name)
    return current_session().scalars(statement).all()


def hall_named(halls: Sequence[Hall], name: str) -> Hall:
    """Return the hall of this name. Raises NoResultFound."""
    for hall in halls:
        if hall.name == name:
            return hall
    raise NoResultFound


def numbers_elsewhere(hall: Hall) -> set[str]:
    """Return the numbers of the stands of the edition's other halls."""
    statement = select(Stand.number).where(
        Stand.edition_id == hall.edition_id, Stand.hall_id != hall.id
    )
    return set(current_session().scalars(statement))
