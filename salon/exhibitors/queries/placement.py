"""What there is to place and where: the plan's halls and stands, the exhibitors' wishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.exhibitors.engine.placing import Drawn, Room, Wishes, corners_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.rules.placement import body_keys
from salon.fair.engine.geometry import Box
from salon.fair.models import Hall, PartnerBody, Stand
from salon.platform.db import current_session, db
from salon.platform.texts import folded

PER_PAGE = 20


@dataclass(frozen=True)
class Floor:
    """The halls and stands of an edition as a plan sees them."""

    rooms: list[Room]
    stands: list[Drawn]
    corners: set[int]
    versions: dict[int, int]

    @property
    def free(self) -> list[Drawn]:
        return [stand for stand in self.stands if stand.is_free]

    def opened_to(self, name_key: str, kept: Mapping[str, int]) -> "Floor":
        """The floor where the empty stand of a partner body is free for this body itself."""
        if (own := kept.get(name_key)) is None:
            return self
        stands = [replace(one, reserved=False) if one.id == own else one for one in self.stands]
        return replace(self, stands=stands)

    def stands_in(self, room_id: int) -> list[Drawn]:
        return [stand for stand in self.stands if stand.room_id == room_id]


def floor_of(edition_id: int) -> Floor:
    """The halls with their stands and who is on them: two SELECT."""
    halls = current_session().scalars(
        select(Hall).where(Hall.edition_id == edition_id).order_by(Hall.name)
    )
    rooms, versions = [], {}
    for hall in halls:
        rooms.append(
            Room(
                hall.id,
                hall.name,
                hall.width,
                hall.depth,
                hall.aisle,
                hall.power_kw,
                hall.has_water,
            )
        )
        versions[hall.id] = hall.version
    found = current_session().execute(
        select(
            Stand.id,
            Stand.hall_id,
            Stand.number,
            Stand.x,
            Stand.y,
            Stand.width,
            Stand.depth,
            Stand.power_kw,
            Stand.has_water,
            Exhibitor.id,
            PartnerBody.id,
        )
        .outerjoin(Exhibitor, Exhibitor.stand_id == Stand.id)
        .outerjoin(PartnerBody, PartnerBody.stand_id == Stand.id)
        .where(Stand.edition_id == edition_id)
        .order_by(Stand.number)
    )
    stands = [
        Drawn(
            id=key,
            room_id=hall,
            number=number,
            box=Box(*box),
            power_kw=power,
            has_water=water,
            occupant=occupant,
            reserved=body is not None,
        )
        for key, hall, number, *box, power, water, occupant, body in found
    ]
    return Floor(rooms, stands, corners_of(rooms, stands), versions)


def stands_of_bodies(edition_id: int) -> dict[str, int]:
    """The stand kept for each partner body, by the names under which it exhibits."""
    bodies = current_session().scalars(
        select(PartnerBody).where(PartnerBody.edition_id == edition_id)
    )
    return {key: body.stand_id for body in bodies for key in body_keys(body)}


def accepted(edition_id: int) -> Select[Exhibitor]:
    return select(Exhibitor).where(
        Exhibitor.edition_id == edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED
    )


def wishes_of(one: Exhibitor, names: Mapping[str, int], themes: Sequence[int] = ()) -> Wishes:
    """An exhibitor as the plan sees it; neighbours are found by their name as it was typed."""

    def ids(typed: Sequence[str]) -> frozenset[int]:
        known = {names[key] for name in typed if (key := folded(name)) in names}
        return frozenset(known - {one.id})

    return Wishes(
        id=one.id,
        name=one.name,
        area=float(one.area),
        corner=one.wants_corner,
        power_kw=one.power_kw,
        water=one.wants_water,
        room_id=one.wished_hall_id,
        near=ids(one.near),
        apart=ids(one.apart),
        sector=one.sector.value if one.sector else None,
        themes=tuple(themes),
        pavilion=one.parent_id,
    )


def _is_to_place(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Exhibitor.edition_id == edition_id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
        Exhibitor.stand_id.is_(None),
        Exhibitor.area > 0,
    )


def to_place_page(edition_id: int, page: int, text: str = "") -> Pagination:
    """Accepted exhibitors without stand, the largest first, with what they wish."""
    wanted = (
        select(Exhibitor)
        .where(
            *_is_to_place(edition_id), Exhibitor.name_key.contains(folded(text), autoescape=True)
        )
        .options(
            joinedload(Exhibitor.wished_hall),
            joinedload(Exhibitor.parent),
            selectinload(Exhibitor.themes),
        )
        .order_by(Exhibitor.area.desc(), Exhibitor.name_key, Exhibitor.id)
    )
    return _page_of(wanted, page)


def placed_page(edition_id: int, page: int, text: str = "") -> Pagination:
    """Exhibitors who have a stand, by hall and number; `text` is of a name, or a whole number."""
    wanted = (
        select(Exhibitor)
        .join(Exhibitor.stand)
        .join(Stand.hall)
        .where(
            Exhibitor.edition_id == edition_id,
            or_(
                Exhibitor.name_key.contains(folded(text), autoescape=True),
                func.lower(Stand.number) == text.strip().lower(),
            ),
        )
        .options(joinedload(Exhibitor.stand).joinedload(Stand.hall), joinedload(Exhibitor.parent))
        .order_by(Hall.name, Stand.number)
    )
    return _page_of(wanted, page)


def find_placed(edition_id: int, exhibitor_id: int | None) -> Exhibitor | None:
    """An exhibitor that has a stand, with its stand and hall."""
    wanted = (
        select(Exhibitor)
        .where(Exhibitor.id == exhibitor_id, Exhibitor.edition_id == edition_id)
        .where(Exhibitor.stand_id.is_not(None))
        .options(joinedload(Exhibitor.stand).joinedload(Stand.hall))
    )
    return current_session().scalars(wanted).one_or_none()


def _page_of(wanted: Select[Exhibitor], page: int) -> Pagination:
    found = db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)
    if found.pages and page > found.pages:
        found = db.paginate(wanted, page=found.pages, per_page=PER_PAGE, error_out=False)
    return found


def count_placed(edition_id: int) -> int:
    wanted = select(func.count()).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    return current_session().scalar(wanted) or 0


def left_to_place(edition_id: int) -> tuple[int, int]:
    """How many exhibitors wait for a stand, and the m² that they ask together."""
    wanted = select(func.count(), func.coalesce(func.sum(Exhibitor.area), 0))
    count, area = current_session().execute(wanted.where(*_is_to_place(edition_id))).one()
    return count, int(area)


def pavilions_of(edition_id: int) -> Sequence[Exhibitor]:
    """Accepted exhibitors of no area of their own."""
    wanted = accepted(edition_id).where(Exhibitor.area == 0).order_by(Exhibitor.name_key)
    return current_session().scalars(wanted).all()


def occupants_of(edition_id: int) -> dict[int, str]:
    """Who is on each stand that is not free: the exhibitor or the body, by id of stand."""
    exhibitors = select(Exhibitor.stand_id, Exhibitor.name).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    bodies = select(PartnerBody.stand_id, PartnerBody.short_name).where(
        PartnerBody.edition_id == edition_id
    )
    taken = [*current_session().execute(bodies), *current_session().execute(exhibitors)]
    return {stand_id: name for stand_id, name in taken if stand_id is not None}
