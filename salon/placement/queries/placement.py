"""Input of the placement: halls and stands of the plan, wishes of the exhibitors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.engine.geometry import Box
from salon.fair.models import Hall, PartnerBody, Stand
from salon.placement.engine import DrawnStand, Room, Wishes, corners_of
from salon.placement.rules import body_keys
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class Floor:
    """The halls and stands of an edition."""

    rooms: list[Room]
    stands: list[DrawnStand]
    corners: set[int]
    versions: dict[int, int]

    @property
    def free(self) -> list[DrawnStand]:
        return [stand for stand in self.stands if stand.is_free]

    def opened_to(self, name_key: str, reserved_stands: Mapping[str, int]) -> "Floor":
        """Return the floor with the reserved stand of a partner body freed for this body itself."""
        if (reserved_id := reserved_stands.get(name_key)) is None:
            return self
        stands = [
            replace(stand, reserved=False) if stand.id == reserved_id else stand
            for stand in self.stands
        ]
        return replace(self, stands=stands)

    def stands_in(self, room_id: int) -> list[DrawnStand]:
        return [stand for stand in self.stands if stand.room_id == room_id]


def floor_of(edition_id: int) -> Floor:
    """Return the halls with their stands and occupants, in two queries."""
    halls = current_session().scalars(
        select(Hall)
        .where(Hall.edition_id == edition_id, Hall.closed_at.is_(None))
        .order_by(Hall.name)
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
    rows = current_session().execute(
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
        .outerjoin(Stand.body)
        .join(Stand.hall)
        .where(Stand.edition_id == edition_id, Hall.closed_at.is_(None))
        .order_by(Stand.number)
    )
    stands = [
        DrawnStand(
            id=key,
            room_id=hall,
            number=number,
            box=Box(*box),
            power_kw=power,
            has_water=water,
            occupant=occupant,
            reserved=body is not None,
        )
        for key, hall, number, *box, power, water, occupant, body in rows
    ]
    return Floor(rooms, stands, corners_of(rooms, stands), versions)


def stands_of_bodies(edition_id: int) -> dict[str, int]:
    """Return the stand reserved for each partner body, by the names under which it exhibits."""
    bodies = current_session().scalars(
        select(PartnerBody).where(
            PartnerBody.edition_id == edition_id, PartnerBody.withdrawn_at.is_(None)
        )
    )
    return {key: body.stand_id for body in bodies for key in body_keys(body)}


def accepted_exhibitors(edition_id: int) -> Select[Exhibitor]:
    return select(Exhibitor).where(
        Exhibitor.edition_id == edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED
    )


def wishes_of(exhibitor: Exhibitor, names: Mapping[str, int], themes: Sequence[int] = ()) -> Wishes:
    """Return an exhibitor's wishes; neighbours are matched by their name as it was typed."""

    def ids(texts: Sequence[str]) -> frozenset[int]:
        matching_ids = {names[key] for name in texts if (key := folded(name)) in names}
        return frozenset(matching_ids - {exhibitor.id})

    return Wishes(
        id=exhibitor.id,
        name=exhibitor.name,
        area=float(exhibitor.area),
        corner=exhibitor.wants_corner,
        power_kw=exhibitor.power_kw,
        water=exhibitor.wants_water,
        room_id=exhibitor.wished_hall_id,
        near=ids(exhibitor.near),
        apart=ids(exhibitor.apart),
        sector=exhibitor.sector.value if exhibitor.sector else None,
        themes=tuple(themes),
        pavilion=exhibitor.parent_id,
    )


def _is_to_place(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Exhibitor.edition_id == edition_id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
        Exhibitor.stand_id.is_(None),
        Exhibitor.area > 0,
    )


TO_PLACE = Listing({}, length=20)


def to_place_page(edition_id: int, request: PageRequest, text: str = "") -> Page:
    """Return accepted exhibitors without stand, largest first, with their wishes."""
    statement = (
        select(Exhibitor)
        .where(
            *_is_to_place(edition_id), Exhibitor.name_key.contains(folded(text), autoescape=True)
        )
        .order_by(Exhibitor.area.desc(), Exhibitor.name_key, Exhibitor.id)
    )
    return TO_PLACE.page(
        statement,
        request,
        joinedload(Exhibitor.wished_hall),
        joinedload(Exhibitor.parent),
        selectinload(Exhibitor.themes),
    )


PLACED = Listing(
    {
        "stand": Column("Stand", Hall.name, Stand.number),
        "exhibitor": Column("Exposant", Exhibitor.name_key),
        "area": Column("Demandé", Exhibitor.area),
    },
    sort="stand",
    ties=(Hall.name, Stand.number),
    length=20,
)


def placed_page(edition_id: int, request: PageRequest, text: str = "") -> Page:
    """Return exhibitors with a stand, by hall and number; `text`: part of a name, or a number."""
    statement = (
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
        .order_by(Hall.name, Stand.number)
    )
    with_hall = joinedload(Exhibitor.stand).joinedload(Stand.hall)
    return PLACED.page(statement, request, with_hall, joinedload(Exhibitor.parent))


def find_placed(edition_id: int, exhibitor_id: int | None) -> Exhibitor | None:
    """Return an exhibitor that has a stand, with its stand and hall."""
    statement = (
        select(Exhibitor)
        .where(Exhibitor.id == exhibitor_id, Exhibitor.edition_id == edition_id)
        .where(Exhibitor.stand_id.is_not(None))
        .options(joinedload(Exhibitor.stand).joinedload(Stand.hall))
    )
    return current_session().scalars(statement).one_or_none()


def count_placed(edition_id: int) -> int:
    statement = select(func.count()).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    return current_session().scalar(statement) or 0


def count_to_place(edition_id: int) -> tuple[int, int]:
    """Return the number of exhibitors without stand and their total area in m²."""
    statement = select(func.count(), func.coalesce(func.sum(Exhibitor.area), 0))
    count, area = current_session().execute(statement.where(*_is_to_place(edition_id))).one()
    return count, int(area)


def pavilions_of(edition_id: int) -> Sequence[Exhibitor]:
    """Return accepted exhibitors without area of their own."""
    statement = (
        accepted_exhibitors(edition_id).where(Exhibitor.area == 0).order_by(Exhibitor.name_key)
    )
    return current_session().scalars(statement).all()


def occupants_of(edition_id: int) -> dict[int, str]:
    """Return the occupant's name of each taken stand, exhibitor or body, by id of stand."""
    exhibitors = select(Exhibitor.stand_id, Exhibitor.name).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    bodies = select(PartnerBody.stand_id, PartnerBody.short_name).where(
        PartnerBody.edition_id == edition_id, PartnerBody.withdrawn_at.is_(None)
    )
    rows = [*current_session().execute(bodies), *current_session().execute(exhibitors)]
    return {stand_id: name for stand_id, name in rows if stand_id is not None}
