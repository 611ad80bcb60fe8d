"""Backups: one sealed archive with the rows of every table and the files, on any database.

The archive is a zip file: a member of JSON lines for each table, the files of the store, and
manifest.json with the revision, the columns, the row counts and the SHA-256 of each member. The
comment of the zip is its seal, under the secret key, which is never in it: after a restore
elsewhere people sign in again, and organisers set up their second factor anew. It may be encrypted.
"""

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

from sqlalchemy import Connection, text

from salon.platform.database.db import db
from salon.platform.database.schema import current_revision
from salon.platform.files.backup.encryption import encrypt_backup, read_recipients
from salon.platform.files.backup.leftovers import temporary_folder
from salon.platform.files.backup.manifest import (
    FORMAT,
    LOCAL_FILES,
    MANIFEST,
    Manifest,
    TableContent,
    member_of,
)
from salon.platform.files.backup.seal import BLOCK, SEAL_LENGTH, BackupRefused, write_seal
from salon.platform.files.backup.tables import shapes_of, write_rows
from salon.platform.files.uploads import FOLDER, STORED_NAME
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.storage.store import FOLDERS
from salon.platform.words.formats import plural

NAMED_FILE = re.compile(f'"({STORED_NAME.pattern})"'.encode())
"""A text of a row that is the name of an upload."""


def backup(settings: Settings, file: Path, recipients: Path | None = None) -> list[str]:
    """Write the archive, then rename it into place. Writers may go on meanwhile.

    Return the uploads that rows name and that are not stored: without them the archive is
    incomplete. `recipients`: a file of public keys of age, for which the archive is encrypted; the
    unencrypted one is then a file of SALON_DATA without a name, which ends with the process. Raises
    BackupRefused.
    """
    if not file.resolve().parent.is_dir():
        raise BackupRefused(f"Le dossier {file.resolve().parent} n’existe pas.")
    keys = read_recipients(recipients) if recipients else []
    beside = file.resolve().parent
    with temporary_folder(".backup-", beside) as folder:
        draft = folder / "archive"
        with TemporaryFile(dir=settings.data) if keys else draft.open("w+b") as plain:
            lost = _write_archive(settings, cast(BinaryIO, plain))
            write_seal(plain, settings.secret_key)
            if keys:
                encrypt_backup(plain, draft, keys)
        draft.chmod(0o600)
        draft.replace(file)
    _sync_folder(beside)
    return lost


def _write_archive(settings: Settings, target: BinaryIO) -> list[str]:
    """Write the files, then the rows, then the files that came meanwhile; return the lost ones.

    A file is saved before its row and deleted after it. Were rows read first, a file deleted before
    it is copied would be named by its row and lacking.
    """
    members: dict[str, str] = {}
    tables: dict[str, TableContent] = {}
    named: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _put_files(archive, settings, members)
        with _snapshot(settings) as connection:
            revision = current_revision(connection)
            if revision is None:
                raise BackupRefused("La base n’est pas migrée : salon migrate")
            for shape in shapes_of(connection):
                name = member_of(shape.name)
                with archive.open(name, "w", force_zip64=True) as member:
                    write = _writer(member, named)
                    rows, members[name] = write_rows(connection, shape, write)
                tables[shape.name] = TableContent(shape.kinds, rows)
        _put_files(archive, settings, members)
        manifest = Manifest(FORMAT, revision, real_now().isoformat(), tables, members)
        archive.writestr(MANIFEST, manifest.text())
        archive.comment = b"0" * SEAL_LENGTH
    return sorted(named - members.keys())


def _writer(member: IO[bytes], named: set[str]) -> Callable[[bytes], object]:
    """Return a function that writes a block of rows and notes the uploads that they name."""

    def write(block: bytes) -> None:
        named.update(uploads_in(block))
        member.write(block)

    return write


def uploads_in(rows: bytes) -> Iterator[str]:
    """Return the uploads that rows of an archive name, with their folder."""
    return (f"{FOLDER}/{name.decode()}" for name in NAMED_FILE.findall(rows))


def words_of_lost(uploads: Sequence[str]) -> str:
    """Return the French words for uploads that rows name and that an archive lacks."""
    is_are = ("fichier que la base nomme n’y est pas", "fichiers que la base nomme n’y sont pas")
    return f"{plural(len(uploads), *is_are)} ({uploads[0]}…)"


def _put_files(archive: zipfile.ZipFile, settings: Settings, members: dict[str, str]) -> None:
    """Add the files that are not in the archive yet."""
    for name in file_names(settings):
        if name not in members:
            try:
                with open_file(settings, name) as source:
                    members[name] = _put(archive, name, source)
            except FileNotFoundError:
                continue  # deleted since it was listed


@contextmanager
def _snapshot(settings: Settings) -> Iterator[Connection]:
    """Yield a connection that reads one consistent moment of the database, while others write."""
    if settings.is_sqlite:
        path = Path(db.engine.url.database or "")
        if not path.exists():
            raise BackupRefused(f"Il n’y a pas de base à {path}.")
        with db.engine.connect() as connection:
            yield connection
        return
    with db.engine.connect() as connection:
        connection = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {name} = 0"))
        yield connection


def file_names(settings: Settings) -> list[str]:
    """Return the names of the files that an archive holds of a place."""
    store = settings.file_store
    stored_names = [facts.name for folder in FOLDERS for facts in store.files_in(folder)]
    return [*(name for name in LOCAL_FILES if (settings.data / name).is_file()), *stored_names]


def open_file(settings: Settings, name: str) -> IO[bytes]:
    """Open a file of `file_names`. Raises FileNotFoundError."""
    if name in LOCAL_FILES:
        return (settings.data / name).open("rb")
    return settings.file_store.open(name).stream


def _put(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> str:
    """Add a file to the archive; return its SHA-256."""
    with archive.open(name, "w", force_zip64=True) as member:
        return copy_digested(source, member)


def copy_digested(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy a stream; return its SHA-256."""
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
