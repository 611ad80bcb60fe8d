"""Drill: an archive is restored aside, compared with what it says, and thrown away.

Aside is an SQLite file of a temporary folder, or on PostgreSQL a schema of the same database, in a
transaction that is never committed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from salon.platform.database.db import db
from salon.platform.database.schema import LONGEST_MIGRATION_MS, head_revision
from salon.platform.files.backup.archive import uploads_in, words_of_lost
from salon.platform.files.backup.leftovers import temporary_folder
from salon.platform.files.backup.manifest import Manifest, member_of
from salon.platform.files.backup.restoration import load_database, migrate_to_head, opened_archive
from salon.platform.files.backup.seal import BackupRefused
from salon.platform.files.backup.tables import TableShape, write_rows
from salon.platform.settings.installation import Settings
from salon.platform.words.formats import number, plural

SCHEMA = "salon_drill"


def drill(
    settings: Settings,
    file: Path,
    identity: Path | None = None,
    accept_unknown_seal: bool = False,
) -> Iterator[str]:
    """Yield what each step found, in French. Arguments and errors are those of `restore`."""
    with opened_archive(settings, file, identity, accept_unknown_seal) as archive:
        manifest = archive.manifest
        rows = sum(manifest.row_counts.values())
        made_at = f"{manifest.moment:%Y-%m-%d %H:%M} UTC"
        yield f"Archive : écrite le {made_at}, révision {manifest.revision}"
        yield f"Sceau et empreintes : justes, {plural(len(manifest.members), 'membre')}"
        with _place_aside(settings) as connection:
            shapes = load_database(connection, archive.zip, manifest)
            engine = "SQLite" if settings.is_sqlite else "PostgreSQL"
            yield f"Restauration à part ({engine}) : {number(rows)} lignes, {len(shapes)} tables"
            files = _compare(connection, shapes, manifest)
            yield "Comparaison : chaque ligne est celle de l’archive"
            migrate_to_head(connection)
            yield f"Règles de la base : respectées, jusqu’à la révision {head_revision()}"
        _check_files(files, manifest)
        yield f"Fichiers : {len(manifest.files)}, dont tous ceux que la base nomme ({len(files)})"


@contextmanager
def _place_aside(settings: Settings) -> Iterator[Connection]:
    """Yield a transaction on an empty place, rolled back at its end."""
    if settings.is_sqlite:
        with temporary_folder(".drill-", settings.data) as folder:
            engine = create_engine(f"sqlite:///{folder}/salon.sqlite")
            with engine.connect().execution_options(writes=True) as connection:
                yield connection
            engine.dispose()
        return
    with db.engine.connect() as connection:
        for name in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET LOCAL {name} = {LONGEST_MIGRATION_MS}"))
        try:
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        except ProgrammingError:
            raise BackupRefused(
                f"La base ne laisse pas créer le schéma {SCHEMA} : donnez-en le droit "
                "(GRANT CREATE ON DATABASE), ou faites cet essai ailleurs, sur SQLite."
            ) from None
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        yield connection


def _compare(connection: Connection, shapes: list[TableShape], manifest: Manifest) -> set[str]:
    """Write every row again and compare the digests; return the uploads that rows name."""
    files: set[str] = set()

    def note_files(block: bytes) -> None:
        files.update(uploads_in(block))

    for shape in shapes:
        _, digest = write_rows(connection, shape, note_files)
        if digest != manifest.members[member_of(shape.name)]:
            raise BackupRefused(f"Une fois restaurée, la table {shape.name} n’est plus la même.")
    return files


def _check_files(files: set[str], manifest: Manifest) -> None:
    lost = sorted(files - manifest.members.keys())
    if lost:
        raise BackupRefused(f"{words_of_lost(lost)}.")
