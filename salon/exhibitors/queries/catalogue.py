"""The public catalogue: the accepted exhibitors of an edition and their public data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Exhibitor,
    Sector,
    exhibitor_themes,
)
from salon.exhibitors.queries.exhibitors import near_exhibitors
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import FIRST_PAGE, Listing, Page, PageRequest
from salon.platform.words.texts import folded

MOST_WORDS = 8
DIGITS = "0-9"
AROUND = 14.0
"""Metres of floor shown around a stand."""

Parent = aliased(Exhibitor, name="parents")
BY_NAME = (Exhibitor.name_key, Exhibitor.id)


@dataclass(frozen=True)
class CatalogueFilter:
    """Filters of the catalogue; an empty value does not filter. `letter`: one letter, or DIGITS."""

    text: str = ""
    theme: str = ""
    sector: str = ""
    hall: str = ""
    letter: str = ""
    near: tuple[int, ...] = ()
    """Ids of the exhibitors with a name near the text."""

    @property
    def is_set(self) -> bool:
        return any((self.text, self.theme, self.sector, self.hall, self.letter))


@dataclass
class Card:
    """An exhibitor as a list shows it."""

    id: int
    slug: str
    name: str
    sector: Sector | None
    presentation: str
    has_logo: bool
    hall: str
    stand: str
    pavilion: str
    pavilion_slug: str
    members: list[tuple[str, str, str]] = field(default_factory=list)
    """(slug, name, stand) of each."""
    co_exhibitors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Choices:
    """Filters that the catalogue offers, and its first letters."""

    total: int
    sectors: list[tuple[Sector, int]]
    """Sectors with exhibitors, and their number."""
    halls: list[str]
    """Halls with exhibitors."""
    themes: list[tuple[str, str]]
    """(slug, name) of each of the edition."""
    letters: list[str]


def is_listed(edition: Edition) -> ColumnElement[bool]:
    """Return the condition of an exhibitor being in the catalogue."""
    return and_(
        Exhibitor.edition_id == edition.id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
        Exhibitor.slug.is_not(None),
    )


def is_shown(exhibitor: Exhibitor | None) -> bool:
    """Return whether a loaded exhibitor is in the catalogue, as is_listed does in SQL."""
    if exhibitor is None:
        return False
    return exhibitor.status == ApplicationStatus.ACCEPTED and exhibitor.slug is not None


def listed_names(edition: Edition) -> list[str]:
    """Return the names of the exhibitors of an edition, by name."""
    statement = select(Exhibitor.name).where(is_listed(edition)).order_by(*BY_NAME)
    return list(current_session().scalars(statement))


def choices_of(edition: Edition) -> Choices:
    """Return the filters on offer, in three queries, one of which reads the whole catalogue."""
    listed, first = is_listed(edition), func.substr(Exhibitor.name_key, 1, 1)
    rows = current_session().execute(
        select(Exhibitor.sector, first, func.count())
        .where(listed)
        .group_by(Exhibitor.sector, first)
    )
    by_sector: Counter[Sector | None] = Counter()
    first_letters = set()
    for sector, letter, total in rows:
        by_sector[sector] += total
        first_letters.add(letter)
    has_exhibitor = exists().where(listed, Exhibitor.stand_id == Stand.id, Stand.hall_id == Hall.id)
    halls = (
        select(Hall.name).where(Hall.edition_id == edition.id, has_exhibitor).order_by(Hall.name)
    )
    themes = (
        select(Theme.slug, Theme.name)
        .where(Theme.edition_id == edition.id, Theme.withdrawn_at.is_(None))
        .order_by(Theme.rank)
    )
    return Choices(
        total=by_sector.total(),
        sectors=[(sector, by_sector[sector]) for sector in Sector if sector in by_sector],
        halls=list(current_session().scalars(halls)),
        themes=[(slug, name) for slug, name in current_session().execute(themes)],
        letters=_letters(sorted(first_letters)),
    )


def _letters(first_letters: Sequence[str]) -> list[str]:
    """Return DIGITS when a name begins with one, then the letters."""
    letters = [first.upper() for first in first_letters if first.isalpha()]
    return [DIGITS, *letters] if any(first.isdigit() for first in first_letters) else letters


CATALOGUE = Listing({}, length=48)


def catalogue_page(
    edition: Edition, filters: CatalogueFilter, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of cards of a filter; without filter, members are under their pavilion.

    When the text matches nothing exactly, exhibitors with a near name are returned.
    """
    if filters.text and not _has_exact_match(edition, filters):
        filters = replace(filters, near=tuple(near_exhibitors(is_listed(edition), filters.text)))
    statement = select(Exhibitor.id).where(is_listed(edition), *_conditions(filters))
    if not filters.is_set:
        parent = and_(Parent.id == Exhibitor.parent_id, Parent.status == ApplicationStatus.ACCEPTED)
        statement = statement.outerjoin(Parent, parent).where(Parent.id.is_(None))
    return CATALOGUE.page(statement.order_by(*BY_NAME), request, read=_read_cards)


def _read_cards(ids: Select[int]) -> list[Card]:
    # Names are sorted without the texts beside them, which only this page needs.
    rows = current_session().execute(_cards().where(Exhibitor.id.in_(ids)).order_by(*BY_NAME))
    cards = [Card(*row) for row in rows]
    _fill(cards)
    return cards


def _has_exact_match(edition: Edition, filters: CatalogueFilter) -> bool:
    exact = select(Exhibitor.id).where(is_listed(edition), *_conditions(filters))
    return current_session().scalar(exact.limit(1)) is not None


def _cards() -> Any:
    return (
        select(
            Exhibitor.id,
            Exhibitor.slug,
            Exhibitor.name,
            Exhibitor.sector,
            Exhibitor.presentation,
            Exhibitor.logo_file != "",
            func.coalesce(Hall.name, ""),
            func.coalesce(Stand.number, ""),
            func.coalesce(Parent.name, ""),
            func.coalesce(Parent.slug, ""),
        )
        .outerjoin(Exhibitor.stand)
        .outerjoin(Stand.hall)
        .outerjoin(
            Parent,
            and_(Parent.id == Exhibitor.parent_id, Parent.status == ApplicationStatus.ACCEPTED),
        )
    )


def _fill(cards: list[Card]) -> None:
    """Set the members and the co-exhibitors of each card, in two queries."""
    by_id = {card.id: card for card in cards}
    members = current_session().execute(
        select(Exhibitor.parent_id, Exhibitor.slug, Exhibitor.name, Stand.number)
        .outerjoin(Exhibitor.stand)
        .where(
            Exhibitor.parent_id.in_(by_id),
            Exhibitor.status == ApplicationStatus.ACCEPTED,
            Exhibitor.slug.is_not(None),
        )
        .order_by(*BY_NAME)
    )
    for parent, slug, name, number in members:
        by_id[parent or 0].members.append((slug or "", name, number or ""))
    co_exhibitors = current_session().execute(
        select(CoExhibitor.exhibitor_id, CoExhibitor.name)
        .where(CoExhibitor.exhibitor_id.in_(by_id))
        .order_by(CoExhibitor.name_key)
    )
    for host, name in co_exhibitors:
        by_id[host].co_exhibitors.append(name)


def _conditions(filters: CatalogueFilter) -> Iterator[ColumnElement[bool]]:
    if filters.text:
        words = folded(filters.text).split()[:MOST_WORDS]
        exact = and_(*map(_has_word, words)) if words else literal(False)
        yield or_(exact, Exhibitor.id.in_(filters.near))
    if filters.sector:
        yield Exhibitor.sector == filters.sector
    if filters.hall:
        yield exists().where(
            Stand.id == Exhibitor.stand_id, Stand.hall_id == Hall.id, Hall.name == filters.hall
        )
    if filters.theme:
        yield exists(
            select(exhibitor_themes.c.exhibitor_id)
            .join(Theme, Theme.id == exhibitor_themes.c.theme_id)
            .where(
                exhibitor_themes.c.exhibitor_id == Exhibitor.id,
                Theme.slug == filters.theme,
                Theme.edition_id == Exhibitor.edition_id,
            )
        )
    if filters.letter == DIGITS:
        yield func.substr(Exhibitor.name_key, 1, 1).between("0", "9")
    elif filters.letter:
        yield Exhibitor.name_key.startswith(filters.letter.lower(), autoescape=True)


def _has_word(word: str) -> ColumnElement[bool]:
    """Return the condition of a word of the exhibitor or a co-exhibitor beginning with `word`."""
    start = f" {word}"
    space = literal(" ")
    return or_(
        (space + Exhibitor.search_key).contains(start, autoescape=True),
        exists(
            select(CoExhibitor.id).where(
                CoExhibitor.exhibitor_id == Exhibitor.id,
                (space + CoExhibitor.name_key).contains(start, autoescape=True),
            )
        ),
    )


def get_entry(edition: Edition, slug: str) -> Exhibitor:
    """Return a listed exhibitor by its address, with all that its page shows."""
    statement = (
        select(Exhibitor)
        .where(is_listed(edition), Exhibitor.slug == slug)
        .options(
            joinedload(Exhibitor.stand).joinedload(Stand.hall),
            joinedload(Exhibitor.parent),
            selectinload(Exhibitor.themes),
            selectinload(Exhibitor.co_exhibitors),
            selectinload(Exhibitor.members).joinedload(Exhibitor.stand).joinedload(Stand.hall),
        )
    )
    return current_session().scalars(statement).unique().one()


def get_logo_file(edition: Edition, slug: str) -> str:
    """Return the stored name of a listed exhibitor's logo.

    Raises NoResultFound when it has none.
    """
    statement = select(Exhibitor.logo_file).where(
        is_listed(edition), Exhibitor.slug == slug, Exhibitor.logo_file != ""
    )
    return current_session().scalars(statement).one()


def stands_around(stand: Stand) -> list[tuple[str, float, float, float, float]]:
    """Return (number, x, y, width, depth) of the stands within AROUND metres of a stand."""
    statement = select(Stand.number, Stand.x, Stand.y, Stand.width, Stand.depth).where(
        Stand.hall_id == stand.hall_id,
        Stand.x < stand.x + stand.width + AROUND,
        Stand.x + Stand.width > stand.x - AROUND,
        Stand.y < stand.y + stand.depth + AROUND,
        Stand.y + Stand.depth > stand.y - AROUND,
    )
    return [
        (number, x, y, width, depth)
        for number, x, y, width, depth in current_session().execute(statement)
    ]
