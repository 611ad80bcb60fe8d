"""Backups: one sealed archive with the database and the files, and its restore.

The archive is a zip file: the database (an SQLite file, or the output of pg_dump), the files of
FOLDERS, and manifest.json with the revision, the rows of each table and the SHA-256 of each member.
The comment of the zip is its seal, under the secret key, which is never in it: after a restore
elsewhere people sign in again, and organisers set up their second factor anew. It may be encrypted.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any

import psycopg
from sqlalchemy import URL

from salon.platform.backup.encryption import (
    decrypt_backup,
    encrypt_backup,
    is_encrypted,
    read_identities,
    read_recipients,
)
from salon.platform.backup.seal import (
    BLOCK,
    SEAL_LENGTH,
    BackupRefused,
    UnknownSeal,
    check_seal,
    write_seal,
)
from salon.platform.clock import real_now
from salon.platform.db import db
from salon.platform.schema import head_revision
from salon.platform.settings import Settings

FORMAT = 2
MANIFEST = "manifest.json"
DATABASE = "database"
FOLDERS = ("print_runs", "uploads")
FILES = ("clock.json",)
"""Without its clock, a demonstration restored would wake up years after its fair."""


@dataclass(frozen=True)
class Manifest:
    """Manifest of an archive; `members` is name → SHA-256, `tables` name → rows."""

    format: int
    engine: str
    revision: str
    made_at: str
    tables: dict[str, int]
    members: dict[str, str]


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
        _write_archive(settings, Path(folder) / DATABASE, draft)
        write_seal(draft, settings.secret_key)
        if keys:
            encrypt_backup(draft, Path(place) / "encrypted", keys)
            draft = Path(place) / "encrypted"
        draft.chmod(0o600)
        draft.replace(file)
    _sync_folder(beside)


def _write_archive(settings: Settings, dump: Path, draft: Path) -> None:
    revision, tables = (_dump_sqlite if settings.is_sqlite else _dump_postgres)(dump)
    if revision is None:
        raise BackupRefused("La base n’est pas migrée : salon migrate")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        members = {DATABASE: _put(archive, DATABASE, dump)}
        for name, path in _files(settings.data):
            try:
                members[name] = _put(archive, name, path)
            except FileNotFoundError:
                continue  # deleted since it was listed
        engine, made_at = db.engine.dialect.name, real_now().isoformat()
        manifest = Manifest(FORMAT, engine, revision, made_at, tables, members)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        archive.comment = b"0" * SEAL_LENGTH


def restore(
    settings: Settings,
    file: Path,
    identity: Path | None = None,
    accept_unknown_seal: bool = False,
) -> dict[str, int]:
    """Restore into an empty place; return the rows of each table.

    `identity`: a file of private keys, for an encrypted archive. Everything is checked before the
    first write. Raises BackupRefused; UnknownSeal, unless accepted, when another key sealed it.
    """
    with TemporaryDirectory(prefix=".restore-", dir=settings.data) as folder:
        plain = _decrypted(file, identity, Path(folder))
        try:
            check_seal(plain, settings)
        except UnknownSeal:
            if not accept_unknown_seal:
                raise
        if not zipfile.is_zipfile(plain):
            raise BackupRefused("Cette sauvegarde n’est pas une archive. Rien n’a été écrit.")
        with zipfile.ZipFile(plain) as archive:
            tables = _restore_archive(settings, archive, Path(folder) / "members")
    db.engine.dispose()
    return tables


def _decrypted(file: Path, identity: Path | None, folder: Path) -> Path:
    """Return the path of the archive, decrypted with the identity if it is encrypted."""
    if not is_encrypted(file):
        return file
    if identity is None:
        raise BackupRefused(
            "Cette sauvegarde est chiffrée : donnez le fichier de sa clé par --identity."
        )
    decrypt_backup(file, folder / "archive", read_identities(identity))
    return folder / "archive"


def _restore_archive(settings: Settings, archive: zipfile.ZipFile, folder: Path) -> dict[str, int]:
    manifest = _read_manifest(archive)
    _check_fits(manifest)
    _unpack(archive, manifest, folder)
    _check_empty(settings, manifest)
    for name in manifest.members:
        if name != DATABASE:
            (settings.data / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(settings.data / name)
    dump = folder / DATABASE
    return (_load_sqlite if settings.is_sqlite else _load_postgres)(dump, manifest)


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Add a file to the archive; return its SHA-256."""
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
        return _copy(source, member)


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def _files(data: Path) -> Iterator[tuple[str, Path]]:
    yield from ((name, data / name) for name in FILES if (data / name).is_file())
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(data).as_posix(), path


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except (KeyError, TypeError, ValueError):
        raise BackupRefused("La sauvegarde n’a pas de manifeste lisible.") from None
    if sorted(names) != sorted([*manifest.members, MANIFEST]) or DATABASE not in names:
        raise BackupRefused("La sauvegarde ne contient pas ce que dit son manifeste.")
    for name in manifest.members:
        path = PurePosixPath(name)
        inside = path.parts[0] in FOLDERS and ".." not in path.parts and not path.is_absolute()
        inside = inside or name in FILES
        if name != DATABASE and not (inside and str(path) == name):
            raise BackupRefused(f"La sauvegarde contient un chemin refusé : {name!r}.")
    return manifest


def _check_fits(manifest: Manifest) -> None:
    """The archive must be of this format, this engine and this revision of the code."""
    head, engine = head_revision(), db.engine.dialect.name
    if manifest.format != FORMAT:
        raise BackupRefused(f"Format {manifest.format} inconnu : ce code lit le format {FORMAT}.")
    if manifest.engine != engine:
        raise BackupRefused(f"Sauvegarde de {manifest.engine}, mais la base d’ici est {engine}.")
    if manifest.revision != head:
        raise BackupRefused(
            f"Sauvegarde de la révision {manifest.revision}, mais ce code attend {head} : "
            "restaurez avec le code de cette révision, puis migrez."
        )


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    for name, expected in manifest.members.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(name) as member, target.open("wb") as stream:
                digest = _copy(member, stream)
        except zipfile.BadZipFile:
            digest = ""
        if digest != expected:
            raise BackupRefused(f"La sauvegarde est abîmée : {name}. Rien n’a été écrit.")


def _check_empty(settings: Settings, manifest: Manifest) -> None:
    """No table here may have a row; a file already here must be the archive's."""
    for name, expected in manifest.members.items():
        path = settings.data / name
        if name != DATABASE and path.exists():
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                    raise BackupRefused(f"Un autre fichier est déjà là : {path}.")
    _, tables = _facts_of_sqlite(_sqlite_path()) if settings.is_sqlite else _facts_of_postgres()
    filled = [name for name, rows in tables.items() if rows]
    if filled:
        raise BackupRefused(
            f"La base d’ici n’est pas vide ({', '.join(sorted(filled)[:3])}…) : "
            "restaurez dans une base vide. Rien n’a été écrit."
        )


def _facts(connection: Any, list_tables: str) -> tuple[str | None, dict[str, int]]:
    """Return the revision of a database and the row count of each of its tables."""
    names = sorted(name for (name,) in connection.execute(list_tables).fetchall())
    revision = None
    if "alembic_version" in names:
        names.remove("alembic_version")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = row[0] if row else None
    count = 'SELECT count(*) FROM "{}"'
    return revision, {name: connection.execute(count.format(name)).fetchone()[0] for name in names}


def _check_rows(row_counts: dict[str, int], manifest: Manifest) -> dict[str, int]:
    if row_counts != manifest.tables:
        wrong = sorted(set(row_counts.items()) ^ set(manifest.tables.items()))
        raise BackupRefused(f"Le nombre de lignes n’est pas celui du manifeste : {wrong[:4]}.")
    return row_counts


# SQLite

SQLITE_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


def _sqlite_path() -> Path:
    return Path(db.engine.url.database or "")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _facts_of_sqlite(path: Path) -> tuple[str | None, dict[str, int]]:
    if not path.exists():
        return None, {}
    with closing(_read_only(path)) as connection:
        return _facts(connection, SQLITE_TABLES)


def _dump_sqlite(target: Path) -> tuple[str | None, dict[str, int]]:
    """Copy by SQLite's online backup: one consistent moment, writers go on."""
    if not _sqlite_path().exists():
        raise BackupRefused(f"Il n’y a pas de base à {_sqlite_path()}.")
    with closing(_read_only(_sqlite_path())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        return _facts(copy, SQLITE_TABLES)


def _load_sqlite(dump: Path, manifest: Manifest) -> dict[str, int]:
    with closing(sqlite3.connect(dump)) as source:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupRefused("La base de la sauvegarde est abîmée. Rien n’a été écrit.")
        _check_rows(_facts(source, SQLITE_TABLES)[1], manifest)
        with closing(sqlite3.connect(_sqlite_path())) as target:
            source.backup(target)
            return _check_rows(_facts(target, SQLITE_TABLES)[1], manifest)


# PostgreSQL

POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def _address() -> tuple[str, dict[str, str]]:
    """Return the address of the database for libpq without its password, and the environment with
    it."""
    url: URL = db.engine.url.set(drivername="postgresql")
    environment = {**os.environ, "PGPASSWORD": url.password or os.environ.get("PGPASSWORD", "")}
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    return plain.render_as_string(), environment


def _connect() -> psycopg.Connection[Any]:
    address, environment = _address()
    connection = psycopg.connect(address, password=environment["PGPASSWORD"] or None)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def _facts_of_postgres() -> tuple[str | None, dict[str, int]]:
    with _connect() as connection:
        return _facts(connection, POSTGRES_TABLES)


def _dump_postgres(target: Path) -> tuple[str | None, dict[str, int]]:
    """Run pg_dump and count rows in one snapshot."""
    address, environment = _address()
    with _connect() as connection:
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run(environment, "pg_dump", *options, f"--file={target}", f"--dbname={address}")
        return _facts(connection, POSTGRES_TABLES)


def _load_postgres(dump: Path, manifest: Manifest) -> dict[str, int]:
    address, environment = _address()
    options = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists"]
    options += ["--no-owner", "--no-privileges"]
    _run(environment, "pg_restore", *options, f"--dbname={address}", str(dump))
    return _check_rows(_facts_of_postgres()[1], manifest)


def _run(environment: dict[str, str], program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, found in $PG_BIN or in the PATH."""
    executable = shutil.which(program, path=environment.get("PG_BIN"))
    if executable is None:
        raise BackupRefused(
            f"{program} est introuvable : installez le client de PostgreSQL, "
            "ou donnez son dossier dans PG_BIN."
        )
    done = subprocess.run([executable, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupRefused(
            f"{program} a échoué : {done.stderr.strip()[:500]} "
            "(sa version ne peut pas être plus ancienne que celle du serveur : voyez PG_BIN)"
        )
