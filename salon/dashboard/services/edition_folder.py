"""A whole edition as a folder of readable files: written, and loaded; no person."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from salon.appointments.documents.edition_folder import write_appointments
from salon.appointments.services.loading import load_bookings
from salon.badges.documents.edition_folder import write_badges
from salon.badges.documents.registration_folder import write_registration
from salon.badges.services import load_department, load_places
from salon.badges.services.registration_loading import load_registration
from salon.badges.services.settings import load_settings as load_badges
from salon.billing.documents.edition_folder import write_prices
from salon.entrance.documents.edition_folder import write_entrance
from salon.entrance.services import loading as entrance
from salon.exhibitors.documents.edition_folder import write_exhibitors
from salon.exhibitors.services.loading import load_terms
from salon.fair.documents.edition_folder import write_fair
from salon.fair.models import Edition
from salon.fair.services import load_edition
from salon.fair.services.acts import FairAct
from salon.fair.services.messages import load_messages
from salon.platform.database.act import Act
from salon.platform.database.db import unit_of_work
from salon.platform.settings.clock import in_zone
from salon.platform.storage.store import FileStore
from salon.platform.words.errors import BadInput
from salon.staffing.documents.edition_folder import write_staffing
from salon.staffing.services import loading as staffing


class SettingOutOfBounds(BadInput):
    message = "Un nombre de ce dossier sort de ses limites : rien n’a été chargé."


class FolderNotEmpty(BadInput):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"Le dossier {folder} n’est pas vide : rien n’a été écrit.")


@dataclass(frozen=True)
class LoadedEdition:
    """An edition just loaded, and the communes and EPCI loaded with it."""

    edition: Edition
    communes: int
    epcis: int


def load_folder(act: Act, folder: Path) -> LoadedEdition:
    """Load the edition of a folder, all or nothing, without opening it; no person.

    Raises EditionAlreadyLoaded, FileNotUnderstood, SettingOutOfBounds, and the errors of the rules
    that the files break.
    """
    try:
        with unit_of_work():
            edition = load_edition(act, folder)
            with in_zone(edition.time_zone):
                load_registration(edition, folder)
                load_messages(edition, folder)
                load_terms(FairAct.of(act, edition), folder)
                load_badges(edition, folder)
                entrance.load_zones(FairAct.of(act, edition), folder)
                entrance.load_settings(edition, folder)
                staffing.load_settings(edition, folder)
                staffing.load_needs_of(FairAct.of(act, edition), folder)
                load_bookings(FairAct.of(act, edition), folder)
            communes, epcis = _load_places(act, folder, edition.department)
    except IntegrityError as error:
        raise SettingOutOfBounds from error
    return LoadedEdition(edition, communes, epcis)


def write_folder(edition: Edition, folder: Path, store: FileStore) -> None:
    """Write the edition in a new or empty folder; its public documents come from `store`.

    The folder appears whole, or not at all. Raises FolderNotEmpty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder)
    draft = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with in_zone(edition.time_zone):
        write_fair(edition, draft, store)
        write_registration(edition, draft)
        write_exhibitors(edition, draft)
        write_prices(edition, draft)
        write_badges(edition, draft)
        write_entrance(edition, draft)
        write_staffing(edition, draft)
        write_appointments(edition, draft)
    if folder.exists():
        folder.rmdir()
    draft.rename(folder)


def _load_places(act: Act, folder: Path, department: str) -> tuple[int, int]:
    """Load the communes listed beside the folder, else those of the edition's département."""
    if (folder.resolve().parent / "communes.csv").exists():
        return load_places(act, folder.resolve().parent)
    return load_department(act, department) if department else (0, 0)
