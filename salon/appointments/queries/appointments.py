"""Reads of appointments and of the documents attached to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    AppointmentStatus,
    BookingRequest,
    Hold,
    VisitorClaim,
    WaitingEntry,
    WaitingStatus,
)
from salon.badges.models import Attendee, AttendeeStatus, Commune
from salon.fair.models import Edition, Stand, Theme
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.staffing.models import Agent

LIVE = (AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE)
WITH_ALL = (
    joinedload(Appointment.theme).joinedload(Theme.body),
    joinedload(Appointment.agent).joinedload(Agent.body),
    joinedload(Appointment.stand).joinedload(Stand.hall),
    joinedload(Appointment.stand).joinedload(Stand.body),
    joinedload(Appointment.attendee).joinedload(Attendee.commune).joinedload(Commune.epci),
    joinedload(Appointment.attendee).joinedload(Attendee.epci),
)
HOLD_OF_TOKEN = (
    select(Hold)
    .where(Hold.token == bindparam("token"))
    .options(
        joinedload(Hold.theme),
        joinedload(Hold.agent),
        joinedload(Hold.stand).joinedload(Stand.hall),
        joinedload(Hold.stand).joinedload(Stand.body),
    )
)


def get_appointment(edition: Edition, appointment_id: int) -> Appointment:
    """Return an appointment of the edition, fully loaded. Raises NoResultFound."""
    statement = appointments(edition).where(Appointment.id == appointment_id)
    return current_session().scalars(statement).one()


def find_appointment(appointment_id: int) -> Appointment | None:
    """Return an appointment of any edition, or None."""
    statement = select(Appointment).where(Appointment.id == appointment_id).options(*WITH_ALL)
    return current_session().scalars(statement).one_or_none()


def get_appointment_by_token(token: str) -> Appointment:
    """Return the appointment of a private link. Raises NoResultFound."""
    statement = select(Appointment).where(Appointment.private_token == token).options(*WITH_ALL)
    return current_session().scalars(statement).one()


def appointments(edition: Edition) -> Select[Appointment]:
    """Return a statement of all appointments of an edition, by time."""
    statement = select(Appointment).where(Appointment.edition_id == edition.id)
    return statement.options(*WITH_ALL).order_by(Appointment.starts_at, Appointment.id)


def appointments_of_ids(edition: Edition, ids: Collection[int]) -> Sequence[Appointment]:
    """Return these appointments of the edition, by time."""
    return current_session().scalars(appointments(edition).where(Appointment.id.in_(ids))).all()


def appointments_of_attendee(
    attendee_id: int, statuses: Collection[AppointmentStatus] = LIVE
) -> Sequence[Appointment]:
    """Return a visitor's appointments, by time."""
    statement = select(Appointment).where(
        Appointment.attendee_id == attendee_id, Appointment.status.in_(statuses)
    )
    statement = statement.options(*WITH_ALL).order_by(Appointment.starts_at, Appointment.id)
    return current_session().scalars(statement).all()


def appointments_cancelled_since(
    attendee_id: int, cancelled_at: datetime | None
) -> Sequence[Appointment]:
    """Return a visitor's appointments cancelled at this moment or later, by time; none if None."""
    if cancelled_at is None:
        return []
    cancelled = appointments_of_attendee(attendee_id, [AppointmentStatus.CANCELLED])
    return [
        appointment
        for appointment in cancelled
        if appointment.cancelled_at and appointment.cancelled_at >= cancelled_at
    ]


def live_appointments(edition: Edition, ending_after: datetime) -> Sequence[Appointment]:
    """Return the booked appointments that end after a moment, their visitor awaited, by time."""
    return _awaited(edition, Appointment.ends_at > ending_after)


def appointments_to_remind(
    edition: Edition, start: datetime, end: datetime
) -> Sequence[Appointment]:
    """Return the booked appointments with an awaited visitor that start in a period, by time.

    Both ends of the period are included.
    """
    return _awaited(edition, Appointment.starts_at.between(start, end))


def _awaited(edition: Edition, condition: ColumnElement[bool]) -> list[Appointment]:
    booked = appointments(edition).where(Appointment.status == AppointmentStatus.BOOKED, condition)
    rows = current_session().scalars(booked)
    return [appointment for appointment in rows if appointment.is_awaited]


def count_live_of_attendee(attendee_id: int, without: int | None = None) -> int:
    """Return how many live appointments a person has. `without`: an appointment left out."""
    return _count(Appointment.attendee_id == attendee_id, Appointment.id != (without or 0))


def count_live_for(attendee: Attendee, theme_id: int, without: int | None = None) -> int:
    """Return how many live appointments the same commune, EPCI or organisation has on a theme."""
    if attendee.commune_code is not None:
        same_place = Appointment.commune_code == attendee.commune_code
    elif attendee.epci_siren is not None:
        same_place = Appointment.epci_siren == attendee.epci_siren
    else:
        same_place = Appointment.organisation == attendee.organisation
    same_theme = Appointment.edition_id == attendee.edition_id, Appointment.theme_id == theme_id
    return _count(same_place, *same_theme, Appointment.id != (without or 0))


def _count(*conditions: object) -> int:
    statement = select(func.count()).select_from(Appointment).where(Appointment.status.in_(LIVE))
    return current_session().scalar(statement.where(*conditions)) or 0  # type: ignore[arg-type]


def busy_times_of_attendees(
    attendee_ids: Collection[int], now: datetime, without: Collection[int] = ()
) -> dict[int, set[datetime]]:
    """Return the starts of the five minutes claimed by each attendee, buffers included.

    `without`: appointments left out.
    """
    statement = (
        select(VisitorClaim.attendee_id, VisitorClaim.starts_at)
        .outerjoin(Hold, Hold.id == VisitorClaim.hold_id)
        .where(
            VisitorClaim.attendee_id.in_(attendee_ids),
            or_(VisitorClaim.hold_id.is_(None), Hold.expires_at > now),
            or_(VisitorClaim.appointment_id.is_(None), VisitorClaim.appointment_id.not_in(without)),
        )
    )
    busy_times: dict[int, set[datetime]] = {}
    for attendee_id, starts_at in current_session().execute(statement):
        busy_times.setdefault(attendee_id, set()).add(starts_at)
    return busy_times


def appointments_without_proposal(edition: Edition, now: datetime) -> Sequence[Appointment]:
    """Return the appointments to choose again that have no proposed time and no place in a list.

    Those whose visitor left the list are left out.
    """
    proposed = exists().where(Hold.appointment_id == Appointment.id, Hold.expires_at > now)
    waits = exists().where(
        WaitingEntry.attendee_id == Appointment.attendee_id,
        WaitingEntry.theme_id == Appointment.theme_id,
        WaitingEntry.status.in_((WaitingStatus.WAITING, WaitingStatus.OFFERED)),
    )
    left = exists().where(
        WaitingEntry.appointment_id == Appointment.id, WaitingEntry.status == WaitingStatus.LEFT
    )
    statement = appointments(edition).where(
        Appointment.status == AppointmentStatus.TO_CHOOSE, ~proposed, ~waits, ~left
    )
    registered = Attendee.status == AttendeeStatus.REGISTERED
    return current_session().scalars(statement.where(Appointment.attendee.has(registered))).all()


def count_holds_of(network: str, now: datetime) -> int:
    """Return how many live holds come from a network."""
    statement = select(func.count()).select_from(Hold).where(Hold.network == network)
    return current_session().scalar(statement.where(Hold.expires_at > now)) or 0


def get_request_by_token(token: str) -> BookingRequest:
    """Return the booking request of a confirmation link. Raises NoResultFound."""
    request = select(BookingRequest).where(BookingRequest.private_token == token)
    return current_session().scalars(request).one()


def find_hold(token: str) -> Hold | None:
    """Return a hold, live or expired, or None."""
    return current_session().scalars(HOLD_OF_TOKEN, {"token": token}).one_or_none()


def find_proposal(appointment: Appointment) -> Hold | None:
    """Return the time proposed for a lost appointment, or None."""
    return current_session().scalar(select(Hold).where(Hold.appointment_id == appointment.id))


def proposals_of(ids: Collection[int]) -> dict[int, Hold]:
    """Return the times proposed for lost appointments, by appointment id."""
    statement = select(Hold).where(Hold.appointment_id.in_(ids)).options(joinedload(Hold.agent))
    return {
        hold.appointment_id: hold
        for hold in current_session().scalars(statement)
        if hold.appointment_id
    }


def get_document_of(appointment_id: int, document_id: int) -> AppointmentDocument:
    """Return a document of this appointment. Raises NoResultFound."""
    statement = select(AppointmentDocument).where(
        AppointmentDocument.id == document_id,
        AppointmentDocument.appointment_id == appointment_id,
    )
    return current_session().scalars(statement).one()


def count_documents(appointment_id: int) -> int:
    statement = select(func.count()).where(AppointmentDocument.appointment_id == appointment_id)
    return current_session().scalar(statement) or 0


@across_editions()
def stored_names() -> set[str]:
    """Return the stored names of all documents, of every edition."""
    return set(current_session().scalars(select(AppointmentDocument.stored_name)))
