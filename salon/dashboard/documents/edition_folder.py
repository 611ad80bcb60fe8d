"""Write a whole edition as a folder of readable files; no person."""

import shutil
from pathlib import Path

from salon.appointments.documents.edition_folder import write_appointments
from salon.entrance.documents.edition_folder import write_entrance
from salon.exhibitors.documents.edition_folder import write_exhibitors
from salon.fair.documents.edition_folder import write_fair
from salon.fair.models import Edition
from salon.platform.clock import in_zone
from salon.platform.errors import BadInput
from salon.staffing.documents.edition_folder import write_staffing


class FolderNotEmpty(BadInput):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"Le dossier {folder} n’est pas vide : rien n’a été écrit.")


def write_folder(edition: Edition, folder: Path, data: Path) -> None:
    """Write the edition in a new or empty folder; its public documents come from `data`.

    The folder appears whole, or not at all. Raises FolderNotEmpty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder)
    draft = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with in_zone(edition.time_zone):
        write_fair(edition, draft, data)
        write_exhibitors(edition, draft)
        write_entrance(edition, draft)
        write_staffing(edition, draft)
        write_appointments(edition, draft)
    if folder.exists():
        folder.rmdir()
    draft.rename(folder)
