"""Files without a row are removed, and no others."""

import os
from datetime import timedelta
from pathlib import Path

from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.files.uploads import save_file
from salon.platform.storage.folder import FolderStore
from salon.stored_files import ORPHANS_AT_ONCE, remove_orphans
from tests.exhibitor_space.records import NOW, give, stored
from tests.exhibitors.make import make_exhibitor


def test_files_without_a_row_go_after_a_day(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    document = give(exhibitor, tmp_path)
    logo = save_file(FolderStore(tmp_path), b"logo", ".webp")
    with transaction(exhibitor):
        exhibitor.logo_file = logo
    old, young = (save_file(FolderStore(tmp_path), b"perdu", ".pdf") for _ in range(2))
    for name in (document.stored_name, logo, old):
        os.utime(tmp_path / "uploads" / name, (0, 0))
    assert remove_orphans(FolderStore(tmp_path), NOW) == 1
    assert stored(tmp_path) == sorted([document.stored_name, logo, young])
    assert remove_orphans(FolderStore(tmp_path), NOW + timedelta(days=2)) == 1
    assert remove_orphans(FolderStore(tmp_path / "ailleurs"), NOW) == 0


def test_the_files_of_another_database_are_left_alone(edition: Edition, tmp_path: Path) -> None:
    """An empty database over a full folder: every file looks like an orphan."""
    names = [
        save_file(FolderStore(tmp_path), b"dossier", ".pdf") for _ in range(ORPHANS_AT_ONCE + 1)
    ]
    for name in names:
        os.utime(tmp_path / "uploads" / name, (0, 0))
    assert remove_orphans(FolderStore(tmp_path), NOW) == 0
    assert stored(tmp_path) == sorted(names)
