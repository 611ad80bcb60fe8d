"""Files uploaded by exhibitors: logos re-encoded, documents checked, names made safe.

A logo is never stored as it came: it is decoded and re-encoded. A document is stored as it came,
under a random name, and leaves as an attachment, or a PDF in the frame of an organiser's page.
"""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from salon.platform.errors import RuleBroken
from untrusted_files import FileRefused
from untrusted_files.apart import Task, read_apart

FOLDER = "uploads"
MAX_NAME = 100
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
STORED_NAME = re.compile(r"[0-9a-f]{32}\.(?:webp|pdf|jpg|png)")

FileRow = TypeVar("FileRow")


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


class StorageFull(RuleBroken):
    status = 507
    message = "L’espace de stockage est plein : rien n’a été enregistré. Prévenez l’organisation."


def read_logo(content: bytes) -> bytes:
    """Return the logo re-encoded as WebP, without metadata. Raises LogoRefused."""
    try:
        return read_apart(Task.LOGO, content)
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
    data: Path,
    sent: SentFile,
    make_row: Callable[..., FileRow],
    save_row: Callable[[FileRow], FileRow],
) -> FileRow:
    """Check a document, write it, then save its row; remove it unless that very row is saved.

    `save_row` returns the row, or the one of the first submission. Raises DocumentRefused,
    StorageFull.
    """
    media_type = check_document(sent.content, sent.name)
    stored_name = save_file(data, sent.content, SUFFIXES[media_type])
    columns: dict[str, Any] = {
        "name": clean_name(sent.name, media_type),
        "stored_name": stored_name,
        "media_type": media_type,
        "size": len(sent.content),
    }
    row, saved = make_row(**columns), None
    try:
        saved = save_row(row)
    finally:
        if saved is not row:
            remove_file(data, stored_name)
    return saved


def save_file(data: Path, content: bytes, suffix: str) -> str:
    """Write a file under uploads/ with a random name, down to the disk; return this name."""
    folder = data / FOLDER
    stored_name = secrets.token_hex(16) + suffix
    path = file_path(data, stored_name)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            _sync(folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageFull from error
    return stored_name


def file_path(data: Path, stored_name: str) -> Path:
    """Return the path of a stored file. Raises ValueError for a name not given by `save_file`."""
    if not STORED_NAME.fullmatch(stored_name):
        raise ValueError(f"not a stored name: {stored_name!r}")
    return data / FOLDER / stored_name


def remove_file(data: Path, stored_name: str) -> None:
    """Remove a stored file. Idempotent."""
    if stored_name:
        file_path(data, stored_name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
