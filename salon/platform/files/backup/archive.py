"""Backups: one sealed archive with the rows of every table and the files, on any database.

The archive is a zip file: a member of JSON lines for each table, the files of the store, and
manifest.json with the revision, the columns, the row counts and the SHA-256 of each member. The
comment of the zip is its seal, under the secret key, which is never in it: after a restore
elsewhere people sign in again, and organisers set up their second factor anew. It may be encrypted.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy import Connection, text

from salon.platform.database.db import db
from salon.platform.database.schema import current_revision
from salon.platform.files.backup.encryption import encrypt_backup, read_recipients
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
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.storage.store import FOLDERS


def backup(settings: Settings, file: Path, recipients: Path | None = None) -> None:
    """Write the archive, then rename it into place. Writers may go on meanwhile.

    `recipients`: a file of public keys of age, for which the archive is encrypted; the unencrypted
    file then stays in SALON_DATA. Raises BackupRefused.
    """
    if not file.resolve().parent.is_dir():
        raise BackupRefused(f"Le dossier {file.resolve().parent} n’existe pas.")
    keys = read_recipients(recipients) if recipients else []
    beside = file.resolve().parent
    with (
        TemporaryDirectory(prefix=".backup-", dir=beside) as place,
        TemporaryDirectory(prefix=".backup-", dir=settings.data if keys else place) as folder,
    ):
        draft = Path(folder) / "archive"
        _write_archive(settings, draft)
        write_seal(draft, settings.secret_key)
        if keys:
            encrypt_backup(draft, Path(place) / "encrypted", keys)
            draft = Path(place) / "encrypted"
        draft.chmod(0o600)
        draft.replace(file)
    _sync_folder(beside)


def _write_archive(settings: Settings, draft: Path) -> None:
    members: dict[str, str] = {}
    tables: dict[str, TableContent] = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with _snapshot(settings) as connection:
            revision = current_revision(connection)
            if revision is None:
                raise BackupRefused("La base n’est pas migrée : salon migrate")
            for shape in shapes_of(connection):
                name = member_of(shape.name)
                with archive.open(name, "w", force_zip64=True) as member:
                    rows, members[name] = write_rows(connection, shape, member.write)
                tables[shape.name] = TableContent(shape.kinds, rows)
        for name in file_names(settings):
            try:
                with open_file(settings, name) as source:
                    members[name] = _put(archive, name, source)
            except FileNotFoundError:
                continue  # deleted since it was listed
        manifest = Manifest(FORMAT, revision, real_now().isoformat(), tables, members)
        archive.writestr(MANIFEST, manifest.text())
        archive.comment = b"0" * SEAL_LENGTH


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
