"""Documents given by exhibitors, and the answers of the organisers."""

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
)
from salon.exhibitors.queries import space as queries
from salon.exhibitors.rules.documents import check_answer, check_is_accepted, check_quota
from salon.exhibitors.rules.versions import check_version
from salon.exhibitors.services.lifecycle import tell_exhibitor
from salon.platform.db import transaction
from salon.platform.files import (
    FOLDER,
    SUFFIXES,
    check_document,
    clean_name,
    remove_file,
    save_file,
)
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission

ORPHAN_AFTER = timedelta(days=1)
ORPHANS_AT_ONCE = 10

log = logging.getLogger("salon")


@dataclass(frozen=True)
class Quota:
    """The most that an exhibitor may have sent: documents, and bytes in all."""

    files: int
    size: int


@dataclass(frozen=True)
class Sending:
    """A file as it was sent: what it is for, its bytes, what the person called it."""

    kind: DocumentKind
    content: bytes
    name: str


def give_document(
    exhibitor: Exhibitor,
    sending: Sending,
    quota: Quota,
    data: Path,
    key: str,
    by: Identity,
    now: datetime,
) -> Document:
    """Keeps a document of an accepted exhibitor; it waits for an answer.

    The file is on the disk before its row, and goes if the row does not come. Raises
    DocumentRefused, TooManyDocuments, TooMuchSent, NoLongerAccepted, SubmissionDiffers.
    """
    media_type = check_document(sending.content, sending.name)
    stored_name = save_file(data, sending.content, SUFFIXES[media_type])
    document = Document(
        exhibitor_id=exhibitor.id,
        kind=sending.kind,
        name=clean_name(sending.name, media_type),
        stored_name=stored_name,
        media_type=media_type,
        size=len(sending.content),
        sha256=hashlib.sha256(sending.content).hexdigest(),
        uploaded_at=now,
        uploaded_by=by.key,
    )
    kept = None
    try:
        kept = _keep(exhibitor, document, quota, key, by)
    finally:
        if kept is not document:
            remove_file(data, stored_name)
    return kept


def _keep(
    exhibitor: Exhibitor, document: Document, quota: Quota, key: str, by: Identity
) -> Document:
    """Adds the row, or answers that of the first sending of `key`."""
    content = {"exhibitor": exhibitor.id, "kind": document.kind, "sha256": document.sha256}
    with transaction(exhibitor) as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return session.get_one(Document, int(earlier))
        check_is_accepted(exhibitor.status == ApplicationStatus.ACCEPTED)
        files, size = _sent_so_far(session, exhibitor.id)
        check_quota(files, size, document.size, quota.files, quota.size)
        session.add(document)
        session.flush()
        settle_submission(session, key, str(document.id))
        details = {"document": document.id, "kind": document.kind, "sha256": document.sha256}
        write_entry(session, by, "document.given", f"exhibitor:{exhibitor.id}", **details)
    return document


def _sent_so_far(session: Session, exhibitor_id: int) -> tuple[int, int]:
    """Documents and bytes that an exhibitor has here."""
    count, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Document.size), 0)).where(
            Document.exhibitor_id == exhibitor_id
        )
    ).one()
    return int(count), int(size)


def answer_document(
    document: Document,
    version: int,
    answer: DocumentStatus,
    reason: str,
    by: Identity,
    now: datetime,
) -> None:
    """Accepts a document, or refuses it with a reason; the exhibitor is written either way.

    Raises ChangedMeanwhile, ReasonMissing, AlreadyAnswered.
    """
    with transaction(document) as session:
        check_version(version, document.version)
        check_answer(document.status, answer, reason)
        document.status = answer
        document.reason = reason.strip() if answer == DocumentStatus.REFUSED else ""
        document.reviewed_at = now
        session.flush()
        exhibitor = session.get_one(Exhibitor, document.exhibitor_id)
        refused = answer == DocumentStatus.REFUSED
        if exhibitor.status == ApplicationStatus.ACCEPTED:
            tell_exhibitor(
                session,
                exhibitor,
                f"document_{answer}",
                document=document.kind.label,
                file_name=document.name,
                why=document.reason,
                exhibitor_id=exhibitor.id,
            )
        write_entry(
            session,
            by,
            f"document.{answer}",
            f"exhibitor:{exhibitor.id}",
            document=document.id,
            **({"reason": document.reason} if refused else {}),
        )


def remove_orphans(
    data: Path, now: datetime, others: Callable[[], Collection[str]] = frozenset
) -> int:
    """Deletes the files without a row that are older than ORPHAN_AFTER; answers how many.

    `now` is the time of the world: a file is dated by the disk. `others` answers the files that
    rows of other features name. Names are read after the folder, so that a file just given is never
    seen without its row.
    """
    folder = data / FOLDER
    if not folder.is_dir():
        return 0
    limit = (now - ORPHAN_AFTER).timestamp()
    old = [one for one in folder.iterdir() if one.is_file() and one.stat().st_mtime < limit]
    known = {*queries.stored_names(), *others()} if old else set()
    orphans = [one for one in old if one.name not in known]
    if len(orphans) > ORPHANS_AT_ONCE and 2 * len(orphans) > len(old):
        # An orphan is what a crash leaves: so many tell of another database than the files'.
        log.error("%d files of %d have no row: none is removed", len(orphans), len(old))
        return 0
    for one in orphans:
        one.unlink(missing_ok=True)
    return len(orphans)
