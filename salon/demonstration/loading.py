"""Loading of the demonstration into an empty database, through the services: it obeys the rules."""

import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from salon.accounts.services import stations
from salon.appointments.services.loading import load_bookings
from salon.badges import queries as places
from salon.badges.engine.matching import Affiliation, place_key
from salon.badges.models import HalfDay
from salon.badges.services import Person, load_places, register_visitors
from salon.demonstration.arrivals import play_arrivals
from salon.demonstration.exhibitors import load_exhibitors
from salon.demonstration.inventing import make_up_exhibitors
from salon.demonstration.meetings import load_appointments
from salon.demonstration.services import load_accounts, moments_of, organiser_identity
from salon.demonstration.village import load_village, make_up_agents
from salon.entrance.services.loading import load_zones
from salon.exhibitors.services.loading import load_terms
from salon.fair.imports.seed_tables import read_table
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.fair.services import load_edition, open_edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.demonstration_state import mark_as_demonstration
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import clock
from salon.platform.web.access import settings

EDITIONS = ("2018", "2021")
FIRST_MOMENT = "opening"
LARGEST_GROUP = 8
PROGRESS_EVERY = 1_000
SEED = 34

Say = Callable[[str], None]


def load_demonstration(
    folder: Path, visitors: int, say: Say, exhibitors: int = 0, agents: int = 0
) -> None:
    """Load places, editions, accounts, the invented people; then made-up ones in numbers."""
    mark_as_demonstration()
    communes, epcis = load_places(Act(SYSTEM), folder)
    say(f"{communes} communes, {epcis} EPCI")
    editions = [load_edition(Act(SYSTEM), folder / name) for name in EDITIONS]
    current = editions[-1]
    open_edition(Act(SYSTEM), current.id)
    say(f"{current.name} ({current.day_label})")
    load_accounts(current)
    zones = load_zones(FairAct(organiser_identity(), edition=current), folder / current.slug)
    say(f"{zones} zones, avec leurs portes")
    _load_exhibitors(current, folder, exhibitors, say)
    load_village(current, folder / current.slug, organiser_identity(), say)
    topics = load_bookings(FairAct(organiser_identity(), edition=current), folder / current.slug)
    say(f"{topics} besoins, en mots de maire")
    if agents:
        make_up_agents(current, folder / "names.csv", agents, organiser_identity(), say)
    stations.create_station(Act(SYSTEM), "Entrée A", "A", current.id)
    opened_at = current.registration_opens_at + timedelta(days=7)
    count = _register_people(folder / "people.csv", opened_at)
    say(f"{count} personnes inscrites")
    meetings = load_appointments(current, folder / current.slug)
    say(f"{meetings} rendez-vous")
    if visitors:
        _make_up_visitors(folder / "names.csv", visitors, current.starts_at, opened_at, say)
    if clock.path is not None:
        first = next(moment for moment in moments_of(current) if moment.key == FIRST_MOMENT)
        clock.jump(first.at)
        play_arrivals(current, first.at)


def _load_exhibitors(edition: Edition, folder: Path, extra: int, say: Say) -> None:
    terms = load_terms(FairAct(SYSTEM, edition=edition), folder / edition.slug)
    assert terms is not None
    organiser = organiser_identity()
    opened_at = terms.applications_open_at
    count = load_exhibitors(edition, folder / edition.slug, opened_at, organiser, settings())
    say(f"{count} exposants")
    if extra:
        make_up_exhibitors(edition, folder, extra, opened_at, organiser, say)


def _register_people(path: Path, at: datetime) -> int:
    place_by_code = {place.commune_code or place.epci_siren: place for place in places.all_places()}
    count = 0
    lines = (row.cells for row in read_table(path, "dossier"))
    for _, rows in groupby(lines, key=lambda row: row["dossier"]):
        people = [
            Person(
                first_name=row["prenom"],
                last_name=row["nom"],
                civility=row["civilite"],
                function=row["fonction"],
                function_other=row["fonction_autre"],
                place=place_by_code.get(row["commune"] or row["epci"])
                or Affiliation(row["organisation"]),
                email=row["courriel"],
                phone=row["telephone"],
                half_day=row["demi_journee"],
                needs=[row["besoins"]] if row["besoins"] else [],
                category=row["categorie"] or None,
                is_vip=row["vip"] == "oui",
            )
            for row in rows
        ]
        register_visitors(
            FairAct(SYSTEM, at, edition=get_public_edition()),
            people[0].email,
            people,
            str(uuid.uuid4()),
        )
        count += len(people)
        at += timedelta(hours=7)
    return count


def _make_up_visitors(path: Path, count: int, until: datetime, since: datetime, say: Say) -> None:
    """Register groups of 1 to LARGEST_GROUP people of a commune, the same at each run."""
    chance = random.Random(SEED)
    invention = _Invention(path, chance)
    communes = [place for place in places.all_places() if place.commune_code]
    spread = (until - since) / count
    registered_count = 0
    while registered_count < count:
        commune = chance.choice(communes)
        size = min(chance.randint(1, LARGEST_GROUP), count - registered_count)
        email = f"mairie@{place_key(commune.name).replace(' ', '-')}.example"
        group = [invention.person(commune, email) for _ in range(size)]
        key, at = str(uuid.uuid4()), since + spread * registered_count
        registration = register_visitors(
            FairAct(SYSTEM, at, edition=get_public_edition()), email, group, key, notify=False
        )
        before = registered_count // PROGRESS_EVERY
        registered_count += len(registration.added)
        if registered_count // PROGRESS_EVERY > before or registered_count == count:
            say(f"{registered_count} visiteurs sur {count}")


class _Invention:
    """Generator of people from names.csv, each item as often as its weight."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.chance = chance
        rows = [row.cells for row in read_table(path, "sorte", "poids")]
        self.items = {
            sort: [row for row in rows if row["sorte"] == sort]
            for sort in ("prénom", "nom", "fonction")
        }
        self.weights = {
            sort: [int(row["poids"]) for row in rows] for sort, rows in self.items.items()
        }

    def draw(self, sort: str) -> dict[str, str]:
        return self.chance.choices(self.items[sort], self.weights[sort])[0]

    def person(self, place: Affiliation, email: str) -> Person:
        first = self.draw("prénom")
        return Person(
            first_name=first["valeur"],
            last_name=self.draw("nom")["valeur"],
            civility=first["civilite"],
            function=self.draw("fonction")["valeur"],
            place=place,
            email=email,
            half_day=self.chance.choice(list(HalfDay)),
        )
