"""What there is to place and where: the plan's halls and stands, the exhibitors' wishes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from salon.db import db, session
from salon.exhibitors.models import ApplicationStatus, Exhibitor, PlanProposal, exhibitor_themes
from salon.exhibitors.placing import Drawn, Problem, Room, Wishes, corners_of
from salon.fair.geometry import Box
from salon.fair.models import Hall, PartnerBody, Stand
from salon.fair.queries import get_current_edition
from salon.texts import folded

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

    def room(self, room_id: int) -> Room:
        return next(room for room in self.rooms if room.id == room_id)

    def stands_in(self, room_id: int) -> list[Drawn]:
        return [stand for stand in self.stands if stand.room_id == room_id]


def floor_of(edition_id: int) -> Floor:
    """The halls with their stands and who is on them: two SELECT."""
    halls = session().scalars(select(Hall).where(Hall.edition_id == edition_id).order_by(Hall.name))
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
    found = session().execute(
        select(Stand, Exhibitor.id, PartnerBody.id)
        .outerjoin(Exhibitor, Exhibitor.stand_id == Stand.id)
        .outerjoin(PartnerBody, PartnerBody.stand_id == Stand.id)
        .where(Stand.edition_id == edition_id)
        .order_by(Stand.number)
    )
    stands = [
        Drawn(
            id=stand.id,
            room_id=stand.hall_id,
            number=stand.number,
            box=Box(stand.x, stand.y, stand.width, stand.depth),
            power_kw=stand.power_kw,
            has_water=stand.has_water,
            occupant=occupant,
            reserved=body is not None,
        )
        for stand, occupant, body in found
    ]
    return Floor(rooms, stands, corners_of(rooms, stands), versions)


def problem_of(edition_id: int) -> tuple[Problem, dict[int, int]]:
    """All there is to place, and the version of each accepted exhibitor."""
    floor = floor_of(edition_id)
    everyone = session().scalars(accepted(edition_id).order_by(Exhibitor.id)).all()
    themes: dict[int, list[int]] = defaultdict(list)
    pairs = (
        select(exhibitor_themes.c.exhibitor_id, exhibitor_themes.c.theme_id)
        .join(Exhibitor, Exhibitor.id == exhibitor_themes.c.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(exhibitor_themes.c.theme_id)
    )
    for exhibitor_id, theme_id in session().execute(pairs):
        themes[exhibitor_id].append(theme_id)
    names = names_of(everyone)
    to_place, settled = [], []
    for one in everyone:
        wishes = wishes_of(one, names, themes[one.id])
        if one.stand_id is not None:
            settled.append(wishes)
        elif not one.is_pavilion:
            to_place.append(wishes)
    problem = Problem(floor.rooms, floor.stands, to_place, settled)
    return problem, {one.id: one.version for one in everyone}


def accepted(edition_id: int) -> Select[Exhibitor]:
    return select(Exhibitor).where(
        Exhibitor.edition_id == edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED
    )


def names_of(everyone: Sequence[Exhibitor]) -> dict[str, int]:
    """Ids by the key of the name; a name that two share stands for the first."""
    found: dict[str, int] = {}
    for one in everyone:
        found.setdefault(one.name_key, one.id)
    return found


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


def to_place_page(edition_id: int, page: int) -> Pagination:
    """Accepted exhibitors without stand, the largest first, with what they wish."""
    wanted = (
        select(Exhibitor)
        .where(*_is_to_place(edition_id))
        .options(
            joinedload(Exhibitor.wished_hall),
            joinedload(Exhibitor.parent),
            selectinload(Exhibitor.themes),
        )
        .order_by(Exhibitor.area.desc(), Exhibitor.name_key, Exhibitor.id)
    )
    found = db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)
    if found.pages and page > found.pages:
        found = db.paginate(wanted, page=found.pages, per_page=PER_PAGE, error_out=False)
    return found


def placed_page(edition_id: int, page: int) -> Pagination:
    """Exhibitors who have a stand, by hall and number."""
    wanted = (
        select(Exhibitor)
        .join(Exhibitor.stand)
        .join(Stand.hall)
        .where(Exhibitor.edition_id == edition_id)
        .options(joinedload(Exhibitor.stand).joinedload(Stand.hall), joinedload(Exhibitor.parent))
        .order_by(Hall.name, Stand.number)
    )
    found = db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)
    if found.pages and page > found.pages:
        found = db.paginate(wanted, page=found.pages, per_page=PER_PAGE, error_out=False)
    return found


def count_placed(edition_id: int) -> int:
    wanted = select(func.count()).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    return session().scalar(wanted) or 0


def area_to_place(edition_id: int) -> int:
    wanted = select(func.coalesce(func.sum(Exhibitor.area), 0)).where(*_is_to_place(edition_id))
    return int(session().scalar(wanted) or 0)


def pavilions_of(edition_id: int) -> Sequence[Exhibitor]:
    """Accepted exhibitors of no area of their own."""
    wanted = accepted(edition_id).where(Exhibitor.area == 0).order_by(Exhibitor.name_key)
    return session().scalars(wanted).all()


def names_by_id(edition_id: int) -> dict[int, str]:
    """The names of accepted exhibitors."""
    rows = select(Exhibitor.id, Exhibitor.name).where(
        Exhibitor.edition_id == edition_id, Exhibitor.status == ApplicationStatus.ACCEPTED
    )
    return {row.id: row.name for row in session().execute(rows)}


def occupants_of(edition_id: int) -> dict[int, str]:
    """Who is on each stand that is not free: the exhibitor or the body, by id of stand."""
    exhibitors = select(Exhibitor.stand_id, Exhibitor.name).where(
        Exhibitor.edition_id == edition_id, Exhibitor.stand_id.is_not(None)
    )
    bodies = select(PartnerBody.stand_id, PartnerBody.short_name).where(
        PartnerBody.edition_id == edition_id
    )
    taken = [*session().execute(bodies), *session().execute(exhibitors)]
    return {stand_id: name for stand_id, name in taken if stand_id is not None}


def get_proposal(proposal_id: int) -> PlanProposal:
    """A proposal of the current edition."""
    edition = get_current_edition()
    wanted = select(PlanProposal).where(
        PlanProposal.id == proposal_id, PlanProposal.edition_id == edition.id
    )
    return session().scalars(wanted).one()


def recent_proposals(edition_id: int, limit: int = 5) -> Sequence[PlanProposal]:
    """The last ones, without their result."""
    wanted = (
        select(PlanProposal)
        .where(PlanProposal.edition_id == edition_id)
        .options(defer(PlanProposal.result))
        .order_by(PlanProposal.id.desc())
        .limit(limit)
    )
    return session().scalars(wanted).all()
