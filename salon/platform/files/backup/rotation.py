"""Backups of a folder: each named by its moment, the oldest deleted."""

import re
from datetime import UTC, datetime
from pathlib import Path

from salon.platform.files.backup.seal import BackupRefused

DATED = re.compile(r"salon-\d{8}-\d{6}\.(zip|age)")


def dated_file(folder: Path, is_encrypted: bool, moment: datetime) -> Path:
    """Return the name of a backup made now: names sort as their moments do."""
    suffix = "age" if is_encrypted else "zip"
    return folder / f"salon-{moment.astimezone(UTC):%Y%m%d-%H%M%S}.{suffix}"


def latest_backup(folder: Path) -> Path:
    """Return the latest dated backup of a folder. Raises BackupRefused when it has none."""
    backups = _dated(folder)
    if not backups:
        raise BackupRefused(f"Le dossier {folder} n’a aucune sauvegarde nommée par son moment.")
    return backups[-1]


def delete_oldest(folder: Path, keep: int) -> list[Path]:
    """Delete all dated backups but the latest `keep`; other files stay. Return the deleted."""
    backups = _dated(folder)
    oldest = backups[: max(0, len(backups) - keep)]
    for path in oldest:
        path.unlink()
    return oldest


def _dated(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if DATED.fullmatch(path.name)]
