"""The queue of a stand: take a number, under a pessimistic lock on the stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import Appointment, Ticket, TicketStatus
from salon.appointments.queries import queue as queries
from salon.appointments.rules import queue as rules
from salon.appointments.rules.booking import NotRegistered
from salon.badges.models import Attendee, AttendeeStatus
from salon.fair.models import Edition, Stand
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.platform.settings.clock import local
from salon.platform.words.tokens import new_token


def take_ticket(act: FairAct, stand: Stand, attendee_id: int | None, key: str) -> Ticket:
    """Take the next number of a stand; `attendee_id` None: a paper ticket.

    A person keeps the number they already have; a visitor late for an appointment is placed from
    its start. Idempotent by `key`. Raises QueueClosed, NotRegistered, SubmissionDiffers.
    """
    rules.check_is_open(act.edition.days, act.now)
    late = queries.find_late_appointment(stand.id, attendee_id, act.now) if attendee_id else None
    with locked_queue(act, stand.id, late.id if late else None, attendee_id) as session:
        if earlier := earlier_row(session, Ticket, key, {"queue": stand.id, "who": attendee_id}):
            return earlier
        if attendee_id is not None:
            _check_is_registered(session, act.edition, attendee_id)
        ticket = _place_in_queue(session, act.edition, stand.id, attendee_id, late, act.now)
        write_entry(
            session,
            act.actor,
            AppointmentAction.TICKET_TAKEN,
            f"ticket:{ticket.id}",
            number=ticket.number,
        )
        settle_submission(session, key, str(ticket.id))
    return ticket


def place_late_visitor(act: Act, appointment: Appointment) -> Ticket:
    """Give a number to a late visitor, placed from the start of the appointment. Idempotent.

    The appointment does not change until the visitor is received. Raises QueueClosed, NotLate,
    NoLongerExpected.
    """
    edition, stand_id = appointment.edition, appointment.stand_id
    rules.check_is_open(edition.days, act.now)
    with locked_queue(act, stand_id, appointment.id, appointment.attendee_id) as session:
        rules.check_is_late(appointment, act.now)
        ticket = _place_in_queue(
            session, edition, stand_id, appointment.attendee_id, appointment, act.now
        )
        write_entry(
            session,
            act.actor,
            AppointmentAction.TICKET_PLACED,
            f"ticket:{ticket.id}",
            number=ticket.number,
        )
    return ticket


@contextmanager
def locked_queue(
    act: Act, stand_id: int, appointment_id: int | None = None, attendee_id: int | None = None
) -> Iterator[Session]:
    """Open a transaction that locks the queue of the stand.

    The locks are FOR NO KEY UPDATE, so that bookings and shifts of the stand do not wait. Lock
    order: appointment, attendee, stand.
    """
    with act.transaction() as session:
        for column, key in (
            (Appointment.id, appointment_id),
            (Attendee.id, attendee_id),
            (Stand.id, stand_id),
        ):
            if key is not None:
                statement = select(column).where(column == key)
                session.execute(statement.with_for_update(key_share=True)).one()
        session.expire_all()
        yield session


def _check_is_registered(session: Session, edition: Edition, attendee_id: int) -> None:
    statement = select(Attendee.status).where(
        Attendee.id == attendee_id, Attendee.edition_id == edition.id
    )
    if session.scalars(statement).one() != AttendeeStatus.REGISTERED:
        raise NotRegistered


def _place_in_queue(
    session: Session,
    edition: Edition,
    stand_id: int,
    attendee_id: int | None,
    late: Appointment | None,
    now: datetime,
) -> Ticket:
    """Return the ticket of the late appointment, else the live ticket, else a new one."""
    ticket = None
    if late is not None and late.status not in rules.HONOURABLE:
        late = None
    if late is not None:
        late.arrived_at = late.arrived_at or now
        ticket = session.scalar(select(Ticket).where(Ticket.appointment_id == late.id))
    if ticket is None and attendee_id is not None:
        ticket = queries.find_live_ticket(attendee_id, stand_id, local(now).date())
    if ticket is None:
        ticket = _new_ticket(session, edition, stand_id, attendee_id, now)
    if ticket.status not in queries.LIVE:
        ticket.status, ticket.closed_at = TicketStatus.WAITING, None
        ticket.called_at, ticket.called_by_id = None, None
    if late is not None and ticket.appointment_id in (None, late.id):
        ticket.appointment_id, ticket.theme_id = late.id, late.theme_id
        ticket.queued_from = min(ticket.queued_from, late.starts_at)
    session.flush()
    return ticket


def _new_ticket(
    session: Session, edition: Edition, stand_id: int, attendee_id: int | None, now: datetime
) -> Ticket:
    day_on = local(now).date()
    last = select(func.max(Ticket.number)).where(
        Ticket.stand_id == stand_id, Ticket.day_on == day_on
    )
    ticket = Ticket(
        edition_id=edition.id,
        stand_id=stand_id,
        day_on=day_on,
        number=(session.scalar(last) or 0) + 1,
        private_token=new_token(),
        attendee_id=attendee_id,
        status=TicketStatus.WAITING,
        taken_at=now,
        queued_from=now,
    )
    session.add(ticket)
    session.flush()
    return ticket
