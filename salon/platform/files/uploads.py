"""Files uploaded by exhibitors: logos re-encoded, documents checked, names made safe.

A logo is never stored as it came: it is decoded and re-encoded. A document is stored as it came,
under a random name, and leaves as an attachment, or a PDF in the frame of an organiser's page.
"""

import hashlib
import logging
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from salon.platform.database.db import after_commit
from salon.platform.storage.store import FileStore, FilesUnreachable
from salon.platform.words.errors import RuleBroken
from untrusted_files import FileRefused
from untrusted_files.apart import Task, read_apart

FOLDER = "uploads"
MAX_NAME = 100
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
STORED_NAME = re.compile(r"[0-9a-f]{32}\.(?:webp|pdf|jpg|png)")

FileRow = TypeVar("FileRow")

log = logging.getLogger("salon")


@dataclass(frozen=True)
class SentFile:
    """A document as it was sent. `name`: as its sender named it."""

    content: bytes
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class LogoRefused(RuleBroken):
    status = 400


class DocumentRefused(RuleBroken):
    status = 400


class StorageAway(RuleBroken):
    status = 503
    message = "Le stockage des fichiers ne répond pas : rien n’a été enregistré. Recommencez."


class StorageFull(RuleBroken):
    status = 507
    message = "L’espace de stockage est plein : rien n’a été enregistré. Prévenez l’organisation."


def read_logo(content: bytes, task: Task = Task.LOGO) -> bytes:
    """Return a logo, or a picture of `task`, re-encoded as WebP, without metadata.

    Raises LogoRefused.
    """
    try:
        return read_apart(task, content)
    except FileRefused as refusal:
        raise LogoRefused(refusal.message) from None


def check_document(content: bytes, name: str) -> str:
    """Return the media type of a PDF, JPEG or PNG that opens. Raises DocumentRefused."""
    is_named_pdf = name.lower().endswith(".pdf")
    try:
        task = Task.DOCUMENT_NAMED_PDF if is_named_pdf else Task.DOCUMENT
        return read_apart(task, content).decode()
    except FileRefused as refusal:
        raise DocumentRefused(refusal.message) from None


def save_document(
    store: FileStore,
    sent: SentFile,
    make_row: Callable[..., FileRow],
    save_row: Callable[[FileRow], FileRow],
) -> FileRow:
    """Check a document, write it, then save its row; remove it unless that very row is saved.

    `save_row` returns the row, or the one of the first submission. Raises DocumentRefused,
    StorageFull, StorageAway.
    """
    media_type = check_document(sent.content, sent.name)
    stored_name = save_file(store, sent.content, SUFFIXES[media_type])
    columns: dict[str, object] = {
        "name": clean_name(sent.name, media_type),
        "stored_name": stored_name,
        "media_type": media_type,
        "size": len(sent.content),
    }
    row = make_row(**columns)
    with removed_unless_saved(store, stored_name):
        saved_row = save_row(row)
    if saved_row is not row:
        remove_file(store, stored_name)
    return saved_row


@contextmanager
def removed_unless_saved(store: FileStore, *stored_names: str) -> Iterator[None]:
    """Save the rows that name uploads just written; remove these when the rows are refused.

    A database whose connection is lost may have saved them: the uploads are left to the sweep,
    which removes what no row names.
    """
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, DBAPIError) and error.connection_invalidated):
            for stored_name in stored_names:
                remove_file(store, stored_name)
        raise


def save_file(store: FileStore, content: bytes, suffix: str) -> str:
    """Write a file under uploads/ with a random name, down to the disk; return this name.

    Raises StorageFull, StorageAway.
    """
    stored_name = secrets.token_hex(16) + suffix
    try:
        store.save(upload(stored_name), BytesIO(content))
    except FilesUnreachable as error:
        log.error("a file is not written: %s", error)
        raise StorageAway from error
    except OSError as error:
        raise StorageFull from error
    return stored_name


def upload(stored_name: str) -> str:
    """Return the name of an upload in its store. Raises ValueError for a name not given by
    `save_file`."""
    if not STORED_NAME.fullmatch(stored_name):
        raise ValueError(f"not a stored name: {stored_name!r}")
    return f"{FOLDER}/{stored_name}"


def remove_file(store: FileStore, stored_name: str) -> None:
    """Remove an upload, whose row is gone. Idempotent; "" is none."""
    if stored_name:
        delete_unnamed(store, upload(stored_name))


def remove_file_after_commit(session: Session, store: FileStore, stored_name: str) -> None:
    """Remove an upload once the deletion of its row is committed."""
    after_commit(session, partial(remove_file, store, stored_name))


def delete_unnamed(store: FileStore, name: str) -> None:
    """Delete a file that no row names; one that cannot be deleted now is left for the sweep."""
    try:
        store.delete(name)
    except OSError as error:
        log.error("%s is left for the sweep: %s", name, error)


def clean_name(name: str, media_type: str = "") -> str:
    """Return a name fit for a download: no folder, no invisible character, at most MAX_NAME
    characters.

    Its extension is that of the checked `media_type`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        character if unicodedata.category(character)[0] != "C" else " " for character in last
    )
    stem = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%;]', " ", visible)).strip(" .")
    suffix = SUFFIXES.get(media_type, "")
    if suffix:
        stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem).strip(" .")
    return (stem[: MAX_NAME - len(suffix)].strip(" .") or "document") + suffix


def attachment(name: str) -> str:
    """Return the Content-Disposition of a download (RFC 6266): an ASCII name, then the true one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\]', "", plain).strip() or "document"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
