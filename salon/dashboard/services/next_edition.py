"""Prepare an edition from an earlier one: what it is made of, on other days.

No person is taken over but the agents who agreed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from salon.dashboard.services.edition_folder import load_folder, write_folder
from salon.fair.documents.edition_files import write_toml
from salon.fair.imports.seed_tables import dates_moved, read_toml
from salon.fair.models import Edition
from salon.platform.consequences import Standing
from salon.platform.errors import BadInput
from salon.platform.identity import Identity
from salon.staffing.services.next_edition import take_over_agents


class DayNotLater(BadInput):
    message = "Le premier jour doit venir après celui de l’édition que vous reprenez."


@dataclass(frozen=True)
class NextEdition:
    """What is chosen; every date moves by as many days as the first one, deadlines included."""

    slug: str
    name: str
    short_name: str
    first_day: date


def prepare_next_edition(
    edition: Edition, choice: NextEdition, data: Path, now: datetime, actor: Identity
) -> Edition:
    """Make a draft of the next edition, with the agents who agreed.

    Raises DayNotLater, EditionAlreadyLoaded.
    """
    moved_by = choice.first_day - edition.days[0].day_on
    if moved_by.days <= 0:
        raise DayNotLater
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / choice.slug
        write_folder(edition, folder, data)
        values = read_toml(folder / "edition.toml")
        names = {"nom": choice.name, "nom_court": choice.short_name, "textes": edition.texts}
        names["situation"] = Standing.AS_PLANNED.value
        write_toml(folder / "edition.toml", {**values, "identifiant": choice.slug, **names})
        with dates_moved(moved_by):
            following = load_folder(folder, actor).edition
    take_over_agents(edition, following, now, actor)
    return following
