"""A fair that is over, with something in each dataset; and readers of what it publishes."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from frictionless import Package
from rdflib import Graph

from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionState, ProgrammeItem, Room
from salon.fair.queries import themes_of
from salon.open_data.documents.catalogue import Catalogue
from salon.open_data.documents.files import release_files
from salon.open_data.engine import Addresses, Dataset, ReleaseFile
from salon.open_data.queries.datasets import datasets_of
from salon.platform.database.db import current_session, transaction
from tests.entrance.people import NINE, item, make_badges, make_station
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import make_edition, make_places, new_key
from tests.staffing.make import make_village

SITE = "https://salon.example"
DAY = date(2021, 10, 1)
PAGE = "/editions/2021/donnees-ouvertes"
SETTINGS_PAGE = "/organisation/donnees-ouvertes"
HOSTILE = "=HYPERLINK(1)"


def past_fair(**overrides: Any) -> Edition:
    """Fourteen people let in, two exhibitors at the catalogue, a moment of the programme."""
    make_places()
    edition = make_edition(slug="2021", day=DAY, state=EditionState.HELD, **overrides)
    station = make_station(edition)
    people = [{}] * 7 + [{"category": "press"}] + [{"epci_siren": "200066348"}] * 6
    badges = make_badges(edition, [_placed(person) for person in people])
    minutes = [1, 2, 3, 4, 5, 16, 17, 31, 46, 47, 48, 49, 50, 95]
    batch = [item(badge.code, at) for badge, at in zip(badges, minutes, strict=True)]
    record_scans(station, edition.id, batch, NINE + timedelta(hours=3))
    current_session().rollback()
    village = make_village(edition)
    stand = make_stand(make_hall(edition, name="2"), number="12")
    make_exhibitor(edition, name="Éclairage", stand=stand, website="https://eclairage.example/")
    make_exhibitor(edition, name=HOSTILE, presentation='-1;\n"x"')
    with transaction() as session:
        room = Room(edition_id=edition.id, name="Salle A")
        session.add(room)
        session.flush()
        session.add(
            ProgrammeItem(
                edition_id=edition.id,
                starts_at=NINE,
                ends_at=NINE + timedelta(hours=1),
                title="Ouverture",
                room_id=room.id,
                theme_id=village.themes["SDIS 34"].id,
                speakers=[{"name": "Mme Claire Roux", "role": "maire"}],
            )
        )
    return edition


def let_in_more(edition: Edition, count: int, minute: int = 2) -> None:
    """Let in so many people of the commune and category of the first seven, all at a minute."""
    station = make_station(edition, name=f"Porte {new_key()}")
    batch = [item(badge.code, minute) for badge in make_badges(edition, [{}] * count)]
    record_scans(station, edition.id, batch, NINE + timedelta(hours=3))
    current_session().rollback()


def _placed(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "commune_code": None} if "epci_siren" in person else person


def addresses_of(edition: Edition) -> Addresses:
    return Addresses(
        catalogue=f"{SITE}/e/2021/exposants",
        page=SITE + PAGE,
        theme_pages={row.slug: f"{SITE}/e/2021/village/{row.slug}" for row in themes_of(edition)},
    )


def datasets_by_key(edition: Edition) -> dict[str, Dataset]:
    datasets = datasets_of(edition, addresses_of(edition), edition.ends_at)
    return {dataset.key: dataset for dataset in datasets}


def files_of(edition: Edition, number: int = 1) -> dict[str, ReleaseFile]:
    """Return the files of a version with every dataset that has rows."""
    datasets = [row for row in datasets_by_key(edition).values() if not row.is_empty]
    catalogue = Catalogue(
        edition, number, addresses_of(edition), f"{SITE}/mentions-legales", edition.ends_at
    )
    return {file.name: file for file in release_files(catalogue, datasets)}


def save_files(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def check_package(folder: Path) -> list[str]:
    """Validate each table of a Data Package against its schema; return their names."""
    package = Package(str(folder / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])
    return [resource.name for resource in package.resources]


def graph_of(turtle: bytes) -> Graph:
    return Graph().parse(data=turtle, format="turtle")
