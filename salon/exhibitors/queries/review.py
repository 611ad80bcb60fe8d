"""The organiser's list of exhibitors: filter, page, counts, history of one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_sqlalchemy.pagination import SelectPagination
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

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
from salon.exhibitors.queries.exhibitors import WHOLE
from salon.exhibitors.queries.near import near_exhibitors
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.db import current_session, db
from salon.platform.journal import JournalEntry
from salon.platform.texts import folded

PAGE = 50
CHUNK = 200
HISTORY = 200
ENDING_SOON = timedelta(days=3)
Status = ApplicationStatus


class Wait(StrEnum):
    """What waits for an organiser."""

    STUDY = "study"
    RETURNED = "returned"
    ENDING = "ending"
    DOCUMENTS = "documents"
    NO_STAND = "no_stand"


@dataclass(frozen=True)
class ReviewFilter:
    """What the list is narrowed to; drafts show only when searched or asked for.

    `near`: exhibitors that answer the text although it is not quite theirs.
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

    def as_dict(self) -> dict[str, Any]:
        """What is set, for the journal."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Counts:
    """How many exhibitors are in each state, and how many things wait for an organiser."""

    by_state: dict[Status, int] = field(default_factory=dict)
    waits: dict[Wait, int] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many the list shows when nothing is asked."""
        return sum(count for state, count in self.by_state.items() if state != Status.DRAFT)


class RowPagination(SelectPagination):
    """Pages of rows of columns; no object is made."""

    def _query_items(self) -> list[Any]:
        wanted = self._query_args["select"].limit(self.per_page).offset(self._query_offset)
        return list(self._query_args["session"].execute(wanted))

    def _query_count(self) -> int:
        counted = self._query_args["select"].with_only_columns(func.count()).order_by(None)
        return int(self._query_args["session"].scalar(counted))


def has_document_to_check() -> ColumnElement[bool]:
    return (
        select(Document.id)
        .where(Document.exhibitor_id == Exhibitor.id, Document.status == DocumentStatus.WAITING)
        .exists()
    )


def waits_for_organiser(wait: Wait, now: datetime) -> ColumnElement[bool]:
    """Whether a row of exhibitors waits for an organiser in this way."""
    submitted = Exhibitor.status == Status.SUBMITTED
    back = Exhibitor.status_at > func.coalesce(Exhibitor.submitted_at, Exhibitor.status_at)
    if wait == Wait.STUDY:
        return and_(submitted, ~back)
    if wait == Wait.RETURNED:
        return and_(submitted, back)
    if wait == Wait.ENDING:
        ends = Exhibitor.offer_expires_at <= now + ENDING_SOON
        return and_(Exhibitor.status == Status.OFFERED, ends)
    if wait == Wait.DOCUMENTS:
        return has_document_to_check()
    no_stand = and_(Exhibitor.stand_id.is_(None), Exhibitor.area > 0)
    return and_(Exhibitor.status == Status.ACCEPTED, no_stand)


def counts_of(edition_id: int, now: datetime) -> Counts:
    """Counts of the edition, in one query."""
    states = [func.count().filter(Exhibitor.status == state) for state in Status]
    simple = [wait for wait in Wait if wait != Wait.DOCUMENTS]
    waits = [func.count().filter(waits_for_organiser(wait, now)) for wait in simple]
    documents = (
        select(func.count(Document.id))
        .join(Document.exhibitor)
        .where(Exhibitor.edition_id == edition_id, Document.status == DocumentStatus.WAITING)
        .scalar_subquery()
    )
    wanted = select(*states, *waits, documents).where(Exhibitor.edition_id == edition_id)
    found = current_session().execute(wanted).one()
    first = len(states)
    return Counts(
        dict(zip(Status, found[:first], strict=True)),
        {**dict(zip(simple, found[first:-1], strict=True)), Wait.DOCUMENTS: found[-1]},
    )


def _conditions(wanted: ReviewFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield Exhibitor.status == Status(wanted.state)
    elif not wanted.text:
        yield Exhibitor.status != Status.DRAFT
    if wanted.sector:
        yield Exhibitor.sector == Sector(wanted.sector)
    if wanted.kind:
        yield Exhibitor.kind == OrganisationKind(wanted.kind)
    if wanted.theme is not None:
        themed = select(exhibitor_themes.c.exhibitor_id)
        yield Exhibitor.id.in_(themed.where(exhibitor_themes.c.theme_id == wanted.theme))
    if wanted.hall is not None:
        yield Stand.hall_id == wanted.hall
    if wanted.stand == "with":
        yield Exhibitor.stand_id.is_not(None)
    elif wanted.stand == "without":
        yield Exhibitor.stand_id.is_(None)
    if wanted.waits:
        yield waits_for_organiser(Wait(wanted.waits), now)
    if wanted.text:
        yield or_(_says(wanted.text), Exhibitor.id.in_(wanted.near))


def forgiving(edition_id: int, filters: ReviewFilter) -> ReviewFilter:
    """Return filters that keep the exhibitors whose name is near the text, when it is nobody's."""
    if not filters.text:
        return filters
    whole = Exhibitor.edition_id == edition_id
    exact = select(Exhibitor.id).outerjoin(Stand, Stand.id == Exhibitor.stand_id)
    if current_session().scalar(exact.where(whole, _says(filters.text)).limit(1)) is not None:
        return filters
    return replace(filters, near=tuple(near_exhibitors(whole, filters.text)))


def _says(text: str) -> ColumnElement[bool]:
    """Name, SIRET, stand number, or name or address of a contact."""
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


def _in_order(wanted: ReviewFilter) -> tuple[Any, ...]:
    """The first come first when they wait to be studied, else by name."""
    if wanted.state == Status.SUBMITTED or wanted.waits in (Wait.STUDY, Wait.RETURNED):
        return (Exhibitor.submitted_at, Exhibitor.id)
    if wanted.waits == Wait.ENDING:
        return (Exhibitor.offer_expires_at, Exhibitor.id)
    return (Exhibitor.name_key, Exhibitor.id)


def review_page(edition_id: int, wanted: ReviewFilter, now: datetime, page: int) -> Any:
    """A page of PAGE rows (a Pagination): only the columns that the list prints."""
    columns: Any = select(
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
    found = _narrowed(columns, edition_id, wanted, now).order_by(*_in_order(wanted))
    return RowPagination(
        select=found,
        session=db.session(),
        page=page,
        per_page=PAGE,
        max_per_page=PAGE,
        error_out=False,
    )


def _narrowed(columns: Any, edition_id: int, wanted: ReviewFilter, now: datetime) -> Any:
    wanted = forgiving(edition_id, wanted)
    return (
        columns.select_from(Exhibitor)
        .outerjoin(Stand, Stand.id == Exhibitor.stand_id)
        .outerjoin(Hall, Hall.id == Stand.hall_id)
        .where(Exhibitor.edition_id == edition_id, *_conditions(wanted, now))
    )


def exhibitors_in_chunks(
    edition_id: int, wanted: ReviewFilter, now: datetime
) -> Iterator[Exhibitor]:
    """Every exhibitor of the filter in order, whole, CHUNK in memory at a time."""
    found = _narrowed(select(Exhibitor.id), edition_id, wanted, now)
    ids = current_session().scalars(found.order_by(*_in_order(wanted))).all()
    whole = (*WHOLE, joinedload(Exhibitor.parent), *WITH_OPTIONS)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = current_session().scalars(
            select(Exhibitor).where(Exhibitor.id.in_(part)).options(*whole)
        )
        by_id = {one.id: one for one in rows.unique()}
        yield from (by_id[one] for one in part if one in by_id)
        current_session().expunge_all()


WITH_OPTIONS = (selectinload(Exhibitor.options).joinedload(WantedOption.item),)


def exhibitors_by_id(edition_id: int, ids: Sequence[int]) -> Sequence[Exhibitor]:
    """Those of `ids` that are in the edition, by name."""
    wanted = select(Exhibitor).where(Exhibitor.edition_id == edition_id, Exhibitor.id.in_(ids))
    return current_session().scalars(wanted.order_by(Exhibitor.name_key, Exhibitor.id)).all()


def history_of(exhibitor_id: int) -> Sequence[JournalEntry]:
    """What was done to an exhibitor, newest first; readings left out."""
    wanted = (
        select(JournalEntry)
        .where(
            JournalEntry.subject == f"exhibitor:{exhibitor_id}",
            JournalEntry.action.not_like("%.read"),
        )
        .order_by(JournalEntry.id.desc())
    )
    return current_session().scalars(wanted.limit(HISTORY)).all()


def document_counts(exhibitor_id: int) -> dict[DocumentStatus, int]:
    """How many documents of an exhibitor are in each state."""
    wanted = (
        select(Document.status, func.count())
        .where(Document.exhibitor_id == exhibitor_id)
        .group_by(Document.status)
    )
    return dict(iter(current_session().execute(wanted)))


def theme_choices(edition_id: int) -> dict[str, str]:
    """Themes of the edition: id → name."""
    wanted = select(Theme.id, Theme.name).where(Theme.edition_id == edition_id)
    return {str(key): name for key, name in current_session().execute(wanted.order_by(Theme.name))}


def hall_choices(edition_id: int) -> dict[str, str]:
    """Halls of the edition: id → name."""
    wanted = select(Hall.id, Hall.name).where(Hall.edition_id == edition_id)
    return {str(key): name for key, name in current_session().execute(wanted.order_by(Hall.name))}


def offers_ended(edition: Edition, now: datetime) -> Sequence[int]:
    """The exhibitors whose offer has ended."""
    wanted = select(Exhibitor.id).where(
        Exhibitor.edition_id == edition.id,
        Exhibitor.status == Status.OFFERED,
        Exhibitor.offer_expires_at <= now,
    )
    return current_session().scalars(wanted.order_by(Exhibitor.offer_expires_at)).all()
