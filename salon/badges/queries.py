"""Reads of registrations, places and badges."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload, selectinload

from salon import formats
from salon.badges import matching
from salon.badges.faces import BadgeCategoryFace, BadgeFace, FairFace
from salon.badges.labels import printed_function
from salon.badges.matching import Place, email_key, folded, place_key
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Commune,
    Epci,
    Group,
    Printing,
    PrintRun,
)
from salon.badges.qr import qr_payload
from salon.db import db, session
from salon.fair.models import Edition, Hall, ProgrammeItem
from salon.fair.queries import find_current_edition
from salon.journal import JournalEntry

PAGE = 50
CHUNK = 500


def get_edition() -> Edition:
    """The edition that people register for. Raises NoResultFound."""
    found = find_current_edition()
    if found is None:
        raise NoResultFound
    return found


# Places


def all_places() -> list[Place]:
    """Every commune, then every EPCI, each by name."""
    communes = session().execute(select(Commune.name, Commune.code).order_by(Commune.search_key))
    epcis = session().execute(select(Epci.name, Epci.siren).order_by(Epci.name))
    return [
        *(Place(name, commune_code=code) for name, code in communes),
        *(Place(name, epci_siren=siren) for name, siren in epcis),
    ]


def find_place(text: str) -> Place | list[Place]:
    """The commune or EPCI that `text` means, else the closest ones to choose from."""
    return matching.match_place(text, all_places())


def search_places(text: str, limit: int) -> list[Place]:
    """Communes and EPCI in which each word of `text` begins a word."""
    places = all_places()
    keys = [place_key(place.name) for place in places]
    return matching.containing(place_key(text), places, keys)[:limit]


def all_epcis() -> Sequence[Epci]:
    return session().scalars(select(Epci).order_by(Epci.name)).all()


def place_of(attendee: Attendee) -> Place:
    """For whom this person comes."""
    return Place(attendee.on_behalf_of, attendee.commune_code, attendee.epci_siren)


# People

WITH_PLACE = (joinedload(Attendee.commune).joinedload(Commune.epci), joinedload(Attendee.epci))


def get_attendee(attendee_id: int) -> Attendee:
    return (
        session()
        .scalars(select(Attendee).where(Attendee.id == attendee_id).options(*WITH_PLACE))
        .one()
    )


def find_attendee(attendee_id: int) -> Attendee | None:
    return session().get(Attendee, attendee_id)


def find_same_person(edition_id: int, email: str, name: str) -> Attendee | None:
    """The live registration that has these keys (`email_key`, `name_key`)."""
    return session().scalar(
        select(Attendee).where(
            Attendee.edition_id == edition_id,
            Attendee.email_key == email,
            Attendee.name_key == name,
            Attendee.status == AttendeeStatus.REGISTERED,
        )
    )


def get_group_by_token(token: str) -> Group:
    """The group that this private link opens."""
    people = selectinload(Group.attendees)
    return (
        session()
        .scalars(
            select(Group)
            .where(Group.private_token == token)
            .options(
                people.joinedload(Attendee.commune),
                people.joinedload(Attendee.epci),
                people.selectinload(Attendee.badges),
            )
        )
        .one()
    )


def edition_of(attendee: Attendee) -> Edition:
    return session().get_one(Edition, attendee.edition_id)


def edition_of_group(group: Group) -> Edition:
    return session().get_one(Edition, group.edition_id)


@dataclass(frozen=True)
class AttendeeFilter:
    """Which people: empty values do not filter. `printed` is "no" or "yes"."""

    text: str = ""
    category: str = ""
    epci: str = ""
    commune: str = ""
    state: str = ""
    printed: str = ""
    order: str = "name"

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def attendees(edition_id: int, wanted: AttendeeFilter) -> Select[Attendee]:
    """The people of an edition that a filter keeps, by name or by EPCI."""
    found = (
        select(Attendee)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .where(Attendee.edition_id == edition_id, *_conditions(wanted))
    )
    if wanted.order == "epci":
        epci = func.coalesce(Commune.epci_siren, Attendee.epci_siren)
        name = select(Epci.name).where(Epci.siren == epci).scalar_subquery()
        return found.order_by(name.is_(None), name, Commune.search_key, *BY_NAME)
    return found.order_by(*BY_NAME)


BY_NAME = (Attendee.name_key, Attendee.id)


def _conditions(wanted: AttendeeFilter) -> Iterator[Any]:
    for word in wanted.text.split()[:8]:
        key, address = place_key(word) or word, email_key(word)
        yield or_(
            Attendee.name_key.contains(folded(word) or word, autoescape=True),
            Attendee.email_key.contains(address, autoescape=True),
            Commune.search_key.contains(key, autoescape=True),
            Attendee.organisation.icontains(word, autoescape=True),
        )
    if wanted.category:
        yield Attendee.category == wanted.category
    if wanted.epci:
        yield or_(Attendee.epci_siren == wanted.epci, Commune.epci_siren == wanted.epci)
    if wanted.commune:
        yield Attendee.commune_code == wanted.commune
    if wanted.state:
        yield Attendee.status == wanted.state
    if wanted.printed:
        printed = (
            select(Printing.id)
            .join(Badge)
            .where(Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None))
            .exists()
        )
        yield printed if wanted.printed == "yes" else ~printed


def attendees_page(edition_id: int, wanted: AttendeeFilter, page: int) -> Any:
    """A page of PAGE people (a Pagination), with what a list shows of each."""
    found = attendees(edition_id, wanted).options(
        *WITH_PLACE, selectinload(Attendee.badges).selectinload(Badge.printings)
    )
    return db.paginate(found, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def search_attendees(edition_id: int, text: str, limit: int = PAGE) -> Sequence[Attendee]:
    """Live registrations found by name, address or commune, for the welcome desk."""
    wanted = AttendeeFilter(text=text, state=AttendeeStatus.REGISTERED)
    return session().scalars(attendees(edition_id, wanted).options(*WITH_PLACE).limit(limit)).all()


def attendees_in_chunks(edition_id: int, wanted: AttendeeFilter) -> Iterator[Attendee]:
    """Every kept person in order, CHUNK rows in memory at a time."""
    ids = session().scalars(attendees(edition_id, wanted).with_only_columns(Attendee.id)).all()
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = session().scalars(
            select(Attendee)
            .where(Attendee.id.in_(part))
            .options(*WITH_PLACE, selectinload(Attendee.badges).selectinload(Badge.printings))
        )
        by_id = {one.id: one for one in rows}
        yield from (by_id[one] for one in part if one in by_id)
        session().expunge_all()


def history_of(attendee: Attendee) -> Sequence[JournalEntry]:
    """What was done to a person and their badges, newest first; readings left out."""
    subjects = [f"attendee:{attendee.id}", *(f"badge:{badge.id}" for badge in attendee.badges)]
    return (
        session()
        .scalars(
            select(JournalEntry)
            .where(JournalEntry.subject.in_(subjects), JournalEntry.action != "attendee.read")
            .order_by(JournalEntry.id.desc())
            .limit(100)
        )
        .all()
    )


# Badges


def get_badge_by_token(token: str) -> Badge:
    """The badge that this private link opens, valid or not."""
    return session().scalars(select(Badge).where(Badge.private_token == token)).one()


def get_badge(badge_id: int) -> Badge:
    return session().scalars(select(Badge).where(Badge.id == badge_id)).one()


def find_valid_badge(attendee_id: int) -> Badge | None:
    return session().scalar(
        select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None))
    )


def get_valid_badge(attendee_id: int) -> Badge:
    return (
        session()
        .scalars(select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None)))
        .one()
    )


def payload_of(badge: Badge, qr_prefix: str) -> str:
    """What the QR of a badge says."""
    return qr_payload(qr_prefix, badge.code)


def valid_badges_of(group: Group) -> list[int]:
    """The valid badges of a group's registered people, by person."""
    found = (
        select(Badge.id)
        .join(Attendee)
        .where(VALID, Attendee.group_id == group.id)
        .order_by(*BY_NAME)
    )
    return list(session().scalars(found))


VALID = and_(Badge.revoked_at.is_(None), Attendee.status == AttendeeStatus.REGISTERED)


def valid_codes(limit: int | None = None) -> list[str]:
    """The codes of the valid badges of the current edition, in the order of their issue."""
    found = (
        select(Badge.code)
        .join(Attendee)
        .where(VALID, Badge.edition_id == get_edition().id)
        .order_by(Badge.id)
        .limit(limit)
    )
    return list(session().scalars(found))


def find_demonstration_badge() -> Badge | None:
    """A valid badge of the current edition, an elected person's if there is one."""
    return session().scalar(
        select(Badge)
        .join(Attendee)
        .where(VALID, Badge.edition_id == get_edition().id)
        .order_by((Attendee.category != Category.ELECTED), Badge.id)
        .limit(1)
    )


# Printing


def badges_to_print(
    edition_id: int, wanted: AttendeeFilter, limit: int | None = None
) -> list[tuple[int, int]]:
    """(badge, attendee) of the valid badges that a filter keeps, in printing order."""
    found = attendees(edition_id, wanted).join(Badge, Badge.attendee_id == Attendee.id).where(VALID)
    rows = session().execute(found.with_only_columns(Badge.id, Attendee.id).limit(limit))
    return [(badge, attendee) for badge, attendee in rows]


def count_to_print(edition_id: int, wanted: AttendeeFilter) -> int:
    found = attendees(edition_id, wanted).join(Badge, Badge.attendee_id == Attendee.id).where(VALID)
    only_ids = found.with_only_columns(Badge.id).order_by(None).subquery()
    return session().scalar(select(func.count()).select_from(only_ids)) or 0


def faces_of(badge_ids: Sequence[int], qr_prefix: str) -> Iterator[BadgeFace]:
    """What is printed on these badges, in their order, CHUNK of them in memory at a time."""
    for start in range(0, len(badge_ids), CHUNK):
        part = badge_ids[start : start + CHUNK]
        rows = session().execute(FACES.where(Badge.id.in_(part)))
        by_id = {row.id: row for row in rows}
        session().rollback()
        yield from (_face(by_id[one], qr_prefix) for one in part if one in by_id)


FACES = (
    select(
        Badge.id,
        Badge.code,
        Attendee.civility,
        Attendee.first_name,
        Attendee.last_name,
        Attendee.function,
        Attendee.function_other,
        Attendee.category,
        func.coalesce(Commune.name, Epci.name, Attendee.organisation).label("organisation"),
    )
    .select_from(Badge)
    .join(Attendee, Attendee.id == Badge.attendee_id)
    .outerjoin(Commune, Commune.code == Attendee.commune_code)
    .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
)


def _face(row: Any, qr_prefix: str) -> BadgeFace:
    category = Category(row.category)
    return BadgeFace(
        first_name=row.first_name,
        last_name=row.last_name,
        function=printed_function(row.function, row.function_other, row.civility),
        organisation=row.organisation,
        category=BadgeCategoryFace(category.label, category.colour),
        payload=qr_payload(qr_prefix, row.code),
        short_code=short_code(row.code),
    )


def short_code(code: str) -> str:
    """The first eight characters, in two groups: enough for a person to name a badge."""
    return f"{code[:4]} {code[4:8]}"


def fair_face(edition: Edition) -> FairFace:
    """The edition as printed on its badges."""
    items = session().scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.edition_id == edition.id)
        .order_by(ProgrammeItem.starts_at)
    )
    halls = session().scalars(select(Hall).where(Hall.edition_id == edition.id)).all()
    return FairFace(
        name=edition.name,
        day=edition.day_label,
        hours=edition.hours_label,
        place=edition.place,
        address=edition.address,
        programme=[(formats.hour(one.starts_at), one.title, one.room) for one in items],
        halls=[(one.name, one.width, one.depth, one.x, one.y) for one in halls],
        stands=[
            (
                stand.number,
                hall.name,
                stand.x,
                stand.y,
                stand.width,
                stand.depth,
                stand.body.short_name if stand.body else "",
            )
            for hall in halls
            for stand in hall.stands
        ],
        practical=[line.strip() for line in edition.access.splitlines() if line.strip()],
        organiser=edition.organiser,
    )


def get_print_run(run_id: int) -> PrintRun:
    return session().scalars(select(PrintRun).where(PrintRun.id == run_id)).one()


def get_finished_run(run_id: int) -> PrintRun:
    """A run whose file can be fetched."""
    return (
        session()
        .scalars(
            select(PrintRun).where(
                PrintRun.id == run_id, PrintRun.status == "done", PrintRun.file_name != ""
            )
        )
        .one()
    )


def recent_print_runs(edition_id: int, limit: int = PAGE) -> Sequence[PrintRun]:
    return (
        session()
        .scalars(
            select(PrintRun)
            .where(PrintRun.edition_id == edition_id)
            .order_by(PrintRun.id.desc())
            .limit(limit)
        )
        .all()
    )


def printings_of(attendee: Attendee) -> Sequence[Printing]:
    """Each time a badge of this person was printed, oldest first."""
    return (
        session()
        .scalars(
            select(Printing)
            .join(Badge)
            .where(Badge.attendee_id == attendee.id)
            .order_by(Printing.id)
        )
        .all()
    )
