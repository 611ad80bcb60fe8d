"""Reads of the documents attached to appointments."""

from sqlalchemy import func, select

from salon.appointments.models import AppointmentDocument
from salon.platform.db import current_session


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


def stored_names() -> set[str]:
    """Return the stored names of all documents, of every edition."""
    return set(current_session().scalars(select(AppointmentDocument.stored_name)))
