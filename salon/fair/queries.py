"""Reads of the fair."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload, selectinload

from salon.fair.models import (
    Door,
    Edition,
    Hall,
    PartnerBody,
    ProgrammeItem,
    Stand,
    Theme,
    ZoneKind,
)
from salon.platform.db import current_session

CURRENT = select(Edition).where(Edition.is_current.is_(True)).options(joinedload(Edition.days))


def find_current_edition() -> Edition | None:
    """The edition that the site speaks of, with its days: one SELECT, run at every page."""
    return current_session().scalars(CURRENT).unique().one_or_none()


def get_current_edition() -> Edition:
    """As find_current_edition; raises NoResultFound before any edition is open."""
    return current_session().scalars(CURRENT).unique().one()


def get_edition(slug: str) -> Edition:
    return current_session().scalars(select(Edition).where(Edition.slug == slug)).one()


def find_edition(slug: str) -> Edition | None:
    return current_session().scalar(select(Edition).where(Edition.slug == slug))


def editions() -> Sequence[Edition]:
    """Every edition with its days, the latest first."""
    found = current_session().scalars(select(Edition).options(selectinload(Edition.days)))
    return sorted(found, key=lambda edition: edition.starts_at, reverse=True)


def editions_before(edition: Edition) -> list[Edition]:
    """The editions held earlier than `edition`, the latest first."""
    return [one for one in editions() if one.starts_at < edition.starts_at]


def bodies_of(edition: Edition) -> Sequence[PartnerBody]:
    """The bodies of the village with their stand and hall, the Département first."""
    return (
        current_session()
        .scalars(
            select(PartnerBody)
            .where(PartnerBody.edition_id == edition.id)
            .options(joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(PartnerBody.rank)
        )
        .all()
    )


def themes_of(edition: Edition) -> Sequence[Theme]:
    """The themes in the order of the village, with their body and its stand."""
    return (
        current_session()
        .scalars(
            select(Theme)
            .where(Theme.edition_id == edition.id)
            .options(joinedload(Theme.body).joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(Theme.rank)
        )
        .all()
    )


def get_theme(edition: Edition, slug: str) -> Theme:
    return (
        current_session()
        .scalars(select(Theme).where(Theme.edition_id == edition.id, Theme.slug == slug))
        .one()
    )


def programme_of(edition: Edition) -> Sequence[ProgrammeItem]:
    """What happens, by starting time."""
    return (
        current_session()
        .scalars(
            select(ProgrammeItem)
            .where(ProgrammeItem.edition_id == edition.id)
            .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
        )
        .all()
    )


def halls_of(edition: Edition) -> Sequence[Hall]:
    """The halls by name, with their stands and who is on them."""
    return (
        current_session()
        .scalars(
            select(Hall)
            .where(Hall.edition_id == edition.id)
            .options(selectinload(Hall.stands).joinedload(Stand.body))
            .order_by(Hall.name)
        )
        .all()
    )


def doors_of(edition: Edition) -> Sequence[Door]:
    """The doors by code, with the zones they lead to."""
    doors = select(Door).where(Door.edition_id == edition.id).options(joinedload(Door.zone))
    return current_session().scalars(doors.order_by(Door.code)).all()


def fair_doors_of(edition: Edition) -> list[Door]:
    """The doors of the fair itself, not those of the rooms and stands inside it."""
    doors = doors_of(edition)
    return [door for door in doors if door.zone is None or door.zone.kind == ZoneKind.FAIR]


class StandOnPlan(NamedTuple):
    """A stand as a plan shows it; `who` is empty when nobody is on it.

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
    """How a hall is filled. Areas in m²."""

    hall: Hall
    stands: int
    taken: int
    drawn_area: float
    taken_area: float


def get_hall(edition: Edition, name: str) -> Hall:
    """A hall, whose stands are read when they are asked for."""
    wanted = select(Hall).where(Hall.edition_id == edition.id, Hall.name == name)
    return current_session().scalars(wanted).one()


def stands_on_plan(where: Edition | Hall) -> list[StandOnPlan]:
    """The stands of a hall, or of all, in the order of their numbers: one SELECT of columns."""
    exhibitor = _occupant()
    wanted = (
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
        .where(_stands_of(where))
    )
    found = [StandOnPlan._make(row) for row in current_session().execute(wanted)]
    return sorted(found, key=lambda one: number_order(one.number))


def occupants_stamp(where: Edition | Hall) -> tuple[int, int, int]:
    """Changes whenever a name on a plan may have changed, with the versions of the halls."""
    exhibitor = _occupant()
    wanted = (
        select(
            func.count(exhibitor.id),
            func.coalesce(func.sum(exhibitor.version), 0),
            func.coalesce(func.sum(exhibitor.id), 0),
        )
        .join(Stand, exhibitor.stand_id == Stand.id)
        .where(_stands_of(where))
    )
    count, versions, ids = current_session().execute(wanted).one()
    return count, versions, ids


def stands_shared_by(edition: Edition, key: str) -> dict[int, list[str]]:
    """Co-exhibitors whose name holds `key` (folded), by the stand that they share."""
    exhibitor = _occupant()
    sharing = exhibitor.co_exhibitors.property.mapper.class_
    wanted = (
        select(exhibitor.stand_id, sharing.name)
        .join(sharing, sharing.exhibitor_id == exhibitor.id)
        .where(
            exhibitor.edition_id == edition.id,
            exhibitor.stand_id.is_not(None),
            sharing.name_key.contains(key, autoescape=True),
        )
        .order_by(sharing.name_key)
    )
    found: dict[int, list[str]] = {}
    for stand_id, name in current_session().execute(wanted):
        found.setdefault(stand_id, []).append(name)
    return found


def names_shared_on(edition: Edition) -> list[tuple[int, str]]:
    """(stand, co-exhibitor) of each stand that is shared."""
    exhibitor = _occupant()
    sharing = exhibitor.co_exhibitors.property.mapper.class_
    names = (
        select(exhibitor.stand_id, sharing.name)
        .join(sharing, sharing.exhibitor_id == exhibitor.id)
        .where(exhibitor.edition_id == edition.id, exhibitor.stand_id.is_not(None))
        .order_by(sharing.name_key)
    )
    return [(stand_id, name) for stand_id, name in current_session().execute(names)]


def exhibitors_without_stand(edition: Edition) -> list[tuple[str, str]]:
    """(name, slug) of those of the catalogue who have no stand yet, by name."""
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


def hall_counts(edition: Edition) -> list[HallCount]:
    """The halls by name with the stands drawn and taken: one SELECT."""
    exhibitor = _occupant()
    area = Stand.width * Stand.depth
    taken = or_(PartnerBody.id.is_not(None), exhibitor.id.is_not(None))
    wanted = (
        select(
            Hall,
            func.count(Stand.id),
            func.count(case((taken, Stand.id))),
            func.coalesce(func.sum(area), 0.0),
            func.coalesce(func.sum(case((taken, area), else_=0.0)), 0.0),
        )
        .outerjoin(Hall.stands)
        .outerjoin(Stand.body)
        .outerjoin(exhibitor, exhibitor.stand_id == Stand.id)
        .where(Hall.edition_id == edition.id)
        .group_by(Hall.id)
        .order_by(Hall.name)
    )
    return [HallCount._make(row) for row in current_session().execute(wanted)]


def number_order(number: str) -> tuple[str, int, str]:
    """Sorts « 9 » before « 10 », and « A2 » before « A10 »."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return letters, int(digits or 0), number


def _stands_of(where: Edition | Hall) -> ColumnElement[bool]:
    return Stand.hall_id == where.id if isinstance(where, Hall) else Stand.edition_id == where.id


def _occupant() -> Any:
    """The exhibitors' table, which is above the fair: the stand's relation alone leads to it."""
    return Stand.exhibitor.property.mapper.class_


def get_stand(hall: Hall, stand_id: int) -> Stand:
    wanted = select(Stand).where(Stand.id == stand_id, Stand.hall_id == hall.id)
    return current_session().scalars(wanted).one()


def halls_alone(edition: Edition) -> Sequence[Hall]:
    """The halls by name; their stands are read when they are asked for."""
    wanted = select(Hall).where(Hall.edition_id == edition.id).order_by(Hall.name)
    return current_session().scalars(wanted).all()


def one_of(halls: Sequence[Hall], name: str) -> Hall:
    """The hall of this name. Raises NoResultFound."""
    for hall in halls:
        if hall.name == name:
            return hall
    raise NoResultFound


def numbers_elsewhere(hall: Hall) -> set[str]:
    """The numbers of the stands of the edition's other halls."""
    wanted = select(Stand.number).where(
        Stand.edition_id == hall.edition_id, Stand.hall_id != hall.id
    )
    return set(current_session().scalars(wanted))
