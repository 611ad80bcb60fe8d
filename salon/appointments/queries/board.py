"""Reads of the organiser's board: one page of appointments, and its counts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from salon.appointments.models import Appointment, AppointmentStatus, WaitingEntry
from salon.appointments.models.states import AppointmentState
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.queries.rescue import untended_appointments
from salon.appointments.queries.waiting import LIVE as WAITING
from salon.badges.models import Attendee, Commune, Epci
from salon.fair.models import Edition, PartnerBody, Theme
from salon.fair.queries import themes_of
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded
from salon.staffing.models import Agent

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class BoardFilter:
    """Filters of the board.

    `now`: when « Confirmé » becomes « À compléter »; `body_ids`: only agents of these bodies, None
    for all; `hour`: appointments starting within it.
    """

    now: datetime
    body_ids: Collection[int] | None = None
    text: str = ""
    body: int | None = None
    theme: int | None = None
    status: str = ""
    hour: datetime | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the filters in use, for the journal."""
        filters = {name: str(value) for name, value in asdict(self).items() if value}
        return {name: filters[name] for name in filters if name not in ("now", "body_ids")}


class BoardCounts(NamedTuple):
    """Counts of the board.

    `booked`: to come; `untended`: ids of those without an agent; `to_choose`: waiting for their
    visitor's choice; `waiting`: entries of the waiting lists.
    """

    booked: int
    untended: Sequence[int]
    to_choose: int
    waiting: int


def board_counts(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> BoardCounts:
    """Return the counts shown above the list."""
    booked = (Appointment.status == AppointmentStatus.BOOKED, Appointment.ends_at > now)
    statement = select(
        func.count(case((booked[0] & booked[1], Appointment.id))),
        func.count(case((Appointment.status == AppointmentStatus.TO_CHOOSE, Appointment.id))),
    ).join(Agent, Agent.id == Appointment.agent_id)
    booked_count, choosing = (
        current_session().execute(statement.where(*_of(edition.id, body_ids))).one()
    )
    lost = [appointment.id for appointment in untended_appointments(edition, now, body_ids)]
    waits = (
        select(func.count(WaitingEntry.id))
        .join(Theme, Theme.id == WaitingEntry.theme_id)
        .where(WaitingEntry.edition_id == edition.id, WaitingEntry.status.in_(WAITING))
    )
    if body_ids is not None:
        waits = waits.where(Theme.body_id.in_(body_ids))
    return BoardCounts(booked_count, lost, choosing, current_session().scalar(waits) or 0)


BOARD = Listing(
    {
        "time": Column("Heure", Appointment.starts_at),
        "theme": Column("Thème", Theme.name),
        "visitor": Column("Visiteur", Attendee.name_key),
        "agent": Column("Agent", Agent.name_key),
        "status": Column("État", Appointment.status),
    },
    sort="time",
    ties=(Appointment.starts_at, Appointment.id),
    key=Appointment.id,
)


def board_page(edition: Edition, filters: BoardFilter, request: PageRequest) -> Page:
    """Return a page of appointments, by time."""
    return BOARD.page(_select(edition.id, filters), request, *WITH_ALL)


def board_rows(
    edition: Edition, filters: BoardFilter, request: PageRequest
) -> Iterator[Appointment]:
    """Yield all filtered appointments in the order of the page."""
    return BOARD.rows(_select(edition.id, filters), request, *WITH_ALL)


def themes_shown(edition: Edition, body_ids: Collection[int] | None) -> Sequence[Theme]:
    """Return the themes of these bodies, in the order of the village."""
    return [theme for theme in themes_of(edition) if body_ids is None or theme.body_id in body_ids]


def _select(edition_id: int, filters: BoardFilter) -> Select[Appointment]:
    statement = (
        select(Appointment)
        .join(Agent, Agent.id == Appointment.agent_id)
        .join(Attendee, Attendee.id == Appointment.attendee_id)
        .join(Theme, Theme.id == Appointment.theme_id)
        .join(PartnerBody, PartnerBody.id == Agent.body_id)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .where(*_of(edition_id, filters.body_ids))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    for word in filters.text.split():
        statement = statement.where(_says(word))
    if filters.body is not None:
        statement = statement.where(Agent.body_id == filters.body)
    if filters.theme is not None:
        statement = statement.where(Appointment.theme_id == filters.theme)
    is_past = Appointment.ends_at <= filters.now
    if filters.status == AppointmentState.TO_COMPLETE:
        statement = statement.where(Appointment.status == AppointmentStatus.BOOKED, is_past)
    elif filters.status in list(AppointmentStatus):
        statement = statement.where(Appointment.status == AppointmentStatus(filters.status))
        if filters.status == AppointmentState.BOOKED:
            statement = statement.where(~is_past)
    if filters.hour is not None:
        hour = filters.hour
        statement = statement.where(
            hour <= Appointment.starts_at, Appointment.starts_at < hour + HOUR
        )
    return statement


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a word is in the visitor, the place, the agent or the subject."""
    key = folded(word)
    keys = (Attendee.name_key, Commune.search_key, Agent.name_key)
    texts = (Epci.name, Attendee.organisation, Appointment.subject)
    return or_(
        *(column.contains(key, autoescape=True) for column in keys if key),
        *(column.icontains(word, autoescape=True) for column in texts),
    )


def _of(edition_id: int, body_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Appointment.edition_id == edition_id]
    return conditions if body_ids is None else [*conditions, Agent.body_id.in_(body_ids)]
