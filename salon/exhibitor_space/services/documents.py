"""Documents sent by exhibitors, and the organisers' answers."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitor_space.rules import check_answer, check_quota
from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
)
from salon.exhibitors.services.lifecycle import notify_exhibitor, refuse_unless_accepted
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import check_version
from salon.platform.files.uploads import SentFile, save_document
from salon.platform.storage.store import FileStore


@dataclass(frozen=True)
class Quota:
    """Limits for one exhibitor: number of documents, and bytes in all."""

    files: int
    size: int


@dataclass(frozen=True)
class Sending:
    """A file as sent: its purpose, and the key of its form.

    `task_id`: the added task that it answers.
    """

    kind: DocumentKind
    file: SentFile
    key: str
    task_id: int | None = None


def give_document(
    act: Act, exhibitor: Exhibitor, sending: Sending, quota: Quota, store: FileStore
) -> Document:
    """Save a document of an accepted exhibitor; it waits for an answer.

    Raises DocumentRefused, StorageFull, TooManyDocuments, TooMuchSent, NoLongerAccepted,
    SubmissionDiffers.
    """
    make_row = partial(
        Document,
        exhibitor_id=exhibitor.id,
        kind=sending.kind,
        task_id=sending.task_id,
        sha256=sending.file.sha256,
        uploaded_at=act.now,
        uploaded_by=act.actor.key,
    )
    return save_document(
        store,
        sending.file,
        make_row,
        lambda document: _save_document(act, exhibitor, document, quota, sending.key),
    )


def _save_document(
    act: Act, exhibitor: Exhibitor, document: Document, quota: Quota, key: str
) -> Document:
    """Add the row, or return the one added by the first sending of `key`."""
    names = ("exhibitor_id", "kind", "task_id", "sha256")
    content = {name: getattr(document, name) for name in names}
    with act.transaction(exhibitor) as session:
        if earlier := earlier_row(session, Document, key, content):
            return earlier
        refuse_unless_accepted(exhibitor)
        files, size = _sent_so_far(session, exhibitor.id)
        check_quota(files, size, document.size, quota.files, quota.size)
        save_new_row(session, key, document)
        details = {"document": document.id, "kind": document.kind, "sha256": document.sha256}
        write_entry(
            session, act.actor, SpaceAction.DOCUMENT_GIVEN, f"exhibitor:{exhibitor.id}", **details
        )
    return document


def _sent_so_far(session: Session, exhibitor_id: int) -> tuple[int, int]:
    """Return the number of documents of an exhibitor and their bytes."""
    count, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Document.size), 0)).where(
            Document.exhibitor_id == exhibitor_id
        )
    ).one()
    return int(count), int(size)


def answer_document(
    act: Act, document: Document, version: int, answer: DocumentStatus, reason: str
) -> None:
    """Accept a document, or refuse it with a reason; notify the exhibitor.

    Raises StaleVersion, ReasonMissing, AlreadyAnswered.
    """
    with act.transaction(document) as session:
        check_version(version, document.version)
        check_answer(document.status, answer, reason)
        document.status = answer
        document.reason = reason.strip() if answer == DocumentStatus.REFUSED else ""
        document.reviewed_at = act.now
        session.flush()
        exhibitor = session.get_one(Exhibitor, document.exhibitor_id)
        refused = answer == DocumentStatus.REFUSED
        if exhibitor.status == ApplicationStatus.ACCEPTED:
            notify_exhibitor(
                session,
                exhibitor,
                f"document_{answer}",
                document=document.label,
                file_name=document.name,
                why=document.reason,
                exhibitor_id=exhibitor.id,
            )
        write_entry(
            session,
            act.actor,
            SpaceAction(f"document.{answer}"),
            f"exhibitor:{exhibitor.id}",
            document=document.id,
            **({"reason": document.reason} if refused else {}),
        )
