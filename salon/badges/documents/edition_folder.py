"""Files of the badges in an edition's folder; `services.settings` reads them."""

from pathlib import Path

from salon.badges.queries.settings import settings_of
from salon.badges.services.settings import FILE, KEYS
from salon.fair.documents.edition_files import write_columns
from salon.fair.models import Edition


def write_badges(edition: Edition, folder: Path) -> None:
    """Write the papers, the printed lines and the colours of the categories."""
    write_columns(folder / FILE, settings_of(edition.id), KEYS)
