"""Erasure of a person in appointments: cancel those to come, blank the texts.

The freed times go to the waiting lists: a right does not wait for an agenda. Nobody is notified:
the person asked, and nothing is left to write to.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    AppointmentStatus,
    BookingRequest,
    BookingSettings,
    Hold,
    NextStep,
    Ticket,
    TicketStatus,
    WaitingEntry,
)
from salon.appointments.services.offering import process_waiting_lists
from salon.appointments.services.placing import end_appointment, lock_appointments
from salon.appointments.services.settings import get_or_create_settings
from salon.dashboard.queries.persons import Person
from salon.dashboard.services.purge_steps import ERASED_TOKEN, QUIETLY, blank_rows
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.files.uploads import remove_file_after_commit
from salon.platform.storage.store import FileStore


def settings_behind(person: Person) -> Sequence[BookingSettings]:
    """Return the BookingSettings to lock before freeing times, for the editions of the person (lock
    order)."""
    if not (person.appointment_ids or person.waiting_ids):
        return []
    editions = {attendee.edition_id for attendee in person.attendees}
    statement = select(Edition).where(Edition.id.in_(editions)).order_by(Edition.id)
    return [
        get_or_create_settings(edition) for edition in current_session().scalars(statement).all()
    ]


def end_meetings(
    act: Act, session: Session, person: Person, settings: Sequence[BookingSettings]
) -> None:
    """Cancel the person's appointments to come, leave the lists and serve the waiting lists, under
    locks."""
    _leave_lists(session, person, act.now)
    lock_appointments(session, person.appointment_ids)
    coming = or_(
        Appointment.status == AppointmentStatus.TO_CHOOSE,
        (Appointment.status == AppointmentStatus.BOOKED) & (Appointment.ends_at > act.now),
    )
    statement = select(Appointment).where(Appointment.id.in_(person.appointment_ids), coming)
    for appointment in session.scalars(statement.order_by(Appointment.id)).all():
        end_appointment(session, appointment, act.now)
        write_entry(
            session, act.actor, AppointmentAction.CANCELLED, f"appointment:{appointment.id}"
        )
    session.flush()
    for row in settings:
        edition = session.get_one(Edition, row.edition_id)
        if edition.is_current:
            process_waiting_lists(session, edition, row, act.now)
    session.flush()


def _leave_lists(session: Session, person: Person, now: datetime) -> None:
    ids = person.waiting_ids
    session.execute(delete(Hold).where(Hold.waiting_id.in_(ids)), execution_options=QUIETLY)
    session.execute(delete(WaitingEntry).where(WaitingEntry.id.in_(ids)), execution_options=QUIETLY)
    of_person = Ticket.attendee_id.in_(person.ids)
    live = (TicketStatus.WAITING, TicketStatus.CALLED)
    session.execute(
        update(Ticket)
        .where(of_person, Ticket.status.in_(live))
        .values(status=TicketStatus.LEFT, closed_at=now),
        execution_options=QUIETLY,
    )
    blank_rows(session, Ticket, of_person)


def forget_meetings(
    session: Session, person: Person, emails: Iterable[str], store: FileStore
) -> None:
    """Blank the person's texts, places on lists and promises, and their name on others' bookings.

    The private links stop working.
    """
    ids = person.appointment_ids
    for attendee in person.attendees:
        statement = delete(BookingRequest).where(
            BookingRequest.email_key == attendee.email_key,
            BookingRequest.name_key == attendee.name_key,
        )
        session.execute(statement, execution_options=QUIETLY)
    documents = AppointmentDocument.appointment_id.in_(ids)
    for name in session.scalars(select(AppointmentDocument.stored_name).where(documents)).all():
        remove_file_after_commit(session, store, name)
    session.execute(delete(AppointmentDocument).where(documents), execution_options=QUIETLY)
    blank_rows(session, NextStep, NextStep.appointment_id.in_(ids))
    token = literal(ERASED_TOKEN + secrets.token_hex(12)) + cast(Appointment.id, String)
    blank_rows(
        session,
        Appointment,
        Appointment.id.in_(ids),
        organisation="",
        private_token=token,
        version=Appointment.version + 1,
    )
    for table in (Appointment, WaitingEntry):
        session.execute(
            update(table)
            .where(func.lower(table.contact_email).in_(list(emails)))
            .values(contact_email=""),
            execution_options=QUIETLY,
        )
