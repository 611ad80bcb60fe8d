"""People, groups, the lists and searches of the organiser and of the welcome desk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, literal, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload, selectinload

from salon.badges.actions import BadgeAction
from salon.badges.engine.codes import short_code_in
from salon.badges.engine.matching import email_key, place_key
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Commune,
    Epci,
    Group,
    MergedPerson,
    Printing,
)
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.day_presences import DayPresence, day_presences_of, matches_presence
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.platform.words.search import FEW, MOST_WORDS, may_be_near, nearest
from salon.platform.words.texts import folded

PAGE = 50
CHUNK = 500
NEAREST = 20
WITH_PLACE = (joinedload(Attendee.commune).joinedload(Commune.epci), joinedload(Attendee.epci))
WITH_BADGES = selectinload(Attendee.badges).selectinload(Badge.printings)


def get_attendee(attendee_id: int) -> Attendee:
    return (
        current_session()
        .scalars(select(Attendee).where(Attendee.id == attendee_id).options(*WITH_PLACE))
        .one()
    )


def find_attendee(attendee_id: int) -> Attendee | None:
    return current_session().get(Attendee, attendee_id)


def find_stand_of(attendee: Attendee) -> Exhibitor | None:
    """Return the exhibitor whose staff this person is."""
    if attendee.exhibitor_id is None:
        return None
    return current_session().get_one(Exhibitor, attendee.exhibitor_id)


def attendees_at_address(edition_id: int, email: str) -> Sequence[Attendee]:
    """Return the live registrations of an address (its `email_key`), by name."""
    return (
        current_session()
        .scalars(
            select(Attendee)
            .where(
                Attendee.edition_id == edition_id,
                Attendee.email_key == email,
                Attendee.status == AttendeeStatus.REGISTERED,
            )
            .order_by(*BY_NAME)
        )
        .all()
    )


def find_group_by_token(token: str) -> Group | None:
    """Return the group of this private link, or None."""
    people = selectinload(Group.attendees)
    return current_session().scalar(
        select(Group)
        .where(Group.private_token == token)
        .options(
            people.joinedload(Attendee.commune),
            people.joinedload(Attendee.epci),
            people.selectinload(Attendee.badges),
        )
    )


def get_group_by_token(token: str) -> Group:
    """Return the group of this private link. Raises NoResultFound."""
    group = find_group_by_token(token)
    if group is None:
        raise NoResultFound
    return group


def edition_of(attendee: Attendee) -> Edition:
    return current_session().get_one(Edition, attendee.edition_id)


def edition_of_group(group: Group) -> Edition:
    return current_session().get_one(Edition, group.edition_id)


def movable_attendees(edition_id: int, attendee_ids: Iterable[int]) -> Sequence[Attendee]:
    """Return those of these people whose place an organiser may correct, by name: registered, of no
    stand and no agent of the village."""
    statement = select(Attendee).where(
        Attendee.edition_id == edition_id,
        Attendee.id.in_(list(attendee_ids)),
        Attendee.status == AttendeeStatus.REGISTERED,
        Attendee.exhibitor_id.is_(None),
        Attendee.agent_id.is_(None),
    )
    return current_session().scalars(statement.options(*WITH_PLACE).order_by(*BY_NAME)).all()


@dataclass(frozen=True)
class AttendeeFilter:
    """Filters of attendees; empty values do not filter. `printed` is "no" or "yes"; `presence`: see
    `matches_presence`.

    `near`: people whose name is only near the text; they come last.
    """

    text: str = ""
    category: str = ""
    epci: str = ""
    commune: str = ""
    state: str = ""
    printed: str = ""
    presence: str = ""
    order: str = "name"
    near: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def attendees(edition_id: int, filters: AttendeeFilter) -> Select[Attendee]:
    """Return the filtered people of an edition, by name or by EPCI."""
    statement = (
        select(Attendee)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .where(Attendee.edition_id == edition_id, *_conditions(edition_id, filters))
    )
    if filters.order == "epci":
        epci = func.coalesce(Commune.epci_siren, Attendee.epci_siren)
        name = select(Epci.name).where(Epci.siren == epci).scalar_subquery()
        return statement.order_by(name.is_(None), name, Commune.search_key, *BY_NAME)
    if filters.near:
        return statement.order_by(Attendee.id.in_(filters.near), *BY_NAME)
    return statement.order_by(*BY_NAME)


BY_NAME = (Attendee.name_key, Attendee.id)


ATTENDEES = Listing(
    {
        "name": Column("Nom", Attendee.name_key),
        "place": Column("Commune ou organisme", Commune.search_key, Attendee.organisation),
        "category": Column("Catégorie", Attendee.category),
        "registered": Column("Inscription", Attendee.registered_at),
    },
    sort="name",
    ties=BY_NAME,
    key=Attendee.id,
)


def with_near_names(edition_id: int, filters: AttendeeFilter) -> AttendeeFilter:
    """Return filters that also keep the people whose name is near the text, when it finds few."""
    if not filters.text:
        return filters
    few = attendees(edition_id, filters).with_only_columns(Attendee.id).order_by(None).limit(FEW)
    if len(current_session().scalars(few).all()) >= FEW:
        return filters
    return replace(filters, near=tuple(near_attendees(edition_id, filters.text)))


def near_attendees(edition_id: int, text: str) -> list[int]:
    """Return the people whose name is near a text, the nearest first: NEAREST of them."""
    candidates = select(Attendee.id, Attendee.name_key).where(
        Attendee.edition_id == edition_id, may_be_near(Attendee.sound_key, text)
    )
    rows = current_session().execute(candidates.order_by(*BY_NAME))
    return nearest(text, ((number, key) for number, key in rows), NEAREST)


def _conditions(edition_id: int, filters: AttendeeFilter) -> Iterator[ColumnElement[bool]]:
    if filters.text:
        yield or_(
            and_(*_words(filters.text)),
            Attendee.id.in_(filters.near),
            has_short_code(filters.text),
        )
    if filters.category:
        yield Attendee.category == filters.category
    if filters.epci:
        yield or_(Attendee.epci_siren == filters.epci, Commune.epci_siren == filters.epci)
    if filters.commune:
        yield Attendee.commune_code == filters.commune
    if filters.state:
        yield Attendee.status == filters.state
    if filters.printed:
        printed = (
            select(Printing.id)
            .join(Badge)
            .where(Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None))
            .exists()
        )
        yield printed if filters.printed == "yes" else ~printed
    if filters.presence:
        yield matches_presence(edition_id, filters.presence)


def has_short_code(text: str) -> ColumnElement[bool]:
    """Match the holder of the badge whose printed number is the text."""
    short_code = short_code_in(text)
    if short_code is None:
        return false()
    badge = select(Badge.attendee_id).where(Badge.code.startswith(short_code))
    return Attendee.id.in_(badge)


def _words(text: str) -> Iterator[ColumnElement[bool]]:
    """Require each word in the name, the address or the place of a person."""
    for word in text.split()[:MOST_WORDS]:
        key, address = place_key(word) or word, email_key(word)
        yield or_(
            Attendee.name_key.contains(folded(word) or word, autoescape=True),
            Attendee.email_key.contains(address, autoescape=True),
            Commune.search_key.contains(key, autoescape=True),
            Attendee.organisation.icontains(word, autoescape=True),
        )


def attendees_page(
    edition_id: int, filters: AttendeeFilter, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of people, with the relations that a list shows."""
    statement = attendees(edition_id, with_near_names(edition_id, filters))
    return ATTENDEES.page(statement, request, *WITH_PLACE, WITH_BADGES)


def search_attendees(edition_id: int, text: str, limit: int = PAGE) -> Sequence[Attendee]:
    """Return live registrations found by name, address or commune, for the welcome desk."""
    filters = with_near_names(
        edition_id, AttendeeFilter(text=text, state=AttendeeStatus.REGISTERED)
    )
    return (
        current_session()
        .scalars(attendees(edition_id, filters).options(*WITH_PLACE).limit(limit))
        .all()
    )


def all_attendees(
    edition_id: int, filters: AttendeeFilter, request: PageRequest = FIRST_PAGE
) -> Iterator[Attendee]:
    """Yield all filtered people in the order of the page."""
    statement = attendees(edition_id, with_near_names(edition_id, filters))
    return ATTENDEES.rows(statement, request, *WITH_PLACE, WITH_BADGES)


def with_presences(
    edition_id: int, people: Iterable[Attendee]
) -> Iterator[tuple[Attendee, Sequence[DayPresence]]]:
    """Yield each of these people with the days on which they came, CHUNK in memory at a time."""
    left = iter(people)
    while part := list(islice(left, CHUNK)):
        presences = day_presences_of(edition_id, [person.id for person in part])
        yield from ((person, presences.get(person.id, ())) for person in part)


def cancelled_by_holder(attendee_ids: Iterable[int]) -> set[int]:
    """Return those of these people whose registration was cancelled by a private link.

    Cancellations by the organisers or the worker are left out.
    """
    cancelled = (
        select(Attendee.id, func.max(JournalEntry.id).label("entry_id"))
        .join(
            JournalEntry, JournalEntry.subject == literal("attendee:") + cast(Attendee.id, String)
        )
        .where(
            Attendee.id.in_(list(attendee_ids)),
            Attendee.status == AttendeeStatus.CANCELLED,
            JournalEntry.action == BadgeAction.ATTENDEE_CANCELLED,
        )
        .group_by(Attendee.id)
        .subquery()
    )
    return set(
        current_session().scalars(
            select(cancelled.c.id)
            .join(JournalEntry, JournalEntry.id == cancelled.c.entry_id)
            .where(JournalEntry.actor.startswith("public:"), JournalEntry.actor != SYSTEM.key)
        )
    )


def history_of(attendee: Attendee) -> Sequence[JournalEntry]:
    """Return the journal of a person and their badges, newest first, without the readings; that of
    the registrations merged into this one too."""
    merged = select(MergedPerson.attendee_id).where(MergedPerson.kept_id == attendee.id)
    numbers = [attendee.id, *current_session().scalars(merged.order_by(MergedPerson.attendee_id))]
    subjects = [
        *(f"attendee:{number}" for number in numbers),
        *(f"badge:{badge.id}" for badge in attendee.badges),
    ]
    return (
        current_session()
        .scalars(
            select(JournalEntry)
            .where(
                JournalEntry.subject.in_(subjects), JournalEntry.action != BadgeAction.ATTENDEE_READ
            )
            .order_by(JournalEntry.id.desc())
            .limit(100)
        )
        .all()
    )
