"""Documents attached to an appointment, stored as they were sent."""

from functools import partial

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import Appointment, AppointmentDocument
from salon.appointments.queries.appointments import count_documents, get_document_of
from salon.appointments.rules.booking import check_is_live
from salon.appointments.rules.documents import check_has_room
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.files.uploads import SentFile, remove_file, save_document
from salon.platform.storage.store import FileStore


def join_document(
    act: Act, appointment: Appointment, sent: SentFile, store: FileStore, key: str
) -> AppointmentDocument:
    """Attach a PDF, JPEG or PNG to an appointment. Idempotent by `key`.

    Raises DocumentRefused, StorageFull, NoLongerLive, TooManyDocuments, SubmissionDiffers.
    """
    make_row = partial(
        AppointmentDocument,
        appointment_id=appointment.id,
        sha256=sent.sha256,
        uploaded_at=act.now,
    )
    return save_document(
        store, sent, make_row, lambda document: _save_document(act, appointment, document, key)
    )


def remove_document(act: Act, appointment: Appointment, document_id: int, store: FileStore) -> str:
    """Remove a document of a live appointment, row then file; return its name.

    Raises NoResultFound for a document of another appointment, NoLongerLive.
    """
    with act.transaction(appointment) as session:
        document = get_document_of(appointment.id, document_id)
        check_is_live(appointment)
        name, stored_name = document.name, document.stored_name
        session.delete(document)
        subject = f"appointment:{appointment.id}"
        write_entry(
            session, act.actor, AppointmentAction.DOCUMENT_REMOVED, subject, document=document.id
        )
    remove_file(store, stored_name)
    return name


def _save_document(
    act: Act, appointment: Appointment, document: AppointmentDocument, key: str
) -> AppointmentDocument:
    """Insert the row, or return the one of the first submission of `key`."""
    content = {"join": appointment.id, "sha256": document.sha256}
    with act.transaction(appointment) as session:
        if earlier := earlier_row(session, AppointmentDocument, key, content):
            return earlier
        check_is_live(appointment)
        check_has_room(count_documents(appointment.id))
        save_new_row(session, key, document)
        details = {"document": document.id, "sha256": document.sha256}
        subject = f"appointment:{appointment.id}"
        write_entry(session, act.actor, AppointmentAction.DOCUMENT_JOINED, subject, **details)
    return document
