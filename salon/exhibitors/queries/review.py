"""The organiser's list of exhibitors: filters, pages, counts, history of an exhibitor."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from salon.accounts.queries import email_key_of
from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    Document,
    DocumentStatus,
    Exhibitor,
    OrganisationKind,
    Sector,
    WantedOption,
    exhibitor_themes,
)
from salon.exhibitors.queries.exhibitors import WITH_DETAILS, near_exhibitors
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded

HISTORY = 200
Columns = TypeVarTuple("Columns")
ENDING_SOON = timedelta(days=3)
Status = ApplicationStatus


class Wait(StrEnum):
    """A reason why an exhibitor waits for an organiser."""

    STUDY = "study"
    RETURNED = "returned"
    ENDING = "ending"
    DOCUMENTS = "documents"
    NO_STAND = "no_stand"


@dataclass(frozen=True)
class ReviewFilter:
    """Filters of the list; drafts show only when searched or asked for.

    `near`: exhibitors with a name near the text, when nothing matches it exactly.
    """

    text: str = ""
    state: str = ""
    sector: str = ""
    theme: int | None = None
    kind: str = ""
    hall: int | None = None
    stand: str = ""
    waits: str = ""
    near: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the filters that are set, for the journal."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Counts:
    """Number of exhibitors in each state, and number of things waiting for an organiser."""

    by_state: dict[Status, int] = field(default_factory=dict)
    waits: dict[Wait, int] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """Return the number of exhibitors listed without filter."""
        return sum(count for state, count in self.by_state.items() if state != Status.DRAFT)


def has_document_to_check() -> ColumnElement[bool]:
    return (
        select(Document.id)
        .where(Document.exhibitor_id == Exhibitor.id, Document.status == DocumentStatus.WAITING)
        .exists()
    )


def waits_for_organiser(wait: Wait, now: datetime) -> ColumnElement[bool]:
    """Return the condition of an exhibitor waiting for an organiser for this reason."""
    submitted = Exhibitor.status == Status.SUBMITTED
    is_back = Exhibitor.status_at > func.coalesce(Exhibitor.submitted_at, Exhibitor.status_at)
    if wait == Wait.STUDY:
        return and_(submitted, ~is_back)
    if wait == Wait.RETURNED:
        return and_(submitted, is_back)
    if wait == Wait.ENDING:
        ends = Exhibitor.offer_expires_at <= now + ENDING_SOON
        return and_(Exhibitor.status == Status.OFFERED, ends)
    if wait == Wait.DOCUMENTS:
        return has_document_to_check()
    no_stand = and_(Exhibitor.stand_id.is_(None), Exhibitor.area > 0)
    return and_(Exhibitor.status == Status.ACCEPTED, no_stand)


def counts_of(edition_id: int, now: datetime) -> Counts:
    """Return the counts of the edition, in one query."""
    states = [func.count().filter(Exhibitor.status == state) for state in Status]
    simple = [wait for wait in Wait if wait != Wait.DOCUMENTS]
    waits = [func.count().filter(waits_for_organiser(wait, now)) for wait in simple]
    documents = (
        select(func.count(Document.id))
        .join(Document.exhibitor)
        .where(Exhibitor.edition_id == edition_id, Document.status == DocumentStatus.WAITING)
        .scalar_subquery()
    )
    statement = select(*states, *waits, documents).where(Exhibitor.edition_id == edition_id)
    totals = current_session().execute(statement).one()
    first = len(states)
    return Counts(
        dict(zip(Status, totals[:first], strict=True)),
        {**dict(zip(simple, totals[first:-1], strict=True)), Wait.DOCUMENTS: totals[-1]},
    )


def _conditions(filters: ReviewFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if filters.state:
        yield Exhibitor.status == Status(filters.state)
    elif not filters.text:
        yield Exhibitor.status != Status.DRAFT
    if filters.sector:
        yield Exhibitor.sector == Sector(filters.sector)
    if filters.kind:
        yield Exhibitor.kind == OrganisationKind(filters.kind)
    if filters.theme is not None:
        themed = select(exhibitor_themes.c.exhibitor_id)
        yield Exhibitor.id.in_(themed.where(exhibitor_themes.c.theme_id == filters.theme))
    if filters.hall is not None:
        yield Stand.hall_id == filters.hall
    if filters.stand == "with":
        yield Exhibitor.stand_id.is_not(None)
    elif filters.stand == "without":
        yield Exhibitor.stand_id.is_(None)
    if filters.waits:
        yield waits_for_organiser(Wait(filters.waits), now)
    if filters.text:
        yield or_(_matches_text(filters.text), Exhibitor.id.in_(filters.near))


def with_near_names(edition_id: int, filters: ReviewFilter) -> ReviewFilter:
    """Return filters widened to near names when no exhibitor matches the text exactly."""
    if not filters.text:
        return filters
    in_edition = Exhibitor.edition_id == edition_id
    exact = select(Exhibitor.id).outerjoin(Stand, Stand.id == Exhibitor.stand_id)
    if (
        current_session().scalar(exact.where(in_edition, _matches_text(filters.text)).limit(1))
        is not None
    ):
        return filters
    return replace(filters, near=tuple(near_exhibitors(in_edition, filters.text)))


def _matches_text(text: str) -> ColumnElement[bool]:
    """Match a name, SIRET, stand number, or the name or address of a contact."""
    digits = "".join(text.split())
    key = folded(text)
    contact = select(Contact.exhibitor_id).where(
        or_(
            Contact.email_key.contains(email_key_of(text), autoescape=True),
            Contact.last_name.icontains(text, autoescape=True),
        )
    )
    ways = [Exhibitor.id.in_(contact), Stand.number == text.upper()]
    if key:
        ways.append(
            and_(*(Exhibitor.name_key.contains(word, autoescape=True) for word in key.split()))
        )
    if digits.isdecimal():
        ways.append(Exhibitor.siret.startswith(digits, autoescape=True))
    return or_(*ways)


def _order_of(filters: ReviewFilter) -> tuple[InstrumentedAttribute[Any], ...]:
    """Sort applications to study by arrival, ending offers by their end, else by name."""
    if filters.state == Status.SUBMITTED or filters.waits in (Wait.STUDY, Wait.RETURNED):
        return (Exhibitor.submitted_at, Exhibitor.id)
    if filters.waits == Wait.ENDING:
        return (Exhibitor.offer_expires_at, Exhibitor.id)
    return (Exhibitor.name_key, Exhibitor.id)


REVIEW = Listing(
    {
        "name": Column("Nom", Exhibitor.name_key),
        "city": Column("Commune", Exhibitor.city),
        "area": Column("Surface", Exhibitor.area),
        "submitted": Column("Arrivée", Exhibitor.submitted_at),
        "stand": Column("Stand", Hall.name, Stand.number),
    },
    ties=(Exhibitor.name_key, Exhibitor.id),
    key=Exhibitor.id,
)


def review_page(
    edition_id: int, filters: ReviewFilter, now: datetime, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of rows: only the columns that the list prints."""
    columns = select(
        Exhibitor.id,
        Exhibitor.name,
        Exhibitor.city,
        Exhibitor.sector,
        Exhibitor.area,
        Exhibitor.wants_corner,
        Exhibitor.power_kw,
        Exhibitor.status,
        Exhibitor.submitted_at,
        Exhibitor.offer_expires_at,
        Stand.number.label("stand_number"),
        Hall.name.label("hall_name"),
    )
    return REVIEW.page(exhibitors_statement(columns, edition_id, filters, now), request)


def exhibitors_statement(
    columns: Select[*Columns], edition_id: int, filters: ReviewFilter, now: datetime
) -> Select[*Columns]:
    """Return these columns of the exhibitors of a filter, in the order of the page."""
    filters = with_near_names(edition_id, filters)
    return (
        columns.select_from(Exhibitor)
        .outerjoin(Stand, Stand.id == Exhibitor.stand_id)
        .outerjoin(Hall, Hall.id == Stand.hall_id)
        .where(Exhibitor.edition_id == edition_id, *_conditions(filters, now))
        .order_by(*_order_of(filters))
    )


def filtered_exhibitors(
    edition_id: int, filters: ReviewFilter, now: datetime, request: PageRequest = FIRST_PAGE
) -> Iterator[Exhibitor]:
    """Yield every exhibitor of the filter in the order of the page."""
    statement = exhibitors_statement(select(Exhibitor.id), edition_id, filters, now)
    options = (*WITH_DETAILS, joinedload(Exhibitor.parent), *WITH_OPTIONS)
    return REVIEW.rows(statement, request, *options)


WITH_OPTIONS = (selectinload(Exhibitor.options).joinedload(WantedOption.item),)


def exhibitors_by_id(edition_id: int, ids: Sequence[int]) -> Sequence[Exhibitor]:
    """Return the exhibitors of `ids` that are in the edition, by name."""
    statement = select(Exhibitor).where(Exhibitor.edition_id == edition_id, Exhibitor.id.in_(ids))
    return current_session().scalars(statement.order_by(Exhibitor.name_key, Exhibitor.id)).all()


def history_of(exhibitor_id: int) -> Sequence[JournalEntry]:
    """Return the journal of an exhibitor, newest first; readings left out."""
    statement = (
        select(JournalEntry)
        .where(
            JournalEntry.subject == f"exhibitor:{exhibitor_id}",
            JournalEntry.action.not_like("%.read"),
        )
        .order_by(JournalEntry.id.desc())
    )
    return current_session().scalars(statement.limit(HISTORY)).all()


def document_counts(exhibitor_id: int) -> dict[DocumentStatus, int]:
    """Return the number of documents of an exhibitor in each state."""
    statement = (
        select(Document.status, func.count())
        .where(Document.exhibitor_id == exhibitor_id)
        .group_by(Document.status)
    )
    return dict(iter(current_session().execute(statement)))


def theme_choices(edition_id: int) -> dict[str, str]:
    """Return the themes of the edition: id → name."""
    statement = select(Theme.id, Theme.name).where(
        Theme.edition_id == edition_id, Theme.withdrawn_at.is_(None)
    )
    rows = sorted(current_session().execute(statement), key=lambda row: folded(row.name))
    return {str(key): name for key, name in rows}


def hall_choices(edition_id: int) -> dict[str, str]:
    """Return the halls of the edition: id → name."""
    statement = select(Hall.id, Hall.name).where(
        Hall.edition_id == edition_id, Hall.closed_at.is_(None)
    )
    return {
        str(key): name for key, name in current_session().execute(statement.order_by(Hall.name))
    }


def offers_ended(edition: Edition, now: datetime) -> Sequence[int]:
    """Return the ids of the exhibitors whose offer has ended."""
    statement = select(Exhibitor.id).where(
        Exhibitor.edition_id == edition.id,
        Exhibitor.status == Status.OFFERED,
        Exhibitor.offer_expires_at <= now,
    )
    return current_session().scalars(statement.order_by(Exhibitor.offer_expires_at)).all()
