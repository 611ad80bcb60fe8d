"""The public catalogue: the accepted exhibitors of an edition, and what may be said of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Exhibitor,
    Sector,
    exhibitor_themes,
)
from salon.exhibitors.queries.near import near_exhibitors
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.db import current_session
from salon.platform.texts import folded

PAGE = 48
MOST_WORDS = 8
DIGITS = "0-9"
AROUND = 14.0
"""Metres of floor shown around a stand."""

Parent = aliased(Exhibitor, name="parents")
BY_NAME = (Exhibitor.name_key, Exhibitor.id)


@dataclass(frozen=True)
class CatalogueFilter:
    """Which exhibitors: empty values do not filter. `letter` is one letter, or DIGITS."""

    text: str = ""
    theme: str = ""
    sector: str = ""
    hall: str = ""
    letter: str = ""
    near: tuple[int, ...] = ()
    """Those that answer the text although it is not quite theirs."""

    @property
    def is_set(self) -> bool:
        return any((self.text, self.theme, self.sector, self.hall, self.letter))


@dataclass
class Card:
    """What a list shows of an exhibitor."""

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
    """What the catalogue can be narrowed by, and its first letters."""

    total: int
    sectors: list[tuple[Sector, int]]
    """Those that somebody is of, and how many."""
    halls: list[str]
    """Those where somebody is."""
    themes: list[tuple[str, str]]
    """(slug, name) of each of the edition."""
    letters: list[str]


def is_listed(edition: Edition) -> Any:
    """Whether an exhibitor is in the catalogue."""
    return and_(
        Exhibitor.edition_id == edition.id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
        Exhibitor.slug.is_not(None),
    )


def is_shown(exhibitor: Exhibitor | None) -> bool:
    """As is_listed, of one that is read already."""
    if exhibitor is None:
        return False
    return exhibitor.status == ApplicationStatus.ACCEPTED and exhibitor.slug is not None


def choices_of(edition: Edition) -> Choices:
    """What there is to choose from: three queries, one of which reads the whole catalogue."""
    listed, first = is_listed(edition), func.substr(Exhibitor.name_key, 1, 1)
    counted = current_session().execute(
        select(Exhibitor.sector, first, func.count())
        .where(listed)
        .group_by(Exhibitor.sector, first)
    )
    by_sector: Counter[Sector | None] = Counter()
    firsts = set()
    for sector, letter, total in counted:
        by_sector[sector] += total
        firsts.add(letter)
    somebody = exists().where(listed, Exhibitor.stand_id == Stand.id, Stand.hall_id == Hall.id)
    halls = select(Hall.name).where(Hall.edition_id == edition.id, somebody).order_by(Hall.name)
    themes = (
        select(Theme.slug, Theme.name).where(Theme.edition_id == edition.id).order_by(Theme.rank)
    )
    return Choices(
        total=by_sector.total(),
        sectors=[(one, by_sector[one]) for one in Sector if one in by_sector],
        halls=list(current_session().scalars(halls)),
        themes=[(slug, name) for slug, name in current_session().execute(themes)],
        letters=_letters(sorted(firsts)),
    )


def _letters(firsts: Sequence[str]) -> list[str]:
    """DIGITS when a name begins with one, then the letters."""
    letters = [one.upper() for one in firsts if one.isalpha()]
    return [DIGITS, *letters] if any(one.isdigit() for one in firsts) else letters


class CardPage(Pagination):
    """A page of cards, by name."""

    def _query_items(self) -> list[Card]:
        # Names are sorted without the texts beside them, which only this page needs.
        wanted = self._query_args["wanted"]
        ids = wanted.order_by(*BY_NAME).limit(self.per_page).offset(self._query_offset)
        rows = current_session().execute(_cards().where(Exhibitor.id.in_(ids)).order_by(*BY_NAME))
        cards = [Card(*row) for row in rows]
        _fill(cards)
        return cards

    def _query_count(self) -> int:
        wanted = self._query_args["wanted"]
        return current_session().scalar(select(func.count()).select_from(wanted.subquery())) or 0


def catalogue_page(edition: Edition, wanted: CatalogueFilter, page: int) -> CardPage:
    """PAGE exhibitors that a filter keeps. Without filter, a pavilion's members are under it.

    When the text is nobody's, those whose name is near it.
    """
    if wanted.text and not _is_anybody(edition, wanted):
        wanted = replace(wanted, near=tuple(near_exhibitors(is_listed(edition), wanted.text)))
    found = select(Exhibitor.id).where(is_listed(edition), *_conditions(wanted))
    if not wanted.is_set:
        parent = and_(Parent.id == Exhibitor.parent_id, Parent.status == ApplicationStatus.ACCEPTED)
        found = found.outerjoin(Parent, parent).where(Parent.id.is_(None))
    return CardPage(
        wanted=found, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False, count=True
    )


def _is_anybody(edition: Edition, filters: CatalogueFilter) -> bool:
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
    """The members and the co-exhibitors of each card: two queries."""
    by_id = {one.id: one for one in cards}
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
    others = current_session().execute(
        select(CoExhibitor.exhibitor_id, CoExhibitor.name)
        .where(CoExhibitor.exhibitor_id.in_(by_id))
        .order_by(CoExhibitor.name_key)
    )
    for host, name in others:
        by_id[host].co_exhibitors.append(name)


def _conditions(wanted: CatalogueFilter) -> Iterator[Any]:
    if wanted.text:
        words = folded(wanted.text).split()[:MOST_WORDS]
        exact = and_(*map(_holds, words)) if words else literal(False)
        yield or_(exact, Exhibitor.id.in_(wanted.near))
    if wanted.sector:
        yield Exhibitor.sector == wanted.sector
    if wanted.hall:
        yield exists().where(
            Stand.id == Exhibitor.stand_id, Stand.hall_id == Hall.id, Hall.name == wanted.hall
        )
    if wanted.theme:
        yield exists(
            select(exhibitor_themes.c.exhibitor_id)
            .join(Theme, Theme.id == exhibitor_themes.c.theme_id)
            .where(
                exhibitor_themes.c.exhibitor_id == Exhibitor.id,
                Theme.slug == wanted.theme,
                Theme.edition_id == Exhibitor.edition_id,
            )
        )
    if wanted.letter == DIGITS:
        yield func.substr(Exhibitor.name_key, 1, 1).between("0", "9")
    elif wanted.letter:
        yield Exhibitor.name_key.startswith(wanted.letter.lower(), autoescape=True)


def _holds(word: str) -> Any:
    """A word of the exhibitor or of one of its co-exhibitors begins with `word`."""
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
    """A listed exhibitor by its address, with all that its page shows."""
    wanted = (
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
    return current_session().scalars(wanted).unique().one()


def get_logo_file(edition: Edition, slug: str) -> str:
    """The stored name of a listed exhibitor's logo; raises NoResultFound when it has none."""
    wanted = select(Exhibitor.logo_file).where(
        is_listed(edition), Exhibitor.slug == slug, Exhibitor.logo_file != ""
    )
    return current_session().scalars(wanted).one()


def stands_around(stand: Stand) -> list[tuple[str, float, float, float, float]]:
    """(number, x, y, width, depth) of the stands of a hall within AROUND metres of one."""
    wanted = select(Stand.number, Stand.x, Stand.y, Stand.width, Stand.depth).where(
        Stand.hall_id == stand.hall_id,
        Stand.x < stand.x + stand.width + AROUND,
        Stand.x + Stand.width > stand.x - AROUND,
        Stand.y < stand.y + stand.depth + AROUND,
        Stand.y + Stand.depth > stand.y - AROUND,
    )
    return [
        (number, x, y, width, depth)
        for number, x, y, width, depth in current_session().execute(wanted)
    ]
