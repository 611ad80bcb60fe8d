"""Manifest of an archive: what it must hold, and how each table was written.

`docs/backup-format.md` describes the whole format.
"""

import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime

from salon.platform.files.backup.kinds import KINDS
from salon.platform.files.backup.seal import BackupRefused
from salon.platform.storage.store import NAME

FORMAT = 3
MANIFEST = "manifest.json"
TABLES = "tables"
LOCAL_FILES = ("clock.json",)
"""Files of SALON_DATA. Without its clock, a demonstration restored would wake up years late."""


@dataclass(frozen=True)
class TableContent:
    """Columns of a table, each with its kind, in the order of each row, and the row count."""

    columns: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """`members` is the SHA-256 of each member of the archive, but the manifest itself."""

    format: int
    revision: str
    made_at: str
    tables: dict[str, TableContent]
    members: dict[str, str]

    @property
    def files(self) -> list[str]:
        """Return the members that are files: those of the store, and LOCAL_FILES."""
        return [name for name in self.members if not name.startswith(f"{TABLES}/")]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def row_counts(self) -> dict[str, int]:
        return {name: table.rows for name, table in self.tables.items()}

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1)


def member_of(table: str) -> str:
    """Return the name of the member with the rows of a table."""
    return f"{TABLES}/{table}.jsonl"


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest of an archive that holds exactly what it says. Raises BackupRefused."""
    manifest = _parse(archive)
    if sorted(archive.namelist()) != sorted([*manifest.members, MANIFEST]):
        raise BackupRefused("La sauvegarde ne contient pas ce que dit son manifeste.")
    tables = {name for name in manifest.members if name not in manifest.files}
    if tables != {member_of(name) for name in manifest.tables}:
        raise BackupRefused("La sauvegarde ne contient pas les tables que dit son manifeste.")
    for name in manifest.files:
        if not (NAME.fullmatch(name) or name in LOCAL_FILES):
            raise BackupRefused(f"La sauvegarde contient un chemin refusé : {name!r}.")
    return manifest


def _parse(archive: zipfile.ZipFile) -> Manifest:
    try:
        values = json.loads(archive.read(MANIFEST))
        if (number := values["format"]) != FORMAT:
            raise BackupRefused(f"Format {number} inconnu : ce code lit le format {FORMAT}.")
        tables = {name: TableContent(**table) for name, table in values.pop("tables").items()}
        manifest = Manifest(tables=tables, **values)
        _ = manifest.moment
        kinds = {kind for table in tables.values() for kind in table.columns.values()}
    except (KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile):
        raise BackupRefused("La sauvegarde n’a pas de manifeste lisible.") from None
    if unknown := kinds - KINDS.keys():
        raise BackupRefused(f"La sauvegarde a des colonnes de nature inconnue : {unknown}.")
    return manifest
