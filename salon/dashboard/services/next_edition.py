"""Prepare an edition from an earlier one: what it is made of, on other days.

No person is taken over but the agents who agreed.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from salon.appointments.queries.visits import measured_stands
from salon.dashboard.services.edition_folder import load_folder, write_folder
from salon.fair.documents.edition_files import write_toml
from salon.fair.imports.seed_tables import dates_moved, read_toml
from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.fair.services.acts import FairAct
from salon.fair.services.programme import draft_programme
from salon.platform.database.consequences import Standing
from salon.platform.database.db import unit_of_work
from salon.platform.settings.clock import in_zone
from salon.platform.storage.store import FileStore
from salon.platform.words.errors import BadInput
from salon.staffing.services.needs import raise_needs
from salon.staffing.services.next_edition import take_over_agents


class DayNotLater(BadInput):
    message = "Le premier jour doit venir après celui de l’édition que vous reprenez."


@dataclass(frozen=True)
class NextEdition:
    """The names and first day of the next edition; its other dates move by as many days."""

    slug: str
    name: str
    short_name: str
    first_day: date


def prepare_next_edition(act: FairAct, choice: NextEdition, store: FileStore) -> Edition:
    """Make a draft of the next edition, with the agents who agreed and needs as measured: all of
    it, or nothing. Its programme is a draft, which outlives the opening of the edition.

    Raises DayNotLater, EditionAlreadyLoaded.
    """
    moved_by = choice.first_day - act.edition.days[0].day_on
    if moved_by.days <= 0:
        raise DayNotLater
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / choice.slug
        write_folder(act.edition, folder, store)
        values = read_toml(folder / "edition.toml")
        names = {"nom": choice.name, "nom_court": choice.short_name, "textes": act.edition.texts}
        names["situation"] = Standing.AS_PLANNED.value
        write_toml(folder / "edition.toml", {**values, "identifiant": choice.slug, **names})
        with unit_of_work():
            with dates_moved(moved_by):
                following = load_folder(act, folder).edition
            draft_programme(following)
            take_over_agents(FairAct.of(act, following), act.edition)
            take_over_visits(FairAct.of(act, following), act.edition)
    return following


def take_over_visits(act: FairAct, past_edition: Edition) -> int:
    """Raise the needs of the stands to the visits measured in the past edition; return the number
    of half hours raised."""
    with in_zone(past_edition.time_zone):
        measured = measured_stands(past_edition)
    stands = {body.slug: body.stand_id for body in bodies_of(act.edition)}
    busy = {
        stands[stand.body.slug]: stand.in_edition(act.edition)
        for stand in measured
        if stand.body.slug in stands
    }
    return raise_needs(act, busy)
