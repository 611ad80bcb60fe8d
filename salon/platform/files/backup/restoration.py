"""Restore of an archive into an empty place: SQLite or PostgreSQL, whichever wrote it.

Rows are loaded at the revision of the archive, then migrated to this code's, in one transaction.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

from sqlalchemy import Connection

from salon.platform.database.db import db
from salon.platform.database.edition_walls import retention
from salon.platform.database.schema import (
    check_revision_exists,
    current_revision,
    has_revision,
    migrate,
    schema_locked,
)
from salon.platform.files.backup.archive import file_names, open_file
from salon.platform.files.backup.encryption import decrypt_backup, is_encrypted, read_identities
from salon.platform.files.backup.manifest import LOCAL_FILES, Manifest, member_of, read_manifest
from salon.platform.files.backup.seal import BLOCK, BackupRefused, UnknownSeal, check_seal
from salon.platform.files.backup.tables import (
    TableShape,
    check_integrity,
    empty,
    load_rows,
    move_sequences,
    row_counts,
    shapes_of,
)
from salon.platform.settings.installation import Settings


@dataclass(frozen=True)
class OpenArchive:
    """An archive whose seal and members were checked."""

    zip: zipfile.ZipFile
    manifest: Manifest


def restore(
    settings: Settings,
    file: Path,
    identity: Path | None = None,
    accept_unknown_seal: bool = False,
) -> dict[str, int]:
    """Restore into an empty place; return the rows of each table.

    `identity`: a file of private keys, for an encrypted archive. When anything is refused, nothing
    is written. Raises BackupRefused; UnknownSeal, unless accepted, when another key sealed it.
    """
    with opened_archive(settings, file, identity, accept_unknown_seal) as archive:
        _check_files_fit(settings, archive.manifest)
        with schema_locked(db.engine) as connection:
            _check_empty(connection, archive.manifest)
            load_database(connection, archive.zip, archive.manifest)
            migrate_to_head(connection)
            for name in archive.manifest.files:
                _place_file(settings, archive.zip, name)
    db.engine.dispose()
    return archive.manifest.row_counts


@contextmanager
def opened_archive(
    settings: Settings, file: Path, identity: Path | None, accept_unknown_seal: bool
) -> Iterator[OpenArchive]:
    """Yield an archive once it was decrypted and checked whole. Raises as `restore` does.

    Decrypted, it is a file of SALON_DATA without a name, which ends with the process.
    """
    with _decrypted(settings, file, identity) as plain:
        try:
            check_seal(plain, settings)
        except UnknownSeal:
            if not accept_unknown_seal:
                raise
        if not zipfile.is_zipfile(plain):
            raise BackupRefused("Cette sauvegarde n’est pas une archive. Rien n’a été écrit.")
        with zipfile.ZipFile(plain) as archive:
            manifest = read_manifest(archive)
            if not has_revision(manifest.revision):
                raise BackupRefused(
                    f"Sauvegarde de la révision {manifest.revision}, que ce code ne connaît pas : "
                    "restaurez avec le code qui l’a écrite, ou un plus récent."
                )
            _check_members(archive, manifest)
            yield OpenArchive(archive, manifest)


def _decrypted(settings: Settings, file: Path, identity: Path | None) -> IO[bytes]:
    """Return the archive, decrypted with the identity if it is encrypted."""
    if not is_encrypted(file):
        return file.open("rb")
    if identity is None:
        raise BackupRefused(
            "Cette sauvegarde est chiffrée : donnez le fichier de sa clé par --identity."
        )
    identities = read_identities(identity)
    with ExitStack() as stack:
        plain = stack.enter_context(TemporaryFile(dir=settings.data))
        decrypt_backup(file, plain, identities)
        stack.pop_all()
    return plain


def _check_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for name, expected in manifest.members.items():
        try:
            with archive.open(name) as member:
                digest = _digest(member)
        except zipfile.BadZipFile:
            digest = ""
        if digest != expected:
            raise BackupRefused(f"La sauvegarde est abîmée : {name}. Rien n’a été écrit.")


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _place_file(settings: Settings, archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as member:
        if name in LOCAL_FILES:
            (settings.data / name).write_bytes(member.read())
        else:
            settings.file_store.save(name, cast(BinaryIO, member))


def _check_files_fit(settings: Settings, manifest: Manifest) -> None:
    """A file already here must be the archive's."""
    for name in set(file_names(settings)).intersection(manifest.files):
        with open_file(settings, name) as stream:
            if _digest(stream) != manifest.members[name]:
                raise BackupRefused(f"Un autre fichier est déjà là : {name}.")


def _check_empty(connection: Connection, manifest: Manifest) -> None:
    """No table here may have a row; empty ones of another revision are removed."""
    check_revision_exists(connection)
    counts = row_counts(connection)
    filled = sorted(name for name, rows in counts.items() if rows)
    if filled:
        raise BackupRefused(
            f"La base d’ici n’est pas vide ({', '.join(filled[:3])}…) : "
            "restaurez dans une base vide. Rien n’a été écrit."
        )
    current = current_revision(connection)
    if current is None and counts.keys() & manifest.tables.keys():
        raise BackupRefused(
            "La base d’ici a des tables qu’aucune migration n’a faites : "
            "restaurez dans une base vide. Rien n’a été écrit."
        )
    if current not in (None, manifest.revision):
        migrate(connection, "base")


def load_database(
    connection: Connection, archive: zipfile.ZipFile, manifest: Manifest
) -> list[TableShape]:
    """Load the rows into an empty database, at the revision of the archive, inside the caller's
    transaction; return the tables."""
    migrate(connection, manifest.revision)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    shapes = _shapes_of(connection, manifest)
    empty(connection, shapes)  # what a migration adds is in the archive as well
    with retention(connection):
        for shape in shapes:
            with archive.open(member_of(shape.name)) as lines:
                load_rows(connection, shape, lines)
    check_integrity(connection)
    counts = row_counts(connection)
    if counts != manifest.row_counts:
        differing = sorted(set(counts.items()) ^ set(manifest.row_counts.items()))
        raise BackupRefused(
            f"Le nombre de lignes n’est pas celui du manifeste : {differing[:4]}."
            " Rien n’a été écrit."
        )
    move_sequences(connection, shapes)
    return shapes


def migrate_to_head(connection: Connection) -> None:
    """Bring what was loaded to the revision of this code."""
    migrate(connection, "head")
    check_integrity(connection)


def _shapes_of(connection: Connection, manifest: Manifest) -> list[TableShape]:
    """Return the tables, each with its columns in the order of the archive."""
    shapes = shapes_of(connection)
    kinds = {shape.name: shape.kinds for shape in shapes}
    expected = {name: table.columns for name, table in manifest.tables.items()}
    if kinds != expected:
        names = sorted(kinds.keys() | expected.keys())
        wrong_columns = [name for name in names if kinds.get(name) != expected.get(name)]
        raise BackupRefused(
            f"Les tables de la sauvegarde ne sont pas celles de la révision {manifest.revision} "
            f"({', '.join(wrong_columns[:3])}…). Rien n’a été écrit."
        )
    return [shape.in_order(expected[shape.name]) for shape in shapes]
